using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Data.Numpy;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Tests.Commands;

/// <summary>Relatives of the model through <c>solve --model</c>, against closed forms, oracles and <c>compare</c>.</summary>
public sealed class RelativeCommandTests : IDisposable
{
    // What solves leave of an optimum: gaps of 1e-10, or 1e-8 on spheres
    private const double SolveError = 1e-7;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string, int> Certified => Each("svm", "relu --ew 1 --eh 5", "relu --lambda-w 1e-3 --lambda-h 1e-3", "supcon --eh 5", "sphere");

    public static TheoryData<string, string, int> Experiments => Each("qnorm --ew 1 --eh 1 --starts 3", "deep --lambda-w 1e-3 --lambda-h 1e-3 --starts 2");

    [Theory]
    [MemberData(nameof(Certified))]
    public void Solve_MemberWithCertificate_IsOptimalWithAGapThatClosed(string model, string classes, int groups)
    {
        ToolRun run = ToolRun.Split($"solve --model {model} {classes} --json");
        JsonNode json = run.Json;
        Assert.Equal((0, "Optimal", ""), (run.ExitCode, (string?)json["status"], run.Error));
        Assert.True((double)json["relativeGap"]! <= (double)json["gapTolerance"]!);
        Assert.True((double)json["lowerBound"]! <= (double)json["objective"]! * (1 + 1e-14));
        AssertGroups(json, groups);
    }

    [Theory]
    [MemberData(nameof(Experiments))]
    public void Solve_MemberWithoutCertificate_IsALocalSolution(string model, string classes, int groups)
    {
        ToolRun run = ToolRun.Split($"solve --model {model} {classes} --json");
        Assert.Equal((1, "Stationary"), (run.ExitCode, (string?)run.Json["status"]));
        Assert.Null(run.Json["gapTolerance"]);
        AssertGroups(run.Json, groups);
        string text = ToolRun.Split($"solve --model {model} {classes}").Output;
        Assert.StartsWith("Stationary: a local solution, the best of ", text, StringComparison.Ordinal);
    }

    // Section 8 of the mathematics: K = 10, R = 10
    [Fact]
    public void Solve_LargestMargin_HasTheGeometryOfSeli()
    {
        JsonNode json = Json("svm --classes 5x100,5x10"), major = json["groups"]![0]!, minor = json["groups"]![1]!;
        Assert.Equal(2.6721, (double)major["classifierNorm2"]! / (double)minor["classifierNorm2"]!, 4);
        Assert.Equal(0.35083, (double)major["featureNorm2"]! / (double)minor["featureNorm2"]!, 5);
        Assert.Equal(0.03337, (double)minor["classifierCosine"]!, 5);
        Assert.Equal(-0.13868, (double)json["classifierCosines"]![0]![1]!, 5);
        Assert.Equal(-0.18675, (double)minor["featureCosine"]!, 5);
        // What features count per class tends to is the simplex ETF, and what budgets do to it is a scale.
        JsonNode perClass = Json("svm --classes 5x100,5x10 --features per-class --ew 2 --eh 3");
        Assert.Equal(0, (double)perClass["checks"]!["etfDistance"]!, 1e-12);
        Assert.Equal(2, (double)perClass["groups"]![1]!["classifierNorm2"]!, 1e-12);
        Assert.Equal(Math.Sqrt(6) * 10 / 9, (double)perClass["margin"]!, 1e-12);
    }

    // Section 8: n = (40, 20, 6), λ_W = 0.02, λ_H = 0.0008
    [Theory]
    [InlineData("")]
    [InlineData("--method descent")]
    public void Solve_Rectified_HasTheOptimumOfTheClosedForm(string method)
    {
        ToolRun run = ToolRun.With("40\n20\n6\n", CancellationToken.None,
            $"solve --model relu --counts - --lambda-w 0.02 --lambda-h 0.0008 --json {method}".Split(' ', StringSplitOptions.RemoveEmptyEntries));
        JsonNode json = run.Json;
        Assert.Equal((0, "Optimal"), (run.ExitCode, (string?)json["status"]));
        Assert.Equal(0.20570234, (double)json["objective"]!, 8);
        Assert.Equal(0.20570234, (double)json["closedForm"]!["objective"]!, 8);
        if (method.Length > 0)
        {
            Assert.True((double)json["closedForm"]!["distance"]! < 1e-4);
            Assert.Equal(0, (double)json["checks"]!["leastFeature"]!);
        }
        else
        {
            Assert.Equal([4.0374, 3.6762, 3.0315], json["margins"]!.AsArray().Select(row => Math.Round((double)row!["margin"]!, 4)));
        }
    }

