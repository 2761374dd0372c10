using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Data.Numpy;
using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Analysis.Metrics;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Tests.Commands;

/// <summary><c>metrics</c>, <c>diagnose</c> and <c>example</c>.</summary>
public sealed class NetworkCommandTests : IDisposable
{
    // The noise of the features, and single precision, move angles and norms by about as much.
    private const double NoiseTolerance = 1e-3;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Metrics_EveryEncoding_MeasuresTheOptimum(bool singlePrecision, bool fortran)
    {
        var network = new SyntheticNetwork();
        ToolRun run = ToolRun.Of("metrics", network.Save(folder.File("network.npz"), singlePrecision, fortran), "--global-mean", "none", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(1, (double)run.Json["classifierBudget"]!, NoiseTolerance);
        Assert.Equal(5, (double)run.Json["uncentredFeatureBudget"]!, NoiseTolerance);
        Assert.Equal(310, (int)run.Json["sampleCount"]!);
        JsonArray groups = run.Json["groups"]!.AsArray();
        Assert.Equal(2, groups.Count);
        Assert.Equal(60, (int)groups[0]!["largestCount"]!);
        Assert.Equal(network.Optimum.ClassifierCosines[0, 0], (double)groups[0]!["classifierCosine"]!["mean"]!, NoiseTolerance);
        Assert.Equal(1, (double)groups[1]!["classifierCosine"]!["mean"]!, NoiseTolerance);
        Assert.Equal(Math.Sqrt(network.Optimum.Groups[1].FeatureNorm2), (double)groups[1]!["meanNorm"]!["mean"]!, NoiseTolerance);
        Assert.Equal([-7, 3, 13, 23, 33, 43, 53, 63, 73, 83], run.Json["classes"]!.AsArray().Select(c => (int)c!["label"]!));
        Assert.InRange((double)run.Json["nc4"]!["classifierAccuracy"]!, 300.0 / 310, 1);
        Assert.Contains(run.Json["notes"]!.AsArray(), note => ((string)note!).StartsWith("No bias was given", StringComparison.Ordinal));
    }

    [Fact]
    public void Metrics_SingleFilesBiasAndRowLabels_TakeThePlaceOfTheArchive()
    {
        var network = new SyntheticNetwork();
        string archive = network.Save(folder.File("network.npz")), rows = Npy("rows.npy", NumpyFiles.Labels(83, 73, 63, 53, 43, 33, 23, 13, 3, -7));
        var reversed = Matrix<double>.Build.DenseOfRowVectors(network.Classifier.EnumerateRows().Reverse());
        string weight = Npy("weight.npy", NumpyFiles.Matrix(reversed)), bias = Npy("bias.npy", NumpyFiles.Vector(new double[10]));
        JsonNode plain = ToolRun.Of("metrics", archive, "--json").Json;
        JsonNode given = ToolRun.Of("metrics", archive, "--weight", weight, "--bias", bias, "--row-labels", rows, "--json").Json;
        Assert.Equal((double)plain["nc3"]!["distance"]!, (double)given["nc3"]!["distance"]!, 1e-12);
        Assert.Empty(given["notes"]!.AsArray());
        ToolRun files = ToolRun.Of(
            "metrics", "--features", Npy("f.npy", NumpyFiles.Matrix(network.Features)), "--labels", Npy("l.npy", NumpyFiles.Labels(network.Labels)), "--json");
        Assert.Equal(0, files.ExitCode);
        Assert.Null(files.Json["nc3"]);
        Assert.Equal((double)plain["nc1"]!["pseudoInverse"]!, (double)files.Json["nc1"]!["pseudoInverse"]!, 1e-12);
    }

    [Fact]
    public void Metrics_PairsOfClasses_AreInTheJsonAndTheTable()
    {
        var network = new SyntheticNetwork(8);
        string file = network.Save(folder.File("network.npz"));
        JsonNode json = ToolRun.Of("metrics", file, "--global-mean", "none", "--json").Json;
        double[] cosines = [.. Enumerable.Range(0, 10).SelectMany(j => Enumerable.Range(0, j), (j, k) =>
            network.Classifier.Row(j) * network.Classifier.Row(k) / network.Classifier.Row(j).L2Norm() / network.Classifier.Row(k).L2Norm())];
        Assert.Equal(cosines.Average(Math.Abs), (double)json["nc2Classifiers"]!["interference"]!, 1e-9);
        Assert.Equal(cosines.Average(cos => -0.5 * Math.Log(2 - (2 * cos))), (double)json["nc2Classifiers"]!["logarithmicKernelMean"]!, 1e-9);
        Assert.InRange((double)json["classDistanceNormalisedVariance"]!["mean"]!, 1e-12, 1e-6);
        Assert.InRange((double)json["nc3"]!["uniformDuality"]!, 0, 1e-3);
        Assert.Null(json["nc5"]);
        ToolRun table = ToolRun.Of("metrics", file);
        foreach (string fact in new[] { "CDNV  ", "GNC2 class means  ", "GNC2 classifiers  ", "UNC3  " })
        {
            Assert.Contains(fact, table.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Metrics_OtherFeatures_GiveTheirAngleToTheClassMeans()
    {
        var network = new SyntheticNetwork();
        string file = network.Save(folder.File("network.npz"));

        // The optimum has rank 9 or less in 12 dimensions: what is left is orthogonal to every class mean, but for the noise.
        Matrix<double> left = network.Optimum.ClassMeans.QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Full).Q.SubMatrix(0, 12, 10, 2).Transpose();
        JsonNode orthogonal = ToolRun.Of("metrics", file, "--ood-features", Npy("ood.npy", NumpyFiles.Matrix(left)), "--json").Json;
        Assert.Equal(2, (int)orthogonal["outOfDistributionSamples"]!);
        Assert.InRange((double)orthogonal["nc5"]!["mean"]!, 0, NoiseTolerance);
        string same = Npy("same.npy", NumpyFiles.Matrix(network.Optimum.ClassMeans.Transpose().SubMatrix(0, 1, 0, 12)));
        ToolRun own = ToolRun.Of("metrics", file, "--ood-features", same);
        Assert.Equal(0, own.ExitCode);
        Assert.Contains("NC5", own.Output, StringComparison.Ordinal);
        Assert.Equal(1, (double)ToolRun.Of("metrics", file, "--ood-features", same, "--json").Json["nc5"]!["maximum"]!, NoiseTolerance);
        ToolRun wrong = ToolRun.Of("metrics", file, "--ood-features", Npy("wrong.npy", NumpyFiles.Matrix(left.SubMatrix(0, 2, 0, 3))));
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("2×3", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_GlobalMeans_DifferAndAreNamed()
    {
        string file = new SyntheticNetwork().Save(folder.File("network.npz"));
        double[] distances = new[] { "class-means", "samples", "none" }.Select(mean =>
        {
            JsonNode json = ToolRun.Of("metrics", file, "--global-mean", mean, "--json").Json;
            Assert.Equal(mean, (string?)json["globalMean"]);
            return (double)json["nc3"]!["distance"]!;
        }).ToArray();
        Assert.Equal(3, distances.Distinct().Count());
    }

    [Fact]
    public void Metrics_Csv_HasARowAGroup()
    {
        string file = folder.File("groups.csv");
        Assert.Equal(0, ToolRun.Of("metrics", new SyntheticNetwork().Save(folder.File("network.npz")), "--csv", file).ExitCode);
        string[] lines = File.ReadAllLines(file);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("1,5,60,60,", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines[0].Split(',').Length, lines[2].Split(',').Length);
    }

    [Theory]
    [InlineData(60, 5, false, false)]
    [InlineData(60, 5, true, true)]
    [InlineData(8, 0, true, false)]
    public void Diagnose_NetworkAtItsOptimum_IsPredicted(int majority, int below, bool singlePrecision, bool fortran)
    {
        var network = new SyntheticNetwork(majority);
        ToolRun run = ToolRun.Of("diagnose", network.Save(folder.File("network.npz"), singlePrecision, fortran), "--global-mean", "none", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("Optimal", (string?)run.Json["prediction"]!["status"]);
        Assert.Equal(below, (int)run.Json["classesBelowCriticalSize"]!);
        Assert.Equal(below == 0 ? [] : [43, 53, 63, 73, 83], run.Json["collapsedClasses"]!.AsArray().Select(c => (int)c!["label"]!).Order());
        foreach (JsonNode? group in run.Json["groups"]!.AsArray())
        {
            foreach (string number in new[] { "classifierCosine", "meanCosine", "classifierNorm", "meanNorm" })
            {
                Assert.Equal((double)group!["predicted"]![number]!, (double)group["measured"]![number]!, NoiseTolerance);
            }
        }

        if (below == 0)
        {
            Assert.Empty(run.Json["remedies"]!.AsArray());
            return;
        }

        // R^(1−τ) = R_0 = 12.192, R = 30
        Assert.Equal(1 - (Math.Log(12.192447080325935) / Math.Log(30)), (double)run.Json["weakest"]!["exponent"]!, 2e-3);
        Assert.All(run.Json["remedies"]!.AsArray(), remedy => Assert.Equal(0, (int)remedy!["classesStillBelowCriticalSize"]!));
    }

    [Fact]
    public void Diagnose_TrainedWithBalancingWeights_PredictsASimplexEtf()
    {
        string file = new SyntheticNetwork().Save(folder.File("network.npz"));
        ToolRun run = ToolRun.Of("diagnose", file, "--weights", "1,1,1,1,1,30,30,30,30,30", "--global-mean", "none", "--json", "--no-remedies");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(0, (int)run.Json["classesBelowCriticalSize"]!);
        Assert.Equal(-1.0 / 9, (double)run.Json["groups"]![1]!["predicted"]!["classifierCosine"]!, 1e-6);
    }

    [Fact]
    public void Diagnose_Table_SaysWhoCollapsesAndWhatHelps()
    {
        string csv = folder.File("groups.csv");
        ToolRun run = ToolRun.Of("diagnose", new SyntheticNetwork().Save(folder.File("network.npz")), "--global-mean", "none", "--csv", csv);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("The model collapses 5 of 10 classes", run.Output, StringComparison.Ordinal);
        Assert.Contains("Labels at or below n*: 43, 53, 63, 73, 83", run.Output, StringComparison.Ordinal);
        Assert.Contains("Weakest power that separates them", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllLines(csv).Length);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Diagnose_Plot_DrawsMeasuredAndPredicted()
    {
        string plot = folder.File("figure.svg");
        string network = new SyntheticNetwork().Save(folder.File("network.npz"));
        Assert.Equal(0, ToolRun.Of("diagnose", network, "--global-mean", "none", "--plot", plot, "--no-remedies").ExitCode);
        var svg = new Svg(File.ReadAllText(plot));
        Assert.Equal(
            ["cosines between classifiers", "norms of classifiers", "cosines between class means", "norms of class means"], svg.Titles("panel"));
        Assert.Equal(4, svg.Titles("series").Count(title => title == "measured"));
        Assert.Contains("examples of a class", svg.Texts);

        // The network is at its optimum: both curves have the same corners, a mark apart at most.
        (double X, double Y)[][] curves = svg.Groups("series").Take(2).Select(Svg.Corners).ToArray();
        Assert.Equal(2, curves[0].Length);
        Assert.All(curves[0].Zip(curves[1]), pair => Assert.Equal(pair.First.Y, pair.Second.Y, 0.5));
        ToolRun wrong = ToolRun.Of("diagnose", network, "--plot", folder.File("figure.png"));
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("figure.png", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5x400,5x4", "1e4", false)]
    [InlineData("5x400,5x40", "5", true)]
    [InlineData("6x40", "50", false)]
    public void Diagnose_Plot_MarksEveryGroupOnAnAxisOfItsCounts(string classes, string features, bool nearby)
    {
        string network = folder.File("network.npz"), plot = folder.File("figure.svg");
        ToolRun.Of("example", network, "--classes", classes, "--ew", "1", "--eh", features, "--noise", "1e-3");
        Assert.Equal(0, ToolRun.Of("diagnose", network, "--global-mean", "none", "--plot", plot, "--no-remedies").ExitCode);
        var svg = new Svg(File.ReadAllText(plot));
        int groups = classes.Split(',').Length;

        // The curve and a marker a group.
        Assert.All(svg.Groups("series"), series => Assert.Equal(groups, series.Elements().Count(element => element.Name.LocalName == "path")));
        Assert.Equal(nearby ? 4 : 0, svg.Groups("reference").Count());
        Assert.Equal(nearby ? 4 : 0, svg.Texts.Count(text => text == "n*"));
        Assert.Equal(!nearby, svg.Texts.Any(text => text.StartsWith("n* = ", StringComparison.Ordinal) && text.EndsWith("lies to the left of the axes.", StringComparison.Ordinal)));

        // The counts fill the axis.
        (double X, double Y)[] corners = Svg.Corners(svg.Groups("series").First());
        Assert.True(groups == 1 || corners[^1].X - corners[0].X > 200);
    }

    [Fact]
    public void Diagnose_DefaultGroupsAndOrigin_AreThoseOfTheLibrary()
    {
        string file = folder.File("network.npz");
        ToolRun.Of("example", file, "--long-tail", "10,500,100", "--ew", "1", "--eh", "3", "--dimension", "16");
        JsonNode json = ToolRun.Of("diagnose", file, "--json", "--no-remedies").Json;
        using var archive = new NpzArchive(File.OpenRead(file));
        using NpyReader labels = archive.Open("labels"), weight = archive.Open("weight"), features = archive.Open("features");
        var first = new FeatureAccumulator(16, withinScatter: false);
        first.Add(features.ReadNumbers(), labels.ReadLabels());
        NetworkDiagnosis diagnosis = NetworkDiagnosis.Of(first.ToStatistics(), weight.ReadMatrix());
        Assert.Equal(5, diagnosis.Groups.Count);
        Assert.Equal(
            diagnosis.Groups.Select(group => group.Predicted.ClassifierCosines.Mean), json["groups"]!.AsArray().Select(group => (double)group!["predicted"]!["classifierCosine"]!));
        Assert.All(diagnosis.Groups, group => Assert.True(double.IsFinite(group.ClassifierCosineDifference)));
    }

    [Fact]
    public void Diagnose_Cancelled_Exits130WithTheComparison()
    {
        string file = new SyntheticNetwork().Save(folder.File("network.npz"));
        ToolRun run = ToolRun.With("", new CancellationToken(canceled: true), "diagnose", file, "--json");
        Assert.Equal(130, run.ExitCode);
        Assert.Equal(2, run.Json["groups"]!.AsArray().Count);
        Assert.Empty(run.Json["remedies"]!.AsArray());
    }

    [Fact]
    public void Example_ThenDiagnose_FindsTheModelBehindIt()
    {
        string file = folder.File("network.npz");
        ToolRun written = ToolRun.Of("example", file, "--classes", "5x100,5x5", "--ew", "1", "--eh", "5", "--dimension", "12", "--noise", "1e-4");
        Assert.Equal(0, written.ExitCode);
        ToolRun run = ToolRun.Of("diagnose", file, "--global-mean", "none", "--json", "--no-remedies");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(5, (double)run.Json["prediction"]!["featureBudget"]!, NoiseTolerance);
        Assert.Equal(5, (int)run.Json["classesBelowCriticalSize"]!);
        Assert.Equal(1, (double)run.Json["groups"]![1]!["measured"]!["classifierCosine"]!, NoiseTolerance);
    }

    private string Npy(string name, byte[] bytes)
    {
        string path = folder.File(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
