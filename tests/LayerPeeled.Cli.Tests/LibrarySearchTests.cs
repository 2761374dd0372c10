using System.Diagnostics;
using System.Text.Json;

namespace LayerPeeled.Cli.Tests;

/// <summary>Files named like native libraries in the current directory and beside a file that is read are not loaded.</summary>
public sealed class LibrarySearchTests : IDisposable
{
    private static readonly string[] Names =
    [
        "libopenblas.so.0", "libopenblas.so", "libopenblasp.so.0", "libmkl_rt.so", "libmkl_rt.so.1", "libmkl_rt.so.2", "libmkl_rt.so.3", "libiomp5.so", "libgomp.so.1", "libomp.so.5",
        "libopenblas.dll", "mkl_rt.dll", "libopenblas.dylib", "libmkl_rt.dylib",
    ];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("search");
    private readonly DirectoryInfo empty = Directory.CreateTempSubdirectory("search");

    public LibrarySearchTests()
    {
        // A loader that looks at one of them says that it is too short, or no library.
        foreach (string name in Names)
        {
            File.WriteAllText(Path.Combine(folder.FullName, name), "This is no library.");
        }

        File.WriteAllText(Path.Combine(folder.FullName, "counts.csv"), "class,count\na,100\nb,10\nc,5\n");
    }

    public void Dispose()
    {
        folder.Delete(recursive: true);
        empty.Delete(recursive: true);
    }

    [Theory]
    [InlineData("openblas")]
    [InlineData("mkl")]
    public void Info_LibrariesInTheCurrentDirectory_AreNotLookedAt(string provider)
    {
        // The same as where there are none
        Assert.Equal(Info(empty.FullName, provider, null), Info(folder.FullName, provider, null));
    }

    [Theory]
    [InlineData("openblas", ":")]
    [InlineData("openblas", ":/nowhere")]
    [InlineData("openblas", "/nowhere::/elsewhere")]
    [InlineData("mkl", "/nowhere:")]
    [InlineData("mkl", ".")]
    [InlineData("mkl", "/nowhere;../{0}")]
    public void Info_LoaderPathLeadsToTheCurrentDirectory_NoneIsLoaded(string provider, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string info = Info(folder.FullName, provider, path.Replace("{0}", folder.Name, StringComparison.Ordinal));
        Assert.Contains("\"managed\"", info, StringComparison.Ordinal);
        Assert.Contains("LD_LIBRARY_PATH", info, StringComparison.Ordinal);
        Assert.DoesNotContain("too short", info, StringComparison.Ordinal);
        // Where that folder has no libraries an empty entry does no harm.
        Assert.Equal(Info(empty.FullName, provider, null), Info(empty.FullName, provider, ":/nowhere"));
    }

    [Theory]
    [InlineData("openblas")]
    [InlineData("mkl")]
    public void Solve_LibrariesBesideTheCounts_AreNotLookedAt(string provider)
    {
        string[] solve = ["solve", "--counts", Path.Combine(folder.FullName, "counts.csv"), "--ew", "1", "--eh", "5", "--json"];
        (int exitCode, string text) = Run(empty.FullName, provider, null, solve);
        Assert.Equal(0, exitCode);
        Assert.Equal(0, Run(folder.FullName, provider, null, solve).ExitCode);
        Assert.DoesNotContain("too short", text, StringComparison.Ordinal);
    }

    private static string Info(string directory, string provider, string? loaderPath)
    {
        (int exitCode, string output) = Run(directory, provider, loaderPath, "info", "--json");
        Assert.Equal(0, exitCode);
        using var document = JsonDocument.Parse(output);
        return string.Join('\n', document.RootElement.EnumerateObject().Where(item => item.Name.StartsWith("linearAlgebra", StringComparison.Ordinal)).Select(item => item.Value.GetRawText())
            .Append(document.RootElement.GetProperty("candidates").GetRawText()));
    }

    private static (int ExitCode, string Output) Run(string directory, string provider, string? loaderPath, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(Tool).Assembly.Location, .. args])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
        };
        start.Environment["LAYERPEELED_BLAS"] = provider;
        if (loaderPath is not null)
        {
            start.Environment["LD_LIBRARY_PATH"] = loaderPath;
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
