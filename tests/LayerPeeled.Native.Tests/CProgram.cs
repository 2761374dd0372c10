namespace LayerPeeled.Native.Tests;

/// <summary>A program in C (or the same text as C++), compiled with all warnings against the header and run on the library.</summary>
internal sealed class CProgram : IDisposable
{
    private static readonly string[] Strict = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-O1"];
    private readonly string folder = Directory.CreateTempSubdirectory("layerpeeled-native-").FullName;

    /// <summary>Where the program and its files are.</summary>
    public string Folder => folder;

    /// <summary>A program of this project's folder.</summary>
    public static string Source(string name) => Path.Combine(NativeLibrary.Root, "tests", "LayerPeeled.Native.Tests", "Programs", name + ".c");

    /// <summary>Compiles and runs it.</summary>
    /// <param name="source">Its file.</param>
    /// <param name="compiler">The compiler; the test is skipped where it is not installed.</param>
    /// <param name="language">Options that say which language.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="linked">Whether it is linked with the library.</param>
    /// <param name="environment">Variables that it sees beside those of the test.</param>
    public string Run(string source, string compiler, IEnumerable<string> language, IEnumerable<string> arguments, bool linked = true, (string, string)[]? environment = null)
    {
        (int exitCode, string output) = Shell.Run(Compile(source, compiler, language, linked), arguments, environment ?? []);
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{output}");
        return output;
    }

    /// <summary>Compiles it.</summary>
    /// <returns>The program's file.</returns>
    /// <inheritdoc cref="Run"/>
    public string Compile(string source, string compiler, IEnumerable<string> language, bool linked = true)
    {
        Skip.IfNot(Shell.Has(compiler), $"{compiler} is not installed");
        string program = Path.Combine(folder, Path.GetFileNameWithoutExtension(source));
        // LD_LIBRARY_PATH comes before a run path.
        IEnumerable<string> library = linked ? ["-L" + NativeLibrary.Folder, "-llayerpeeled", "-Wl,--enable-new-dtags,-rpath," + NativeLibrary.Folder] : [];
        (int exitCode, string output) = Shell.Run(
            compiler, [.. Strict, .. language, "-I" + Path.GetDirectoryName(NativeLibrary.Header), "-o", program, source, "-x", "none", .. library, "-lm", "-ldl", "-lpthread"]);
        Assert.True(exitCode == 0, output);
        return program;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
