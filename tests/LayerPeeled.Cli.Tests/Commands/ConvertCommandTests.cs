using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class ConvertCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("5x1000,5x10")]
    [InlineData("700000x2,300x50")]
    public void Convert_ToNpzAndBack_IsTheSameFile(string classes)
    {
        string json = folder.File("solution.json"), npz = folder.File("solution.npz"), back = folder.File("back.json");
        Assert.Equal(0, ToolRun.Of("solve", "--classes", classes, "--ew", "1", "--eh", "5", "--out", json).ExitCode);
        Assert.Equal(0, ToolRun.Of("convert", json, npz).ExitCode);
        Assert.Equal(0, ToolRun.Of("convert", npz, back).ExitCode);
        Assert.Equal(File.ReadAllText(json), File.ReadAllText(back));
        Assert.StartsWith("The claim holds: a certified global optimum.", ToolRun.Of("verify", npz).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_OutNpz_IsReadByVerifyAndEtf()
    {
        string npz = folder.File("solution.npz");
        Assert.Equal(0, ToolRun.Of("solve", "--classes", "6x10", "--ew", "1", "--eh", "5", "--out", npz).ExitCode);
        Assert.Equal(0, ToolRun.Of("verify", npz).ExitCode);
        ToolRun etf = ToolRun.Of("etf", npz, "--json");
        Assert.Equal(0, etf.ExitCode);
        Assert.Equal("OptimalSimplexEtf", (string?)etf.Json["verdict"]);
    }

    [Fact]
    public void Convert_NoSolution_IsRefusedAndWritesNothing()
    {
        string other = folder.File("other.json"), target = folder.File("target.npz");
        File.WriteAllText(other, "{}");
        ToolRun run = ToolRun.Of("convert", other, target);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is no saved solution: The field formatVersion is missing", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(target));
    }
}