    [Theory]
    [InlineData("supcon --classes 8x30 --eh 3")]
    [InlineData("supcon --classes 8x30 --eh 1 --temperature 0.2 --denominator other-samples")]
    [InlineData("sphere --classes 8x30")]
    [InlineData("sphere --classes 8x30 --ew 2 --eh 3 --temperature 0.5 --dimension 7")]
    public void Solve_BalancedClasses_MeetTheSimplexEtf(string model)
    {
        JsonNode closedForm = Json(model)["closedForm"]!;
        Assert.Equal(0, (double)closedForm["objectiveDifference"]!, SolveError);
        Assert.Equal(0, (double)closedForm["distance"]!, 1e-5);
    }

    [Theory]
    [InlineData("relu", "--ew 1 --eh 5")]
    [InlineData("supcon", "--eh 5")]
    [InlineData("sphere", "--ew 1 --eh 5")]
    public void Solve_SameClassesAsCompare_HasTheSameNumbers(string model, string budgets)
    {
        JsonNode json = Json($"{model} --classes 4x60,3x20 {budgets}");
        JsonNode compared = ToolRun.Split($"compare --classes 4x60,3x20 --ew 1 --eh 5 --models {model} --json").Json["members"]![0]!;
        Assert.Equal((double)compared["objective"]!, (double)json["objective"]!, 1e-9);
        Assert.Equal((double)compared["feature"]!["minorityCosine"]!, (double)json["groups"]![1]!["featureCosine"]!, 1e-6);
        Assert.Equal((int)compared["collapsedClasses"]!, (int)json["collapsedClasses"]!);
    }

    // Minority collapse of the contrastive loss where the anchor counts itself: ω_k ≤ λ
    [Theory]
    [InlineData(2, 5)]
    [InlineData(3, 0)]
    public void Solve_Contrastive_CollapsesByTheLaw(double budget, int collapsed)
    {
        JsonNode json = Json($"supcon --classes 5x100,5x10 --eh {budget}");
        Assert.Equal(collapsed, (int)json["collapsedClasses"]!);
        Assert.Equal(collapsed > 0, 10.0 / 550 <= (double)json["multiplier"]!);
        Assert.Null(json["groups"]![0]!["classifierNorm2"]);
    }

    // Six points in space: the octahedron, with nothing proven
    [Fact]
    public void Solve_SphereInFewDimensions_SaysThatTheCertificateIsOpen()
    {
        ToolRun run = ToolRun.Split("solve --model sphere --classes 6x1 --dimension 3 --temperature 0.1 --json");
        Assert.Equal((1, "Stationary"), (run.ExitCode, (string?)run.Json["status"]));
        Assert.True((double)run.Json["relativeGap"]! > 0.1);
        Assert.Equal(0, (double)run.Json["groups"]![0]!["largestClassifierCosine"]!, 1e-6);
        Assert.Equal(1, (double)run.Json["checks"]!["oneVersusRestDistance"]!, 1e-6);
    }

    // (1/3)·Σ‖h‖_4^4 ≤ 1: better than the best simplex ETF, log(1 + 2·e^{−1.5·2^{1/4}})
    [Fact]
    public void Solve_PowerNorm_IsBetterThanASimplexEtf()
    {
        JsonNode json = Json("qnorm --classes 3x1 --ew 1 --eh 1");
        Assert.True((double)json["objective"]! < Math.Log(1 + (2 * Math.Exp(-1.5 * Math.Pow(2, 0.25)))) - 0.01);
        Assert.Equal(1, (double)json["checks"]!["featureBudgetUsed"]!, 1e-9);
        Assert.Null(json["lowerBound"]);
    }

