using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class SweepUsageTests : IDisposable
{
    private const string Sweep = "sweep --majority 5 --minority 5 --ew 1 --eh 5";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("figure3 --points-per-decade 0", "--points-per-decade '0'")]
    [InlineData("figure3 --points-per-decade 1000000", "at most 1000000")]
    [InlineData("figure3 --to 0.5", "--to '0.5'")]
    [InlineData("figure3 --eh 5,x", "'x'")]
    [InlineData("figure3 --eh 5,", "--eh '5,'")]
    [InlineData("figure3 --eh 1,2,3,4,5,6,7,8,9", "at most 8")]
    [InlineData("figure3 --ew 1e200 --eh 1e200", "product")]
    [InlineData("figure3 --class-count 2", "--class-count '2'")]
    [InlineData("figure3 --majority 9", "from 1 to 8")]
    [InlineData("figure3 --majority 2.5", "'2.5'")]
    [InlineData("sweep --minority 5 --ew 1 --eh 5", "--majority is required")]
    [InlineData("sweep --majority 5 --ew 1 --eh 5", "--minority is required")]
    [InlineData("sweep --majority 5 --minority 5 --eh 5", "--ew is required")]
    [InlineData("sweep --majority 5 --minority 5 --ew 1", "--eh is required")]
    [InlineData("sweep --majority 0 --minority 5 --ew 1 --eh 5", "--majority '0'")]
    [InlineData("sweep --majority 2147483647 --minority 5 --ew 1 --eh 5", "classes; at most")]
    [InlineData("sweep --majority 5 --minority 5 --ew 1e-200 --eh 1e-200", "product")]
    [InlineData(Sweep + " --from 0", "--from '0'")]
    [InlineData(Sweep + " --from 100 --to 10", "--to '10'")]
    [InlineData(Sweep + " --to NaN", "--to 'NaN'")]
    [InlineData(Sweep + " --to inf", "spaced by equal factors")]
    [InlineData(Sweep + " --from inf", "--from 'inf'")]
    [InlineData("phase --to inf", "spaced by equal factors")]
    [InlineData("figure3 --to inf", "inf points; at most 1000000")]
    [InlineData(Sweep + " --points 1", "--points '1'")]
    [InlineData(Sweep + " --points 1000001", "at most 1000000")]
    [InlineData(Sweep + " --threads 0", "--threads '0'")]
    [InlineData(Sweep + " --json --csv -", "--csv '-' and --json")]
    [InlineData(Sweep + " --plot figure.png", "--plot 'figure.png'")]
    [InlineData(Sweep + " --plot figure.pdf", "rsvg-convert -f pdf")]
    [InlineData(Sweep + " --plot a.svg --csv a.svg", "--plot 'a.svg' is the file of --csv")]
    [InlineData(Sweep + " --csv missing/a.csv", "--csv 'missing/a.csv'")]
    [InlineData(Sweep + " --state missing/a.state", "--state 'missing/a.state'")]
    [InlineData(Sweep + " --state /dev/null", "--state '/dev/null'")]
    [InlineData("phase --quantity colour", "--quantity 'colour'")]
    [InlineData("phase --minority 1", "--minority '1'")]
    [InlineData("phase --class-count 10", "--class-count '10' is not for --quantity cosine")]
    [InlineData("phase --budget-from 0", "--budget-from '0'")]
    [InlineData("phase --budget-from 10 --budget-to 1", "--budget-to '1'")]
    [InlineData("phase --points 2000 --budget-points 2000", "at most 1000000")]
    [InlineData("phase --quantity threshold --majority 5", "--majority '5' is not for --quantity threshold")]
    [InlineData("phase --quantity threshold --class-count 5000", "--class-count '5000'")]
    [InlineData("phase --quantity threshold --state a.state", "--state 'a.state'")]
    [InlineData("phase --quantity threshold --threads 2", "--threads '2'")]
    public void Run_BadUsage_OneLineOnErrorAndExitTwo(string command, string expected)
    {
        ToolRun run = ToolRun.Split(command);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        string[] lines = run.Error.TrimEnd().Split('\n');
        Assert.StartsWith("layerpeeled: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(expected, lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", run.Error, StringComparison.Ordinal);
        Assert.True(lines.Length == 1, run.Error);
    }

    [Fact]
    public void Sweep_StateIsAFolder_FailsBeforeTheWork()
    {
        ToolRun run = ToolRun.Of([.. Sweep.Split(' '), "--state", folder.Path]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(folder.Path, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Sweep_StateInUse_IsRefused()
    {
        string state = folder.File("sweep.state");
        using var other = new FileStream(state, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        ToolRun run = ToolRun.Of([.. Sweep.Split(' '), "--state", state]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--state", run.Error, StringComparison.Ordinal);
    }
}
