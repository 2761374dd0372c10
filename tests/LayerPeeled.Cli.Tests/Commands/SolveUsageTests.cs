using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class SolveUsageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("solve --ew 1 --eh 5", "exactly one of --classes, --counts, --labels and --long-tail")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --long-tail 5,10,2", "--long-tail '5,10,2'")]
    [InlineData("solve --ew 1 --eh 5 --classes 1x10", "at least 2")]
    [InlineData("solve --ew 1 --eh 5 --classes 5", "'5'")]
    [InlineData("solve --ew 1 --eh 5 --classes 0x5,3x2", "'0x5'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10,", "group 2")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x-1,3x2", "'5x-1'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5xNaN", "'5xNaN'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5xInfinity", "'5xInfinity'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x0,3x0", "all zero")]
    [InlineData("solve --ew 1 --eh 5 --classes 3000000000x5", "3000000000x5")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x1e308", "finite sum")]
    [InlineData("solve --ew 1 --eh 5 --long-tail 1,500,100", "--long-tail '1,500,100'")]
    [InlineData("solve --ew 1 --eh 5 --long-tail 10,500", "--long-tail '10,500'")]
    [InlineData("solve --ew 1 --eh 5 --long-tail 10,500,0.5", "as in 10,500,2.")]
    [InlineData("solve --ew 1 --eh 5 --long-tail 100,500,0.01", "as in 100,500,100.")]
    [InlineData("solve --ew 1 --eh 5 --long-tail 10,500,-3", "--long-tail '10,500,-3'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --column 2", "--column '2' has no meaning without --counts or --labels")]
    [InlineData("solve --ew 1 --eh 5 --long-tail 10,500,2 --count-labels", "--count-labels has no meaning without --counts")]
    [InlineData("threshold --ew 1 --eh 5 --classes 5x10 --labels l.txt", "--labels 'l.txt'")]
    [InlineData("mitigate --ew 1 --eh 5 --labels none.npy", "--labels 'none.npy' cannot be read")]
    [InlineData("solve --eh 5 --classes 5x10", "--ew is required")]
    [InlineData("solve --ew 1 --classes 5x10", "--eh is required")]
    [InlineData("solve --ew 0 --eh 5 --classes 5x10", "--ew '0'")]
    [InlineData("solve --ew -1 --eh 5 --classes 5x10", "--ew '-1'")]
    [InlineData("solve --ew 1 --eh NaN --classes 5x10", "--eh 'NaN'")]
    [InlineData("solve --ew 1 --eh Infinity --classes 5x10", "--eh 'Infinity'")]
    [InlineData("solve --ew one --eh 5 --classes 5x10", "--ew 'one'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --dimension 0", "--dimension '0'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --dimension 2.5", "--dimension '2.5'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --method newton", "--method 'newton'")]
    [InlineData("solve --ew 1 --eh 5 --classes 100000x10 --method sdp", "GB for 100000 classes")]
    [InlineData("solve --ew 1 --eh 5 --classes 100x10 --method low-rank --memory 0.001", "more than the memory budget of 0.001 GB")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --gap 2", "--gap '2'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --max-iterations 0", "--max-iterations '0'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --time-limit 0", "--time-limit '0'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --memory 0", "--memory '0'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --seed x", "--seed 'x'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --weights 1,2", "--weights '1,2'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --weights -1", "--weights '-1'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --weights none.txt", "--weights 'none.txt'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --weights 0", "all zero")]
    [InlineData("solve --ew 1 --eh 5 --counts none.csv", "--counts 'none.csv'")]
    [InlineData("solve --ew 1 --eh 5 --classes 5x10 --colour red", "--colour")]
    [InlineData("solve --ew 1 --eh 5 --classes", "--classes")]
    [InlineData("solve --ew 1 --ew 2 --eh 5 --classes 5x10", "--ew")]
    [InlineData("solve --ew 1 --eh 5 --classes @file", "@file")]
    [InlineData("frobnicate", "'frobnicate'")]
    [InlineData("", "one of solve, verify, ")]
    [InlineData("verify", "verify")]
    [InlineData("verify none.json", "'none.json'")]
    public void Run_BadUsage_OneLineOnErrorAndExitTwo(string command, string expected)
    {
        ToolRun run = ToolRun.Split(command);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        AssertOneLine(run.Error, expected);
    }

    [Theory]
    [InlineData("5\nfive\n", "line 2", "five")]
    [InlineData("class,count\na,5\nb,-1\n", "line 3", "b,-1")]
    [InlineData("", "no counts", "counts.csv")]
    [InlineData("7\n", "at least 2", "counts.csv")]
    public void Solve_BadCountsFile_NamesFileLineAndContent(string content, string first, string second)
    {
        ToolRun run = ToolRun.Of("solve", "--ew", "1", "--eh", "5", "--counts", folder.File("counts.csv", content));
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        AssertOneLine(run.Error, first);
        AssertOneLine(run.Error, second);
    }

    [Fact]
    public void Solve_OutInMissingFolder_FailsBeforeSolvingAndWritesNothing()
    {
        string path = Path.Combine(folder.Path, "missing", "solution.json");
        ToolRun run = ToolRun.Of("solve", "--ew", "1", "--eh", "5", "--classes", "5x10", "--json", "--out", path);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        AssertOneLine(run.Error, path);
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }

    [Fact]
    public void Solve_OutIsAFolder_FailsBeforeSolving()
    {
        ToolRun run = ToolRun.Of("solve", "--ew", "1", "--eh", "5", "--classes", "5x10", "--out", folder.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        AssertOneLine(run.Error, "is a folder");
    }

    [Fact]
    public void Solve_BadUsageWithOut_LeavesAnOldFileAlone()
    {
        string file = folder.File("solution.json", "old");
        Assert.Equal(2, ToolRun.Of("solve", "--ew", "1", "--eh", "5", "--classes", "1x10", "--out", file).ExitCode);
        Assert.Equal("old", File.ReadAllText(file));
        Assert.Equal([file], folder.Files);
    }

    // One line says what is wrong; at most one more points to the help.
    private static void AssertOneLine(string error, string expected)
    {
        string[] lines = error.TrimEnd().Split('\n');
        Assert.StartsWith("layerpeeled: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(expected, lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", error, StringComparison.Ordinal);
        Assert.True(lines.Length == 1, error);
    }
}
