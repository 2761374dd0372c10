namespace LayerPeeled.Native.Tests;

/// <summary>The shared library, compiled once a test run by <c>build/native-library.sh</c>, which does nothing where it is up to date.</summary>
internal static class NativeLibrary
{
    // What NuGet says where no source has the native compiler.
    private static readonly string[] NotToBeHad = ["NU1100", "NU1101", "NU1102", "NU1301"];

    private static readonly Lazy<(string? Reason, string? Failure)> Compiled = new(Compile);

    public static string Root { get; } = FindRoot();

    public static string Header => Path.Combine(Root, "src", "LayerPeeled.Native", "include", "layerpeeled.h");

    public static string Folder => Path.Combine(Root, "artifacts", "native", "lib");

    public static string File => Path.Combine(Folder, "liblayerpeeled.so");

    /// <summary>Skips a test where the library cannot be compiled on this machine; fails it where compiling goes wrong.</summary>
    public static void Require()
    {
        Skip.If(Compiled.Value.Reason is not null, Compiled.Value.Reason);
        Assert.True(Compiled.Value.Failure is null, Compiled.Value.Failure);
    }

    private static (string? Reason, string? Failure) Compile()
    {
        if (!OperatingSystem.IsLinux())
        {
            return ("the shared library is for Linux", null);
        }

        if (!Shell.Has("clang") && !Shell.Has("gcc"))
        {
            return ("neither clang nor gcc is installed", null);
        }

        (int exitCode, string output) = Shell.Run("bash", [Path.Combine(Root, "build", "native-library.sh")]);
        return exitCode == 0 ? (null, null)
            : Array.Exists(NotToBeHad, code => output.Contains(code, StringComparison.Ordinal)) ? ("no package source has the native compiler", null)
            : (null, output);
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "LayerPeeled.Solver.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
