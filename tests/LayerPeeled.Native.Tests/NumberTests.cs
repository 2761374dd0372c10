using System.Text.Json.Nodes;

namespace LayerPeeled.Native.Tests;

/// <summary>The library finds what the tool finds, bit for bit, matrices included.</summary>
public sealed class NumberTests
{
    // Where a run differs from another, and what the tool adds.
    private static readonly string[] OfTheRun = ["seconds", "source", "notes"];

    // Both with vectors of the same width and the same linear algebra: sums are added up in the same order.
    private static readonly (string, string)[] SameArithmetic = [("LAYERPEELED_BLAS", "managed"), ("DOTNET_EnableAVX512", "0"), ("DOTNET_EnableAVX512F", "0")];

    [SkippableTheory]
    [InlineData("5x1000,5x10", "1000,1000,1000,1000,1000,10,10,10,10,10")]
    [InlineData("3x500,2x50,1x5", "500,500,500,50,50,5")]
    public void Solve_OfClasses_WritesTheFileOfTheTool(string classes, string counts) => Compare(["--classes", classes], counts);

    [SkippableFact]
    public void Solve_OfALongTail_WritesTheFileOfTheTool() => Compare(["--long-tail", "60,500,100"], string.Join(',', LayerPeeled.Data.LongTail.Counts(60, 500, 100)));

    private static void Compare(string[] classes, string counts)
    {
        NativeLibrary.Require();
        using var program = new CProgram();
        string own = Path.Combine(program.Folder, "tool.json"), file = Path.Combine(program.Folder, "library.json");
        string tool = Path.Combine(AppContext.BaseDirectory, "layerpeeled.dll");
        (int exitCode, string output) = Shell.Run("dotnet", [tool, "solve", .. classes, "--ew", "1", "--eh", "5", "--out", own], SameArithmetic);
        Assert.True(exitCode == 0, output);

        program.Run(CProgram.Source("save"), Shell.Has("gcc") ? "gcc" : "clang", ["-std=c99", "-x", "c"], [file, counts], environment: SameArithmetic);
        Assert.Equal(Content(own), Content(file));
    }

    private static string Content(string file)
    {
        JsonObject document = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        Array.ForEach(OfTheRun, name => document.Remove(name));
        return document.ToJsonString();
    }
}
