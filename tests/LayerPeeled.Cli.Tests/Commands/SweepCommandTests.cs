using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class SweepCommandTests : IDisposable
{
    private const string Setting = "sweep --majority 5 --minority 5 --ew 1 --eh 5";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Sweep_Json_HasThePathOfTheLibrary()
    {
        ToolRun run = ToolRun.Split(Setting + " --from 2 --to 50 --points 20 --json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(MinorityCollapseThreshold.At(5, 5, 5).Ratio, run.Json["threshold"]!.GetValue<double>());
        JsonArray points = run.Json["points"]!.AsArray();
        Assert.Equal(20, points.Count);
        Assert.Equal(2, points[0]!["ratio"]!.GetValue<double>());
        Assert.Equal(50, points[^1]!["ratio"]!.GetValue<double>());
        StepImbalancePoint[] expected = ParameterSweep.AlongRatio(5, 5, 1, 5, points.Select(p => p!["ratio"]!.GetValue<double>())).Run().Points.ToArray();
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Objective, points[i]!["objective"]!.GetValue<double>());
            Assert.Equal(expected[i].Classifier.MinorityCosine, points[i]!["classifier"]!["minorityCosine"]!.GetValue<double>());
            Assert.Equal(expected[i].Feature.MinorityNorm2, points[i]!["feature"]!["minorityNorm2"]!.GetValue<double>());
            Assert.Equal(expected[i].Collapsed, points[i]!["collapsed"]!.GetValue<bool>());
        }
    }

    [Fact]
    public void Sweep_AnyNumberOfThreads_SameBytes() =>
        Assert.Equal(ToolRun.Split(Setting + " --points 50 --threads 1 --csv -").Output, ToolRun.Split(Setting + " --points 50 --threads 4 --csv -").Output);

    [Fact]
    public void Sweep_Plot_HasCosinesAndNormsOfClassifiersAndClassMeans()
    {
        string file = folder.File("sweep.svg");
        Assert.Equal(0, ToolRun.Split($"{Setting} --plot {file}").ExitCode);
        var svg = new Svg(File.ReadAllText(file));
        Assert.Equal(4, svg.Titles("panel").Length);
        Assert.Equal(10, svg.Titles("series").Length);
        Assert.Contains("R0 = 12.19", svg.Titles("reference"));
    }

    [Fact]
    public void Sweep_SingleMinorityClass_HasNoThresholdAndNoCosineAmongMinorities()
    {
        string file = folder.File("sweep.svg");
        ToolRun run = ToolRun.Split($"sweep --majority 3 --minority 1 --ew 1 --eh 5 --points 5 --json --plot {file}");
        Assert.Equal(0, run.ExitCode);
        Assert.Null(run.Json["threshold"]);
        Assert.All(run.Json["points"]!.AsArray(), point => Assert.Null(point!["classifier"]!["minorityCosine"]));
        Assert.DoesNotContain("two minority classes", new Svg(File.ReadAllText(file)).Titles("series"));
    }

    [Fact]
    public void Sweep_State_SecondRunComputesNothingAndPrintsTheSame()
    {
        string state = folder.File("sweep.state");
        ToolRun first = ToolRun.Split($"{Setting} --state {state}"), second = ToolRun.Split($"{Setting} --state {state}");
        Assert.Equal("", first.Error);
        Assert.Contains("41 of 41 points were already in", second.Error, StringComparison.Ordinal);
        Assert.Equal(first.Output, second.Output);
    }

    [Fact]
    public void Sweep_StateOfAnotherSweep_IsRefusedAndLeftAsItIs()
    {
        string state = folder.File("sweep.state");
        Assert.Equal(0, ToolRun.Split($"{Setting} --state {state}").ExitCode);
        byte[] before = File.ReadAllBytes(state);
        ToolRun run = ToolRun.Split($"{Setting} --points 40 --state {state}");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains("belongs to another sweep", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(state));
    }

    [Theory]
    [InlineData("old")]
    [InlineData("class,count\na,5\n")]
    public void Sweep_StateIsSomethingElse_IsRefusedAndLeftAsItIs(string content)
    {
        string state = folder.File("counts.csv", content);
        ToolRun run = ToolRun.Split($"{Setting} --state {state}");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is not a file that --state has written", run.Error, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(state));
    }

    [Fact]
    public void Sweep_StateWithADamagedRecord_ComputesThatOneAgain()
    {
        string state = folder.File("sweep.state");
        string expected = ToolRun.Split($"{Setting} --json --state {state}").Output;
        string[] lines = File.ReadAllLines(state);
        lines[1] = lines[1].Replace('3', '4');
        File.WriteAllText(state, string.Join('\n', lines) + "\n");
        ToolRun run = ToolRun.Split($"{Setting} --json --state {state}");
        Assert.Equal(expected, run.Output);
        Assert.DoesNotContain("41 of 41", run.Error, StringComparison.Ordinal);
        Assert.Contains("of 41 points were already in", run.Error, StringComparison.Ordinal);
    }
}
