using System.Runtime.InteropServices;

namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>Where the tests run: the repository, what was built, and what the caller asks for.</summary>
public static class Surroundings
{
    private static readonly string[] NotPartOfAClone = ["bin", "obj", "artifacts", "dist", "__pycache__", "TestResults", "BenchmarkDotNet.Artifacts", ".git", ".vs", ".idea"];

    private static readonly string[] Wishes = (Environment.GetEnvironmentVariable("LAYERPEELED_DOCS") ?? "").Split(',', StringSplitOptions.TrimEntries);

    /// <summary>Blocks marked as slow are run too: LAYERPEELED_DOCS=slow.</summary>
    public static bool RunsSlowBlocks => Wishes.Contains("slow");

    /// <summary>Outputs and pictures that have changed are rewritten: LAYERPEELED_DOCS=update.</summary>
    public static bool Updates => Wishes.Contains("update");

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The built tool.</summary>
    public static string Tool { get; } = Path.Combine(AppContext.BaseDirectory, "layerpeeled.dll");

    /// <summary>The folder that Python finds the package in.</summary>
    public static string PythonPackage { get; } = Path.Combine(Root, "src", "LayerPeeled.Python");

    /// <summary>The native library: what the caller names, or what build/native-library.sh has made. Where there is none, importing the package fails, and its programs are skipped.</summary>
    public static string NativeLibrary { get; } = Environment.GetEnvironmentVariable("LAYERPEELED_LIBRARY")
        ?? Path.Combine(Root, "artifacts", "native", "lib", "liblayerpeeled.so");

    /// <summary>The program that starts .NET programs.</summary>
    public static string DotnetHost { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
        // Above shared/Microsoft.NETCore.App/10.0.0.
        ?? Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>Every page that is held to what it shows.</summary>
    public static IReadOnlyList<string> PageNames { get; } =
        ["README.md", "CONTRIBUTING.md", "src/LayerPeeled.Solver/README.md", "src/LayerPeeled.Data/README.md", "src/LayerPeeled.Cli/README.md",
            .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Select(file => "docs/" + Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static Page ReadPage(string name) => new(name, File.ReadAllText(Path.Combine(Root, name)));

    /// <summary>Copies the repository without what was built in it.</summary>
    /// <param name="target">A folder that exists.</param>
    public static void CopyCloneTo(string target) => Copy(new DirectoryInfo(Root), target);

    private static void Copy(DirectoryInfo source, string target)
    {
        foreach (FileInfo file in source.EnumerateFiles().Where(file => !NotPartOfAClone.Contains(file.Name)))
        {
            file.CopyTo(Path.Combine(target, file.Name));
        }

        foreach (DirectoryInfo folder in source.EnumerateDirectories().Where(folder => !NotPartOfAClone.Contains(folder.Name)))
        {
            Copy(folder, Directory.CreateDirectory(Path.Combine(target, folder.Name)).FullName);
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LayerPeeled.Solver.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
