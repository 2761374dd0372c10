using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Tests.Commands;

/// <summary>Networks in the shapes and types that people save them in.</summary>
public sealed class SavedNetworkTests : IDisposable
{
    private static readonly string[] ClassNames = ["zebra", "ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "ibis"];
    private readonly TemporaryFolder folder = new();
    private readonly SyntheticNetwork network = new();

    public void Dispose() => folder.Dispose();

    // Class of each example: the row of the classifier.
    private int[] Classes => [.. network.Labels.Select(label => (int)((label + 7) / 10))];

    private byte[] Features => NumpyFiles.Matrix(network.Features);

    private byte[] Weight => NumpyFiles.Matrix(network.Classifier);

    private string Save(params (string Name, byte[] Bytes)[] arrays)
    {
        string path = folder.File("network.npz");
        NumpyFiles.Archive(path, arrays);
        return path;
    }

    private static string[] Notes(ToolRun run) => [.. run.Json["notes"]!.AsArray().Select(note => (string)note!)];

    // Everything but the notes, names and labels of classes, which depend on how the labels were given.
    private static string Numbers(ToolRun run)
    {
        JsonNode json = run.Json;
        json["notes"] = null;
        json["classes"] = null;
        return json.ToJsonString();
    }

    [Fact]
    public void Metrics_FurtherAxesOfLengthOne_AreReadAndSaid()
    {
        int n = network.Labels.Length;
        byte[] bias = NumpyFiles.Vector(new double[10]);
        string plain = Save(("features", Features), ("labels", NumpyFiles.Labels(network.Labels)), ("weight", Weight), ("bias", bias));
        ToolRun expected = ToolRun.Of("metrics", plain, "--json");
        string file = Save(
            ("features", NumpyFiles.Numbers("<f8", [n, 12, 1, 1], network.Features.ToRowMajorArray())), ("labels", NumpyFiles.Numbers("<i8", [n, 1], network.Labels)),
            ("weight", NumpyFiles.Numbers("<f8", [10, 12, 1, 1], network.Classifier.ToRowMajorArray())), ("bias", NumpyFiles.Numbers("<f8", [10, 1], new double[10])),
            ("row_labels", NumpyFiles.Numbers("<i8", [10, 1], network.Labels.Distinct().Order().ToArray())));
        ToolRun run = ToolRun.Of("metrics", file, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Numbers(expected), Numbers(run));
        Assert.Equal(
            [
                "'labels': the shape (310, 1) is read as (310,).", "'weight': the shape (10, 12, 1, 1) is read as (10, 12).", "'bias': the shape (10, 1) is read as (10,).",
                "'row_labels': the shape (10, 1) is read as (10,).",
                "'features': the shape (310, 12, 1, 1) is read as (310, 12).",
            ],
            Notes(run));
        Assert.Contains("'features': the shape (310, 12, 1, 1) is read as (310, 12).", ToolRun.Of("diagnose", file, "--no-remedies").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_OneHotLabels_AreClassIds()
    {
        ToolRun expected = ToolRun.Of("metrics", Save(("features", Features), ("labels", NumpyFiles.Labels([.. Classes.Select(k => (long)k)])), ("weight", Weight)), "--json");
        float[] oneHot = [.. Classes.SelectMany(k => Enumerable.Range(0, 10).Select(j => j == k ? 1f : 0))];
        ToolRun run = ToolRun.Of("metrics", Save(("features", Features), ("labels", NumpyFiles.Numbers("<f4", [310, 10], oneHot)), ("weight", Weight)), "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Numbers(expected), Numbers(run));
        Assert.Equal("'labels': one-hot rows (310, 10) are read as class ids 0 to 9.", Notes(run)[0]);
    }

    [Fact]
    public void Metrics_OneHotOfOtherWidthThanTheClassifier_IsRefused()
    {
        float[] oneHot = [.. Classes.SelectMany(k => Enumerable.Range(0, 11).Select(j => j == k + 1 ? 1f : 0))];
        ToolRun run = ToolRun.Of("metrics", Save(("features", Features), ("labels", NumpyFiles.Numbers("<f4", [310, 11], oneHot)), ("weight", Weight)));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'labels' has 11 columns and 'weight' 10 rows", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_Logits_AreNoLabels()
    {
        double[] logits = (network.Features * network.Classifier.Transpose()).ToRowMajorArray();
        ToolRun run = ToolRun.Of("metrics", Save(("features", Features), ("labels", NumpyFiles.Numbers("<f8", [310, 10], logits)), ("weight", Weight)));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("argmax", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void Diagnose_NamesAsLabels_NameRowsClassesAndCollapse()
    {
        string file = Save(
            ("features", Features), ("labels", NumpyFiles.Text([.. Classes.Select(k => ClassNames[k])])), ("weight", Weight), ("row_labels", NumpyFiles.Text(ClassNames)));
        string csv = folder.File("groups.csv");
        ToolRun run = ToolRun.Of("diagnose", file, "--global-mean", "none", "--no-remedies", "--csv", csv);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Labels at or below n*: eel, fox, gnu, hen, ibis", run.Output, StringComparison.Ordinal);
        Assert.Contains("  zebra +4", run.Output, StringComparison.Ordinal);
        Assert.Contains("  eel +4", run.Output, StringComparison.Ordinal);
        Assert.EndsWith(",eel;fox;gnu;hen;ibis", File.ReadAllLines(csv)[2], StringComparison.Ordinal);
        JsonNode json = ToolRun.Of("diagnose", file, "--global-mean", "none", "--no-remedies", "--json").Json;
        Assert.Equal(ClassNames[5..], json["collapsedClasses"]!.AsArray().Select(c => (string?)c!["name"]).Order());
        Assert.Equal(ClassNames, json["metrics"]!["classes"]!.AsArray().Select(c => (string?)c!["name"]));
        Assert.Equal(1, (double)json["groups"]![1]!["measured"]!["classifierCosine"]!, 1e-3);
    }

    [Fact]
    public void Metrics_NamesWithoutRowLabels_GiveTheRowsInTheirOrder()
    {
        string[] sorted = [.. ClassNames.Order(StringComparer.Ordinal)];
        Matrix<double> rows = Matrix<double>.Build.DenseOfRowVectors(sorted.Select(name => network.Classifier.Row(Array.IndexOf(ClassNames, name))));
        byte[] labels = NumpyFiles.Text([.. Classes.Select(k => ClassNames[k])]);
        ToolRun run = ToolRun.Of("metrics", Save(("features", Features), ("labels", labels), ("weight", NumpyFiles.Matrix(rows))), "--global-mean", "none", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.InRange((double)run.Json["nc4"]!["classifierAccuracy"]!, 300.0 / 310, 1);
        Assert.Contains("'weight': its rows are taken to be those of the names in ascending order; 'row_labels' says otherwise.", Notes(run));

        // Nine names for ten rows: which row has no examples nobody knows.
        int[] most = [.. Enumerable.Range(0, 310).Where(i => Classes[i] < 9)];
        Matrix<double> fewer = Matrix<double>.Build.DenseOfRowVectors(most.Select(i => network.Features.Row(i)));
        byte[] fewerLabels = NumpyFiles.Text([.. most.Select(i => ClassNames[Classes[i]])]);
        ToolRun refused = ToolRun.Of("metrics", Save(("features", NumpyFiles.Matrix(fewer)), ("labels", fewerLabels), ("weight", Weight)));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("'labels' names 9 classes and 'weight' has 10 rows; 'row_labels'", refused.Error, StringComparison.Ordinal);
        ToolRun named = ToolRun.Of(
            "metrics", Save(("features", NumpyFiles.Matrix(fewer)), ("labels", fewerLabels), ("weight", Weight), ("row_labels", NumpyFiles.Text(ClassNames))), "--json");
        Assert.Equal(0, named.ExitCode);
        Assert.Contains(Notes(named), note => note.StartsWith("1 class (label ibis) without examples", StringComparison.Ordinal));
        ToolRun mixed = ToolRun.Of(
            "metrics", Save(("features", Features), ("labels", labels), ("weight", Weight), ("row_labels", NumpyFiles.Labels(0, 1, 2, 3, 4, 5, 6, 7, 8, 9))));
        Assert.Contains("'labels' holds names and 'row_labels' numbers", mixed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_TransposedClassifier_IsHinted()
    {
        byte[] transposed = NumpyFiles.Matrix(network.Classifier.Transpose());
        ToolRun run = ToolRun.Of("metrics", Save(("features", Features), ("labels", NumpyFiles.Labels(network.Labels)), ("weight", transposed)));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'weight' looks transposed: it must be K×p, one row a class; save weight.T.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_TransposedSquareClassifier_IsNotedByItsAccuracy()
    {
        // Twelve features of ten directions, cut down to the ten of a square classifier: turned so that the last two are empty, and in an order in which
        // the transpose is wrong.
        Matrix<double> turn = network.Classifier.TransposeThisAndMultiply(network.Classifier).Evd(Symmetricity.Symmetric).EigenVectors;
        Matrix<double> features = (network.Features * turn).SubMatrix(0, 310, 2, 10), weight = (network.Classifier * turn).SubMatrix(0, 10, 2, 10);
        Matrix<double> Shifted(Matrix<double> matrix, int by) => Matrix<double>.Build.DenseOfColumnVectors(Enumerable.Range(0, 10).Select(i => matrix.Column((i + by) % 10)));
        bool IsNoted(int by, bool transposed)
        {
            Matrix<double> classifier = Shifted(weight, by);
            string archive = Save(
                ("features", NumpyFiles.Matrix(Shifted(features, by))), ("labels", NumpyFiles.Labels(network.Labels)),
                ("weight", NumpyFiles.Matrix(transposed ? classifier.Transpose() : classifier)));
            return Notes(ToolRun.Of("metrics", archive, "--json")).Any(note => note.Contains("transposed", StringComparison.Ordinal));
        }

        Assert.DoesNotContain(Enumerable.Range(0, 10), by => IsNoted(by, transposed: false));
        Assert.Contains(Enumerable.Range(0, 10), by => IsNoted(by, transposed: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Metrics_FlippedBitInTheArchive_PrintsNothingAndFails(bool json)
    {
        string file = network.Save(folder.File("network.npz"));
        byte[] bytes = File.ReadAllBytes(file);

        // The archives of the tests are compressed; random mantissas stay as they are and take most of the room.
        for (int at = bytes.Length / 8; at < bytes.Length / 2; at += bytes.Length / 8)
        {
            byte[] flipped = [.. bytes];
            flipped[at] ^= 1;
            File.WriteAllBytes(file, flipped);
            ToolRun run = ToolRun.Of(["metrics", file, .. json ? (string[])["--json"] : []]);
            Assert.Equal(2, run.ExitCode);
            Assert.Equal("", run.Output);
            Assert.Contains("network.npz, array 'features'", run.Error, StringComparison.Ordinal);
        }
    }
}
