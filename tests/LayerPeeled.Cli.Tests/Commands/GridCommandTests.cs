using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class GridCommandTests : IDisposable
{
    private const string Grid = "grid --majority 3 --minority 2 --ew 1 --eh 3 --from 1 --to 100 --points 3";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Grid_AllMembers_HasTheRowsOfCompareAtEachRatio()
    {
        string[] grid = Rows($"{Grid} --loss ldt:gamma=-1 --loss smoothing --csv -");
        Assert.Equal(1 + (3 * 8), grid.Length);
        foreach (int ratio in new[] { 1, 10, 100 })
        {
            string[] alone = Rows($"compare --classes 3x{10 * ratio},2x10 --ew 1 --eh 3 --loss ldt:gamma=-1 --loss smoothing --csv -");
            Assert.Equal(alone.Skip(1).Select(row => $"{ratio},{row}").Order(), grid.Where(row => row.StartsWith($"{ratio},", StringComparison.Ordinal)).Order());
        }
    }

    [Theory]
    [InlineData("--loss ldt:gamma=-1 --loss focal", 5)]
    [InlineData("--models svm,lpm,relu --loss cross-entropy --loss la:tau=0.5 --examples 2.5", 3)]
    [InlineData("--models supcon,lpm --examples 0.7", 2)]
    public void Merge_ShardsOfAGrid_HasTheBytesOfOneProcess(string options, int count)
    {
        ToolRun whole = ToolRun.Split($"{Grid} {options} --json --csv {folder.File("whole.csv")} --plot {folder.File("whole.svg")}");
        for (int i = 1; i <= count; i++)
        {
            Assert.Equal(0, ToolRun.Split($"{Grid} {options} --shard {i}/{count} --into {folder.File("shards")}").ExitCode);
        }

        ToolRun merged = ToolRun.Split($"merge {folder.File("shards")} --json --csv {folder.File("merged.csv")} --plot {folder.File("merged.svg")}");
        Assert.Equal(whole.ExitCode, merged.ExitCode);
        Assert.Equal(whole.Output, merged.Output);
        Assert.Equal(File.ReadAllBytes(folder.File("whole.csv")), File.ReadAllBytes(folder.File("merged.csv")));
        Assert.Equal(File.ReadAllBytes(folder.File("whole.svg")), File.ReadAllBytes(folder.File("merged.svg")));
        Assert.Equal(ToolRun.Split($"{Grid} {options} --threads 1").Output, ToolRun.Split($"merge {folder.File("shards")}").Output);
    }

    [Fact]
    public void Grid_Json_TellsWhatAMemberDoesNotTake()
    {
        ToolRun run = ToolRun.Split(Grid + " --models lpm,supcon --examples 2.5 --json");
        Assert.Equal(1, run.ExitCode);
        JsonArray points = run.Json["points"]!.AsArray();
        Assert.Equal(6, points.Count);
        Assert.All(points.Where(point => (string)point!["model"]! == "supcon" && (double)point["ratio"]! == 1), point => Assert.Contains("whole number", (string)point!["refusal"]!, StringComparison.Ordinal));
        Assert.All(points.Where(point => (string)point!["model"]! == "lpm"), point => Assert.Equal("Optimal", (string)point!["status"]!));
    }

    [Fact]
    public void Grid_Plot_HasACurveAMember()
    {
        string file = folder.File("grid.svg");
        Assert.Equal(0, ToolRun.Split($"{Grid} --models lpm,ufm --loss la:tau=1 --plot {file}").ExitCode);
        var svg = new Svg(File.ReadAllText(file));
        Assert.Equal(2, svg.Titles("panel").Length);
        Assert.Equal(6, svg.Titles("series").Length);
    }

    [Theory]
    [InlineData("grid --minority 2 --ew 1 --eh 3", "--majority is required")]
    [InlineData("grid --majority 3 --minority 2 --ew 1 --eh 3 --to inf", "--to 'inf'")]
    [InlineData(Grid + " --models lpm,lpm", "--models 'lpm,lpm'")]
    [InlineData(Grid + " --models svm --loss focal", "has no meaning without lpm")]
    [InlineData(Grid + " --loss nonsense", "--loss 'nonsense'")]
    [InlineData(Grid + " --examples 0", "--examples '0'")]
    [InlineData(Grid + " --loss focal --loss ldam --loss la --loss cdt --loss vs --loss smoothing --loss ldt", "at most 12")]
    public void Grid_BadUsage_OneLineOnErrorAndExitTwo(string command, string expected)
    {
        ToolRun run = ToolRun.Split(command);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains(expected, Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static string[] Rows(string command) => ToolRun.Split(command).Output.TrimEnd().Split('\n');
}
