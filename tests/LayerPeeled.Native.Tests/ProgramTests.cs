namespace LayerPeeled.Native.Tests;

/// <summary>The programs in C: what they check holds, in both languages and compilers, and their memory is sound.</summary>
public sealed class ProgramTests
{
    private static readonly string[] C = ["-std=c99", "-x", "c"];
    private static readonly string[] Cpp = ["-std=c++11", "-x", "c++"];
    private static readonly string[] Sanitised = [.. C, "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"];

    [SkippableTheory]
    [InlineData("solve")]
    [InlineData("networks")]
    [InlineData("errors")]
    [InlineData("threads")]
    public void Program_InC_FindsAllChecksHold(string name) => Assert.Equal("all checks hold\n", Run(name, Shell.Has("gcc") ? "gcc" : "clang", C));

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
    public void Program_WithAddressSanitizer_UsesMemoryAsItMay(string name) => Assert.Equal("all checks hold\n", Run(name, "clang", Sanitised));

    [SkippableFact]
    public void Library_OpenedAtRunTime_Answers()
    {
        NativeLibrary.Require();
        using var program = new CProgram();
        Assert.Equal("R_0 = 12.1924470803\n", program.Run(CProgram.Source("loaded"), Shell.Has("gcc") ? "gcc" : "clang", ["-std=gnu99", "-x", "c"], [NativeLibrary.File], linked: false));
    }

    private static string Run(string name, string compiler, string[] language)
    {
        NativeLibrary.Require();
        using var program = new CProgram();
        return program.Run(CProgram.Source(name), compiler, language, [program.Folder]);
    }
}
