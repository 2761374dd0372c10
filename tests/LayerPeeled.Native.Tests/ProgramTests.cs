using System.Runtime.InteropServices;

namespace LayerPeeled.Native.Tests;

/// <summary>The programs in C: what they check holds, in both languages and compilers, and their memory is sound.</summary>
public sealed class ProgramTests
{
    private static readonly string[] C = ["-std=c99", "-x", "c"];
    private static readonly string[] Cpp = ["-std=c++11", "-x", "c++"];
    private static readonly string[] Sanitised = [.. C, "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"];

    // What a .NET run-time keeps as long as the process lives is no leak: the program memory looks for those. A native BLAS is opened with its own symbols first
    // (RTLD_DEEPBIND), which the sanitizer's malloc does not bear.
    private static readonly (string, string)[] ForSanitizer = [("ASAN_OPTIONS", "detect_leaks=0"), ("LAYERPEELED_BLAS", "managed")];

    [SkippableTheory]
    [InlineData("solve")]
    [InlineData("networks")]
    [InlineData("errors")]
    [InlineData("threads")]
    [InlineData("memory")]
    public void Program_InC_FindsAllChecksHold(string name) => Assert.Equal("all checks hold\n", Run(name, Compiler, C));

    [SkippableTheory]
    [InlineData("solve")]
    [InlineData("networks")]
    [InlineData("errors")]
    [InlineData("threads")]
    public void Program_AsCPlusPlus_FindsAllChecksHold(string name) => Assert.Equal("all checks hold\n", Run(name, Shell.Has("g++") ? "g++" : "clang++", Cpp));

    [SkippableTheory]
    [InlineData("solve")]
    [InlineData("networks")]
    [InlineData("errors")]
    [InlineData("threads")]
    public void Program_WithAddressSanitizer_UsesMemoryAsItMay(string name) => Assert.Equal("all checks hold\n", Run(name, "gcc", Sanitised, ForSanitizer));

    [SkippableFact]
    public void Program_UnderValgrind_UsesMemoryAsItMay()
    {
        NativeLibrary.Require();
        Skip.IfNot(Shell.Has("valgrind"), "valgrind is not installed");
        using var program = new CProgram();
        string file = program.Compile(CProgram.Source("errors"), Compiler, C);
        // A copy without its debugging symbols beside it, which Valgrind cannot read.
        File.Copy(NativeLibrary.File, Path.Combine(program.Folder, Path.GetFileName(NativeLibrary.File)));
        (int exitCode, string output) = Shell.Run("valgrind", ["-q", "--error-exitcode=9", file], ("LD_LIBRARY_PATH", program.Folder));
        Assert.True((exitCode, output) == (0, "all checks hold\n"), $"exit code {exitCode}\n{output}");
    }

    [SkippableFact]
    public void Library_OpenedAtRunTime_Answers()
    {
        NativeLibrary.Require();
        using var program = new CProgram();
        Assert.Equal("R_0 = 12.1924470803\n", program.Run(CProgram.Source("loaded"), Compiler, ["-std=gnu99", "-x", "c"], [NativeLibrary.File], linked: false));
    }

    [SkippableFact]
    public void Library_OnAProcessorWithoutAvx2_SaysSo()
    {
        NativeLibrary.Require();
        Skip.IfNot(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the processor is not an x86-64 one");
        Skip.IfNot(Shell.Has("qemu-x86_64"), "qemu-x86_64 is not installed");
        using var program = new CProgram();
        string file = program.Compile(CProgram.Source("errors"), Compiler, C);
        (int exitCode, string output) = Shell.Run("qemu-x86_64", ["-cpu", "Nehalem", file]);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("The required instruction sets are not supported by the current CPU.", output, StringComparison.Ordinal);
        (exitCode, output) = Shell.Run("qemu-x86_64", ["-cpu", "max", file]);
        Assert.True((exitCode, output) == (0, "all checks hold\n"), $"exit code {exitCode}\n{output}");
    }

    private static string Compiler => Shell.Has("gcc") ? "gcc" : "clang";

    private static string Run(string name, string compiler, string[] language, (string, string)[]? environment = null)
    {
        NativeLibrary.Require();
        using var program = new CProgram();
        return program.Run(CProgram.Source(name), compiler, language, [program.Folder], environment: environment);
    }
}
