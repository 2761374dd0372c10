using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Tests.Commands;

/// <summary><c>diagnose</c> against the members of the family, with and without features.</summary>
public sealed class FamilyCommandTests : IDisposable
{
    // The noise of the features moves angles and norms by about as much.
    private const double NoiseTolerance = 1e-3;
    private const double Decay = 0.08;
    private static readonly int[] Counts = [60, 60, 60, 60, 60, 3, 3, 3, 3, 3];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A network at the optimum with weight decay and a bias.</summary>
    private (string File, LayerPeeledSolution Optimum) Decayed()
    {
        var penalties = new Penalties(Decay, Decay / Counts.Sum()) { Bias = Decay };
        LayerPeeledSolution optimum = LayerPeeledSolver.Solve(
            LayerPeeledModel.FromClassCounts(Counts.Select(n => (double)n), penalties, featureDimension: 12)).EnsureOptimal();
        int[] classes = [.. Counts.SelectMany((n, k) => Enumerable.Repeat(k, n))];
        var features = Matrix<double>.Build.Dense(classes.Length, 12, (i, j) => optimum.ClassMeans[j, classes[i]]);
        string file = folder.File("network.npz");
        NumpyFiles.Archive(
            file, ("features", NumpyFiles.Matrix(features)), ("labels", NumpyFiles.Labels([.. classes.Select(k => (long)k)])),
            ("weight", NumpyFiles.Matrix(optimum.Classifier)), ("bias", NumpyFiles.Vector([.. optimum.Bias!])));
        return (file, optimum);
    }

    private static string[] Members(JsonNode family) => [.. family["members"]!.AsArray().Select(member => $"{member!["name"]}: {member["strengthFrom"]}")];

    [Fact]
    public void Diagnose_All_RanksTheModelBehindTheNetworkFirst()
    {
        string file = new SyntheticNetwork().Save(folder.File("network.npz"));
        ToolRun run = ToolRun.Of("diagnose", file, "--global-mean", "none", "--no-remedies", "--json");
        Assert.Equal(0, run.ExitCode);
        JsonNode family = run.Json["family"]!;
        Assert.Equal(["lpm: budgets", "ufm: budgets"], Members(family));
        Assert.Equal(0, (double)family["members"]![0]!["misfit"]!, NoiseTolerance);
        Assert.Equal(1, (double)family["members"]![0]!["goodness"]!, NoiseTolerance);
        Assert.InRange((double)family["members"]![1]!["misfit"]!, 0.05, 2);
        Assert.True((bool)family["isDescribed"]!);
        Assert.Null(run.Json["nearestGroups"]);
        ToolRun table = ToolRun.Of("diagnose", file, "--global-mean", "none");
        Assert.Contains("The network is described best by lpm (measured budgets), misfit ", table.Output, StringComparison.Ordinal);
        Assert.Equal("", table.Error);
    }