    [Fact]
    public void Solve_DeepWithSquaredError_MeetsTheOrthogonalFrameWithoutCallingItProven()
    {
        ToolRun run = ToolRun.Split("solve --model deep --classes 3x50,2x10 --lambda-w 1e-3 --lambda-h 1e-3 --loss mse --json");
        Assert.Equal((1, "Stationary"), (run.ExitCode, (string?)run.Json["status"]));
        Assert.Equal(0, (double)run.Json["closedForm"]!["objectiveDifference"]!, 1e-10);
        Assert.Equal(0, (double)run.Json["closedForm"]!["distance"]!, 1e-6);
    }

    // Súkeník, Lampert, Mondelli 2024: points of lower rank are better than the collapsed one.
    [Fact]
    public void Solve_DeepWithCrossEntropy_IsBelowTheCollapsedPointAndAboveTheBound()
    {
        JsonNode json = Json("deep --layers 3 --classes 10x1 --lambda-w 1e-3 --lambda-h 1e-3 --starts 2");
        Assert.True((double)json["closedForm"]!["objectiveDifference"]! < 0);
        Assert.True((int)json["rank"]! < 9);
        Assert.InRange((double)json["lowerBound"]!, 0.01, (double)json["objective"]!);
    }

    [Theory]
    [InlineData("", "Optimal", 0)]
    [InlineData("--dimension 1", "Stationary", 1)]
    public void Solve_Regression_ShrinksEveryDirection(string more, string status, int exitCode)
    {
        double[,] targets = { { 2, 1 }, { -2, 1 }, { 2, -1 }, { -2, -1 } };
        string file = Values(targets);
        ToolRun run = ToolRun.Split($"solve --model regression --values {file} --lambda-w 0.04 --lambda-h 0.0625 --bias --json {more}");
        Assert.Equal((exitCode, status), (run.ExitCode, (string?)run.Json["status"]));
        // c = √(N·λ_W·λ_H) = 0.1
        Assert.Equal(0.1, (double)run.Json["shrinkage"]!, 1e-12);
        Assert.Equal([2, 1], run.Json["directions"]!.AsArray().Select(row => Math.Round((double)row!["targets"]!, 9)));
        Assert.Equal([1.9, exitCode == 0 ? 0.9 : 0], run.Json["directions"]!.AsArray().Select(row => Math.Round((double)row!["predictions"]!, 9)));
        Assert.Equal(0, (double)run.Json["closedForm"]!["objectiveDifference"]!, 1e-12);
    }

    [Fact]
    public void Solve_NormsOfEachClass_AreThoseOfTheirRowsInTheArchive()
    {
        string file = Path.Combine(folder.Path, "point.npz");
        ToolRun run = ToolRun.With("10\n100\n10\n100\n", CancellationToken.None,
            $"solve --model sphere --counts - --classifier-norms 1,4,9,16 --starts 1 --out {file}".Split(' '));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        using var archive = new NpzArchive(File.OpenRead(file), file);
        Matrix<double> weight = Read(archive, "weight"), means = Read(archive, "means");
        Assert.Equal([1, 4, 9, 16], weight.EnumerateRows().Select(row => Math.Round(row.DotProduct(row), 9)));
        Assert.Equal((4, 4), (means.RowCount, means.ColumnCount));
        // Each class is nearest to its own mean.
        Matrix<double> logits = weight * means;
        Assert.All(Enumerable.Range(0, 4), k => Assert.Equal(k, logits.Column(k).MaximumIndex()));
    }

    [Fact]
    public void Verify_ArchiveOfARelative_IsRefusedInALine()
    {
        string file = Path.Combine(folder.Path, "point.npz");
        Assert.Equal(0, ToolRun.Of("solve", "--model", "svm", "--classes", "3x5", "--out", file).ExitCode);
        ToolRun run = ToolRun.Of("verify", file);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("claims nothing that could be verified", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, ToolRun.Of("etf", file).ExitCode);
    }

