using System.Globalization;
using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Solver.Analysis.Dynamics;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class TrajectoryCommandTests : IDisposable
{
    private const string Free = "trajectory --classes 2x6,2x2 --log-loss -40";
    private const string Constrained = "trajectory --classes 2x6,2x2 --model lpm --ew 1 --eh 4";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Trajectory_Json_HasTheRecordsOfTheLibrary()
    {
        ToolRun run = ToolRun.Split(Free + " --seed 3 --record 5 --tolerance 1e-7 --start-norm 0.5 --json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        FactorizedProgram program = FactorizedProgram.SampleLevel(LayerPeeledModel.FromClassGroups([new(2, 6), new(2, 2)], 1, 1));
        var target = TrajectoryTarget.MaxMargin(program);
        var options = new GradientFlowOptions { FinalLogLoss = -40, Seed = 3, RecordsPerDecade = 5, Tolerance = 1e-7, StartNorm = 0.5, Target = target };
        Trajectory expected = GradientFlow.Run(program, options);
        JsonArray records = run.Json["records"]!.AsArray();
        Assert.Equal("LossReached", run.Json["end"]!.GetValue<string>());
        Assert.Equal(target.NormalisedMargin, run.Json["largestNormalisedMargin"]!.GetValue<double>());
        Assert.Equal(expected.Records.Select(record => record.Step), records.Select(record => record!["step"]!.GetValue<int>()));
        Assert.Equal(expected.Records.Select(record => record.LogObjective), Numbers("logObjective"));
        Assert.Equal(expected.Records.Select(record => record.ClassifierDistance), Numbers("wDistance"));
        Assert.Equal(expected.Records.Select(record => record.Groups[1].MeanCosines.Maximum), Numbers("hCosineMax2"));
        Assert.Null(records[0]!["logTime"]);
        Assert.Null(records[^1]!["relativeGap"]);
        Assert.Contains(run.Json["notes"]!.AsArray(), note => note!.GetValue<string>().StartsWith("logTime is null: it is −∞", StringComparison.Ordinal));

        IEnumerable<double> Numbers(string name) => records.Select(record => record![name]!.GetValue<double>());
    }

    [Fact]
    public void Trajectory_Csv_IsOneRowARecordWithTheColumnsThatAreDescribed()
    {
        string file = folder.File("free.csv");
        Assert.Equal(0, ToolRun.Split($"{Free} --csv {file}").ExitCode);
        string[][] rows = File.ReadAllLines(file).Select(line => line.Split(',')).ToArray();
        Assert.All(rows, row => Assert.Equal(25 + (2 * 6), row.Length));
        Assert.Equal("0", rows[1][0]);
        Assert.Equal("", rows[1][1]);
        string page = File.ReadAllText(Path.Combine(Root(), "docs", "how-to-trajectories.md"));
        Assert.All(rows[0], heading => Assert.Contains('`' + heading.Replace("_1", "_g", StringComparison.Ordinal).Replace("_2", "_g", StringComparison.Ordinal) + '`', page, StringComparison.Ordinal));
        double last = double.Parse(rows[^1][Array.IndexOf(rows[0], "log_objective")], CultureInfo.InvariantCulture);
        Assert.InRange(last, -60, -40);
        Assert.Equal(File.ReadAllText(file), ToolRun.Split(Free + " --csv -").Output);
    }

    [Fact]
    public void Trajectory_OfTheConstrainedModel_EndsAtItsCertifiedOptimum()
    {
        ToolRun run = ToolRun.Split(Constrained + " --rule nesterov --gap 1e-5 --json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("Optimal", run.Json["status"]!.GetValue<string>());
        JsonNode last = run.Json["records"]!.AsArray()[^1]!;
        Assert.InRange(last["relativeGap"]!.GetValue<double>(), 0, 1e-4);
        Assert.InRange(last["wDistance"]!.GetValue<double>(), 0, 0.05);
        Assert.InRange(last["nc1"]!.GetValue<double>(), 0, 1e-3);
        Assert.True(run.Json["records"]![0]!["nc1"]!.GetValue<double>() > 0.1);
        Assert.Null(last["lossTime"]);
        double objective = run.Json["objective"]!.GetValue<double>();
        Assert.InRange(run.Json["lowerBound"]!.GetValue<double>(), objective * (1 - 1e-4), objective);
    }

    [Theory]
    [InlineData(Free, "loss|distance from the largest margin|neural collapse|cosines between classifiers", 10)]
    [InlineData(Free + " --dimension 2", "loss|neural collapse|cosines between classifiers", 7)]
    [InlineData(Constrained, "objective and duality gap|distance from the optimum|neural collapse|cosines between classifiers", 10)]
    [InlineData("trajectory --classes 4x1 --level means --rule descent --steps 50", "loss|distance from the largest margin|neural collapse|cosines between classifiers", 11)]
    public void Trajectory_Plot_HasItsPanels(string command, string panels, int series)
    {
        string file = folder.File("trajectory.svg");
        Assert.Equal(0, ToolRun.Split($"{command} --plot {file}").ExitCode);
        var svg = new Svg(File.ReadAllText(file));
        Assert.Equal(panels.Split('|'), svg.Titles("panel"));
        Assert.Equal(series, svg.Titles("series").Length);
    }

    [Fact]
    public void Trajectory_Table_IsForPeople()
    {
        const string Descent = Free + " --rule descent --steps 100 --step-size 0.5";
        ToolRun run = ToolRun.Split(Descent);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("All steps were taken.", run.Output, StringComparison.Ordinal);
        int records = ToolRun.Split(Descent + " --csv -").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1;
        Assert.Contains($"25 of {records} records are shown", run.Output, StringComparison.Ordinal);
        Assert.Contains("The method ended: Optimal", ToolRun.Split(Constrained).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Free)]
    [InlineData(Constrained)]
    public void Trajectory_Cancelled_WritesWhatThereIsAndExits130(string command)
    {
        string csv = folder.File("part.csv"), svg = folder.File("part.svg");
        ToolRun run = ToolRun.With("", new CancellationToken(canceled: true), [.. command.Split(' '), "--csv", csv, "--plot", svg]);
        Assert.Equal(130, run.ExitCode);
        Assert.Contains("interrupted at step 0", run.Error, StringComparison.Ordinal);
        Assert.Contains("Interrupted.", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(csv).Length);
        Assert.True(File.Exists(svg));
    }

    [Fact]
    public void Trajectory_InterruptedUnderWay_WritesTheRecordsUntilThere()
    {
        // A run without end
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));
        ToolRun run = ToolRun.With("", source.Token, "trajectory", "--classes", "3x2", "--log-loss", "-1e300", "--steps", "2000000000", "--json");
        Assert.Equal(130, run.ExitCode);
        Assert.Equal("Cancelled", run.Json["end"]!.GetValue<string>());
        JsonArray records = run.Json["records"]!.AsArray();
        Assert.Contains($"interrupted at step {records[^1]!["step"]!.GetValue<int>()};", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Trajectory_DescentThatDiverges_WritesWhatThereIsAndExits4()
    {
        ToolRun run = ToolRun.Split("trajectory --classes 3x2 --rule descent --step-size 1e250 --start-norm 1 --csv -");
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("no next point", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("step,", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trajectory", "exactly one of --classes")]
    [InlineData("trajectory --classes 4x1 --ew 1", "--ew has no meaning with --model free")]
    [InlineData("trajectory --classes 4x1 --model lpm", "--ew is required")]
    [InlineData("trajectory --classes 4x1 --model ufm", "--model 'ufm'")]
    [InlineData("trajectory --classes 4x1 --rule armijo", "--rule 'armijo' is not for --model free")]
    [InlineData("trajectory --classes 4x1 --gap 0.1", "--gap '0.1' has no meaning with --model free")]
    [InlineData("trajectory --classes 4x1 --step-size 0.1", "--step-size '0.1' has no meaning with --rule flow")]
    [InlineData("trajectory --classes 4x1 --rule descent --tolerance 1e-3", "--tolerance '1e-3' has no meaning with --rule descent")]
    [InlineData("trajectory --classes 4x1 --log-loss 3", "--log-loss '3'")]
    [InlineData("trajectory --classes 4x1 --record 0", "--record '0'")]
    [InlineData("trajectory --classes 4x1.5", "whole number")]
    [InlineData("trajectory --classes 4x1,2x0", "every class needs some")]
    [InlineData("trajectory --classes 4x1 --plot a.png", "--plot 'a.png'")]
    [InlineData("trajectory --classes 4x1 --json --csv -", "--csv '-' and --json")]
    [InlineData("trajectory --classes 4x1 --plot a.svg --csv a.svg", "--plot 'a.svg' is the file of --csv")]
    [InlineData(Constrained + " --rule flow", "--rule 'flow' is not for --model lpm")]
    [InlineData(Constrained + " --start-norm 1", "--start-norm '1' has no meaning with --model lpm")]
    public void Run_BadUsage_OneLineOnErrorAndExitTwo(string command, string expected)
    {
        ToolRun run = ToolRun.Split(command);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LayerPeeled.Solver.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