    [Fact]
    public void Diagnose_Lpm_IsTheComparisonAlone()
    {
        string file = new SyntheticNetwork().Save(folder.File("network.npz"));
        ToolRun run = ToolRun.Of("diagnose", file, "--model", "lpm", "--no-remedies", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Null(run.Json["family"]);
        JsonNode whole = ToolRun.Of("diagnose", file, "--no-remedies", "--json").Json;
        Assert.Equal(run.Json["groups"]!.ToJsonString(), whole["groups"]!.ToJsonString());
    }

    [Theory]
    [InlineData("all")]
    [InlineData("ufm")]
    public void Diagnose_WeightDecayAndBias_IsDescribedByThatMember(string model)
    {
        (string file, LayerPeeledSolution optimum) = Decayed();
        ToolRun run = ToolRun.Of("diagnose", file, "--model", model, "--weight-decay", "0.08", "--global-mean", "none", "--no-remedies", "--json");
        Assert.Equal(0, run.ExitCode);
        string[] members = Members(run.Json["family"]!);
        Assert.Equal("ufm, bias decayed: weight decay", members[0]);
        Assert.Equal(model == "all", members.Contains("lpm: budgets"));
        Assert.Equal(0, (double)run.Json["family"]!["members"]![0]!["misfit"]!, 1e-6);
        Assert.Equal(Decay, (double)run.Json["family"]!["members"]![0]!["biasPenalty"]!, 1e-12);

        // The groups of the nearest member are those of the network.
        foreach (JsonNode? group in run.Json[model == "all" ? "nearestGroups" : "groups"]!.AsArray())
        {
            Assert.Equal((double)group!["measured"]!["classifierCosine"]!, (double)group["predicted"]!["classifierCosine"]!, 1e-6);
            Assert.Equal((double)group["measured"]!["meanNorm"]!, (double)group["predicted"]!["meanNorm"]!, 1e-6);
        }

        Assert.Equal(model == "ufm", run.Json["prediction"]!["classifierPenalty"] is not null);
        Assert.Equal(optimum.Groups[1].ClassifierCosine, (double)run.Json["groups"]![1]!["measured"]!["classifierCosine"]!, 1e-9);
        ToolRun table = ToolRun.Of("diagnose", file, "--model", model, "--weight-decay", "0.08,0.08", "--global-mean", "none", "--no-remedies");
        Assert.Contains("The network is described best by ufm, bias decayed (weight decay)", table.Output, StringComparison.Ordinal);
        Assert.Equal(model == "all", table.Output.Contains("; predicted by ufm, bias decayed (weight decay)", StringComparison.Ordinal));
    }

    [Fact]
    public void Diagnose_ClassifierAlone_FindsTheMember()
    {
        (string file, LayerPeeledSolution optimum) = Decayed();
        string counts = folder.File("counts.csv"), csv = folder.File("members.csv");
        File.WriteAllLines(counts, Counts.Select(n => $"{n}"));
        ToolRun run = ToolRun.Of("diagnose", file, "--counts", counts, "--weight-decay", "0.08", "--json", "--csv", csv);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("ufm, bias decayed: weight decay", Members(run.Json)[0]);
        Assert.Equal(3, run.Json["members"]!.AsArray().Count);
        Assert.Equal(0, (double)run.Json["members"]![0]!["misfit"]!, 1e-6);
        Assert.Equal(Decay / Counts.Sum(), (double)run.Json["members"]![0]!["featurePenalty"]!, 1e-7);
        Assert.Equal(4, File.ReadAllLines(csv).Length);

        string weight = folder.File("weight.npy");
        File.WriteAllBytes(weight, NumpyFiles.Matrix(optimum.Classifier));
        ToolRun alone = ToolRun.Of("diagnose", "--weight", weight, "--counts", counts);
        Assert.Equal(0, alone.ExitCode);
        Assert.Contains("fitted", alone.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("cos(m, m')", alone.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("bias", alone.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_FamilyOptionsThatAreWrong_AreNamed()
    {
        string file = new SyntheticNetwork().Save(folder.File("network.npz"));
        string counts = folder.File("counts.csv");
        File.WriteAllLines(counts, ["3", "4"]);
        foreach ((string[] arguments, string said) in new (string[], string)[]
        {
            (["--weight-decay", "-1"], "--weight-decay '-1' is not allowed"),
            (["--weight-decay", "0"], "--weight-decay '0' is not allowed"),
            (["--weight-decay", "1e-3,0"], "the network has none"),
            (["--lambda-h", "1e-3"], "--lambda-h has no meaning without --weight-decay"),
            (["--model", "lpm", "--weight-decay", "1e-3"], "has no meaning with --model lpm"),
            (["--model", "svm"], "one of lpm, ufm, all is expected"),
            (["--counts", counts], "has 2 classes and 'weight' 10 rows"),
            (["--counts", counts, "--global-mean", "none"], "--global-mean has no meaning with --counts"),
            (["--counts", counts, "--plot", "x.svg"], "--plot has no meaning with --counts"),
            (["--counts", folder.File("none.csv")], "none.csv"),
        })
        {
            ToolRun run = ToolRun.Of(["diagnose", file, .. arguments]);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(said, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Diagnose_SquaredError_LeavesOutWhatHasNothingToSolve()
    {
        (string file, _) = Decayed();
        ToolRun run = ToolRun.Of("diagnose", file, "--loss", "mse", "--weight-decay", "1e-3", "--global-mean", "none", "--json");
        Assert.Contains(run.Json["family"]!["members"]!.AsArray(), member => (string)member!["strengthFrom"]! == "weight decay");
        Assert.Contains(run.Json["notes"]!.AsArray(), note => ((string)note!).StartsWith("lpm (measured budgets) was left out: ", StringComparison.Ordinal));
    }
}