    [Theory]
    [InlineData("supcon --classes 5x100,5x10 --eh 5")]
    [InlineData("sphere --classes 5x100,5x10")]
    [InlineData("qnorm --classes 5x100,5x10 --ew 1 --eh 1")]
    [InlineData("deep --classes 5x100,5x10 --lambda-w 1e-3 --lambda-h 1e-3")]
    [InlineData("relu --classes 5x100,5x10 --ew 1 --eh 1 --method descent")]
    public void Solve_Interrupted_PrintsWhatThereIs(string model)
    {
        ToolRun run = ToolRun.With("", new CancellationToken(canceled: true), $"solve --model {model}".Split(' '));
        Assert.Equal(130, run.ExitCode);
        Assert.StartsWith("Cancelled: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Cosines between class means", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("svm --classes 5x100,5x10 --ew 1 --bias", "--bias has no meaning with --model svm, which takes --ew, --eh, --features, --loss, --dimension, --gap.")]
    [InlineData("svm --classes 5x100,5x10 --weights 1,2", "--weights '1,2' has no meaning with --model svm")]
    [InlineData("svm --classes 5x100,5x0", "--model 'svm': Every class must have a margin; group 1 has the count 0")]
    [InlineData("svm --classes 5x100,5x10 --dimension 3", "--model 'svm': The geometry of 10 classes needs p ≥ 9, the model has 3.")]
    [InlineData("supcon --classes 5x100 --eh 5 --ew 1", "--ew '1' has no meaning with --model supcon, which takes --weights, --eh, --temperature,")]
    [InlineData("supcon --classes 5x2.5 --eh 5", "counts must be whole numbers")]
    [InlineData("supcon --classes 5x100", "--eh is required")]
    [InlineData("sphere --classes 5x100 --lambda-w 1e-3", "--lambda-w '1e-3' has no meaning with --model sphere")]
    [InlineData("sphere --classes 400x10", "--model 'sphere' is solved class by class, for at most 300 classes; there are 400.")]
    [InlineData("sphere --classes 2x10,3x5 --classifier-norms 1,2,3", "--classifier-norms has 3 numbers; one for each group of --classes is expected, that is 2.")]
    [InlineData("sphere --classes 2x10,3x5 --feature-norms 1,2 --eh 3", "--eh '3' and --feature-norms are given")]
    [InlineData("qnorm --classes 5x100 --ew 1 --eh 1 --gap 0.1", "--gap '0.1' has no meaning with --model qnorm")]
    [InlineData("qnorm --classes 5x100 --ew 1 --eh 1 --exponent 1", "--exponent '1' is not allowed: it must be a number above 1 and at most 64.")]
    [InlineData("deep --classes 5x100 --lambda-w 1e-3", "--lambda-h is required with --model deep")]
    [InlineData("deep --classes 5x100 --lambda-w 1e-3 --lambda-h 1e-3 --layers 1", "one layer is --model ufm")]
    [InlineData("relu --classes 5x100 --ew 1 --eh 1 --lambda-h 1", "--ew '1' and --lambda-h '1' are given")]
    [InlineData("relu --classes 5x100 --ew 1 --eh 1 --method sdp", "--method 'sdp' is not for --model relu; closed-form or descent is expected.")]
    [InlineData("relu --classes 5x100 --ew 1 --eh 1 --starts 2", "--starts '2' has no meaning with --model relu in closed form")]
    [InlineData("regression --classes 5x100 --lambda-w 1 --lambda-h 1", "--classes '5x100' has no meaning with --model regression, which takes --values,")]
    [InlineData("regression --lambda-w 1 --lambda-h 1", "--values is required with --model regression")]
    [InlineData("svm --classes 5x100 --out solution.json", "--out 'solution.json' is not allowed with --model svm, whose solutions 'verify' does not read: it must end in .npz.")]
    [InlineData("svm --classes 3000x100 --out solution.npz", "of at most 2000 classes; there are 3000.")]
    [InlineData("lpm --classes 5x100 --ew 1 --eh 1 --temperature 2", "--temperature '2' has no meaning with --model lpm; it is an option of --model supcon, sphere, qnorm.")]
    [InlineData("ufm --classes 5x100 --lambda-w 1 --lambda-h 1 --layers 2", "--layers '2' has no meaning with --model ufm; it is an option of --model deep.")]
    public void Solve_OptionOfAnotherModel_IsRefusedWithWhatIsAllowed(string model, string message)
    {
        ToolRun run = ToolRun.Split($"solve --model {model}");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("svm --classes 5x100,5x10")]
    [InlineData("relu --classes 5x100,5x10 --ew 1 --eh 5")]
    [InlineData("supcon --classes 5x100 --eh 5")]
    [InlineData("qnorm --classes 3x100,3x10 --ew 1 --eh 1 --starts 1")]
    [InlineData("deep --classes 3x100,3x10 --lambda-w 1e-3 --lambda-h 1e-3 --starts 1")]
    public void Solve_Text_FitsEightyColumns(string model) =>
        Assert.All(ToolRun.InTerminal(80, $"solve --model {model}".Split(' ')).Output.Split('\n'), line => Assert.True(line.Length <= 80, line));

    // Balanced classes with cross-entropy, squared error without a bias; not where they are known to have none
    [Theory]
    [InlineData("--classes 6x50 --ew 1 --eh 5", "simplex ETF; objective ")]
    [InlineData("--classes 6x50 --ew 1 --eh 500", "simplex ETF; objective ")]
    [InlineData("--classes 6x50 --model ufm --lambda-w 1e-3 --lambda-h 1e-4 --bias", "simplex ETF; objective ")]
    [InlineData("--classes 3x50,3x5 --model ufm --lambda-w 1e-3 --lambda-h 1e-4 --loss mse", "orthogonal frame; objective ")]
    public void Solve_ModelWithAClosedForm_SaysHowFarItIs(string model, string expected)
    {
        string line = Assert.Single(ToolRun.Split($"solve {model}").Output.Split('\n'), line => line.StartsWith("closed form  ", StringComparison.Ordinal));
        Assert.Contains(expected, line, StringComparison.Ordinal);
        string[] numbers = [.. line.Split(' ').Where(word => word.Contains('e', StringComparison.Ordinal)).Select(word => word.TrimEnd(',')).Where(word => double.TryParse(word, out _))];
        Assert.Equal(2, numbers.Length);
        Assert.All(numbers, number => Assert.Equal(0, double.Parse(number), SolveError));
    }

    [Theory]
    [InlineData("--classes 3x50,3x5 --ew 1 --eh 5")]
    [InlineData("--classes 6x50 --ew 1 --eh 5 --dimension 3")]
    [InlineData("--classes 6x50 --ew 1 --eh 5 --loss ovr")]
    public void Solve_ModelWithoutAClosedForm_SaysNothingOfIt(string model) =>
        Assert.DoesNotContain("closed form", ToolRun.Split($"solve {model}").Output, StringComparison.Ordinal);

    private static TheoryData<string, string, int> Each(params string[] models)
    {
        var data = new TheoryData<string, string, int>();
        foreach (string model in models)
        {
            data.Add(model, "--classes 6x50", 1);
            data.Add(model, "--classes 3x100,3x10", 2);
            data.Add(model, "--long-tail 6,100,20", 6);
        }

        return data;
    }

    private static JsonNode Json(string model) => ToolRun.Split($"solve --model {model} --json").Json;

    private static void AssertGroups(JsonNode json, int groups)
    {
        Assert.Equal(6, (int)json["classCount"]!);
        Assert.Equal(groups, json["groups"]!.AsArray().Count);
        Assert.Equal(6, json["groups"]!.AsArray().Sum(group => (int)group!["classes"]!));
        Assert.All(json["groups"]!.AsArray(), group => Assert.NotEqual((double)group!["featureNorm2"]! > 0, (double)group["featureNorm2"]! == 0 && (bool)group["collapsed"]!));
        Assert.Equal(groups, json["featureCosines"]!.AsArray().Count);
    }

    private string Values(double[,] values)
    {
        string path = Path.Combine(folder.Path, "values.npy");
        using FileStream stream = File.Create(path);
        NpyWriter.Write(stream, Matrix<double>.Build.DenseOfArray(values));
        return path;
    }

    private static Matrix<double> Read(NpzArchive archive, string name)
    {
        using NpyReader reader = archive.Open(name);
        return reader.ReadMatrix();
    }
}
