using LayerPeeled.Cli.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class AnalysisUsageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("threshold --ew 1 --eh 5", "--majority and --minority")]
    [InlineData("threshold --majority 5 --ew 1 --eh 5", "needs --minority too")]
    [InlineData("threshold --minority 5 --ew 1 --eh 5", "needs --majority too")]
    [InlineData("threshold --at-ratio 5 --ew 1 --eh 5", "needs --majority too")]
    [InlineData("threshold --majority 5 --minority 1 --ew 1 --eh 5", "--minority '1'")]
    [InlineData("threshold --majority 0 --minority 5 --ew 1 --eh 5", "--majority '0'")]
    [InlineData("threshold --majority 5 --minority 5 --eh 5", "--ew is required")]
    [InlineData("threshold --majority 5 --minority 5 --ew NaN --eh 5", "--ew 'NaN'")]
    [InlineData("threshold --majority 5 --minority 5 --ew 1e200 --eh 1e200", "1e150")]
    [InlineData("threshold --majority 5 --minority 5 --ew 1 --eh 5 --at-ratio 0.5", "--at-ratio '0.5'")]
    [InlineData("threshold --majority 5 --minority 5 --ew 1 --eh 5 --classes 5x10,5x1", "--classes gives classes of its own")]
    [InlineData("threshold --classes 5x10,5x1 --ew 1 --eh 5 --csv /none/there.csv", "--csv '/none/there.csv'")]
    [InlineData("threshold --counts none.csv --ew 1 --eh 5", "--counts 'none.csv'")]
    [InlineData("threshold --majority 5 --minority 5 --ew 1 --eh 5 --csv - --json", "only one of them can")]
    [InlineData("mitigate --ew 1 --eh 5", "exactly one of --classes, --counts, --labels and --long-tail")]
    [InlineData("mitigate --classes 5x10,5x1 --ew 1", "--eh is required")]
    [InlineData("mitigate --classes 5x10,5x1 --ew 1 --eh 5 --beta 1", "--beta '1'")]
    [InlineData("mitigate --classes 5x10,5x1 --ew 1 --eh 5 --oversample 0", "--oversample '0'")]
    [InlineData("mitigate --classes 5x10,5x1 --ew 1 --eh 5 --below 3", "without --oversample")]
    [InlineData("mitigate --classes 5x10,5x1 --ew 1 --eh 5 --tolerance 1e-3", "without --weakest")]
    [InlineData("mitigate --classes 5x10,5x1 --ew 1 --eh 5 --minority 1", "--minority '1'")]
    [InlineData("mitigate --classes 5x10,5x1 --ew 1 --eh 5 --weights 1,2,3", "--weights '1,2,3'")]
    [InlineData("etf", "A file with the point is expected")]
    [InlineData("etf none.npz", "'none.npz'")]
    [InlineData("etf --balanced 1 --ew 1 --eh 5", "--balanced '1'")]
    [InlineData("etf --balanced 10 --eh 5", "--ew is required")]
    [InlineData("etf --balanced 10 --ew 1 --eh 5 --classes 5x2", "--classes is given too")]
    [InlineData("etf --balanced 10 --ew 1 --eh 5 --tolerance 0.1", "--tolerance is given too")]
    [InlineData("etf point.npz --tolerance 2", "--tolerance '2'")]
    [InlineData("metrics", "'labels' is missing")]
    [InlineData("metrics none.npz", "'none.npz'")]
    [InlineData("metrics none.npz --global-mean centre", "--global-mean 'centre'")]
    [InlineData("diagnose --labels none.npy", "'none.npy'")]
    [InlineData("diagnose none.npz --groups 0", "--groups '0'")]
    [InlineData("diagnose none.npz --no-remedies --tolerance 0.1", "no meaning with --no-remedies")]
    [InlineData("example", "Required argument 'network.npz'")]
    [InlineData("example out.npz --classes 5x1.5 --ew 1 --eh 5", "1.5 examples")]
    [InlineData("example out.npz --classes 5x1000000000 --ew 1 --eh 5", "more than one array can hold")]
    public void Run_BadUsage_OneLineOnErrorAndExitTwo(string command, string expected) => AssertUsage(ToolRun.Split(command), expected);

    [Fact]
    public void Etf_BadArrays_AreNamed()
    {
        Matrix<double> w = Matrix<double>.Build.DenseIdentity(4, 6), h = w.Transpose();
        AssertUsage(Etf(("weight", NumpyFiles.Matrix(w))), "no array 'means'");
        AssertUsage(Etf(("weight", NumpyFiles.Matrix(w)), ("means", NumpyFiles.Matrix(h.SubMatrix(0, 5, 0, 4)))), "'means' 5×4");
        AssertUsage(Etf(("weight", NumpyFiles.Vector(1, 2)), ("means", NumpyFiles.Matrix(h))), "expected a matrix");
        AssertUsage(Etf(("weight", NumpyFiles.Matrix(w * double.NaN)), ("means", NumpyFiles.Matrix(h))), "'weight'");
        AssertUsage(Etf(("weight", NumpyFiles.Matrix(w)), ("means", NumpyFiles.Matrix(h * 0))), "--eh");
        AssertUsage(ToolRun.Of("etf", folder.File("text.json", "{}")), "neither an .npz archive nor a saved solution");
        string file = folder.File("point.npz");
        NumpyFiles.Archive(file, ("weight", NumpyFiles.Matrix(w)), ("means", NumpyFiles.Matrix(h)));
        AssertUsage(ToolRun.Of("etf", file, "--classes", "5x2"), "the model 5 classes");
    }

    [Theory]
    [InlineData("metrics")]
    [InlineData("diagnose")]
    public void Network_BadArrays_AreNamedAndNothingIsWritten(string command)
    {
        Matrix<double> features = Matrix<double>.Build.Random(6, 4, 1), weight = Matrix<double>.Build.Random(3, 4, 2), infinite = features.Clone();
        infinite[2, 1] = double.NaN;
        (string, byte[]) f = ("features", NumpyFiles.Matrix(features)), l = ("labels", NumpyFiles.Labels(0, 0, 1, 1, 2, 2)), w = ("weight", NumpyFiles.Matrix(weight));
        ToolRun Run(params (string, byte[])[] arrays)
        {
            string file = folder.File("bad.npz"), csv = folder.File("rows.csv");
            NumpyFiles.Archive(file, arrays);
            ToolRun run = ToolRun.Of(command, file, "--csv", csv, "--json");
            Assert.False(File.Exists(csv));
            return run;
        }

        AssertUsage(Run(l, w), "no array 'features'");
        AssertUsage(Run(f, w), "no array 'labels'");
        AssertUsage(Run(("features", NumpyFiles.Vector(1, 2)), l, w), "expected a matrix");
        AssertUsage(Run(f, ("labels", NumpyFiles.Labels(0, 1)), w), "6 rows and 'labels' 2; one label a row");
        AssertUsage(Run(("features", NumpyFiles.Matrix(infinite)), l, w), "row 2, column 1 is NaN");
        AssertUsage(Run(f, l, ("weight", NumpyFiles.Matrix(weight.SubMatrix(0, 3, 0, 3)))), "4 columns and 'weight' 3");
        AssertUsage(Run(f, l, ("weight", NumpyFiles.Matrix(weight * double.PositiveInfinity))), "in row 0, column 0; its numbers must be finite");
        AssertUsage(Run(f, ("labels", NumpyFiles.Vector(0, 0.5, 1, 1, 2, 2)), w), "no 64-bit integer");
        AssertUsage(Run(f, ("labels", NumpyFiles.Labels(0, 0, 1, 1, 7, 8)), w), "3 rows and the labels name 4 classes");
        AssertUsage(Run(f, l, w, ("bias", NumpyFiles.Vector(1, 2))), "'bias' has 2 numbers");
        AssertUsage(Run(f, l, w, ("row_labels", NumpyFiles.Labels(0, 1))), "'row_labels' has 2 labels");
        AssertUsage(Run(f, l, w, ("row_labels", NumpyFiles.Labels(0, 1, 9))), "label 2 has 2 examples");
        AssertUsage(Run(("features", NumpyFiles.Matrix(features)[..^8]), l, w), "the data end early");
    }

    [Fact]
    public void Diagnose_WithoutClassifierOrWithOtherWeights_IsRefused()
    {
        string file = folder.File("network.npz");
        NumpyFiles.Archive(file, ("features", NumpyFiles.Matrix(Matrix<double>.Build.Random(4, 4, 1))), ("labels", NumpyFiles.Labels(0, 0, 1, 1)));
        AssertUsage(ToolRun.Of("diagnose", file), "no array 'weight'");
        AssertUsage(ToolRun.Of("diagnose", new SyntheticNetwork().Save(file), "--weights", "1,2"), "--weights '1,2' has 2 weights");
        AssertUsage(ToolRun.Of("metrics", folder.File("no.npz", "text")), "not a readable .npz");
    }

    private ToolRun Etf(params (string, byte[])[] arrays)
    {
        string file = folder.File("bad.npz");
        NumpyFiles.Archive(file, arrays);
        return ToolRun.Of("etf", file);
    }

    private static void AssertUsage(ToolRun run, string expected)
    {
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        string[] lines = run.Error.TrimEnd().Split('\n');
        Assert.StartsWith("layerpeeled: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(expected, lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", run.Error, StringComparison.Ordinal);
        Assert.True(lines.Length == 1, run.Error);
    }
}
