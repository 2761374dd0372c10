using LayerPeeled.Cli.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Tests.Commands;

/// <summary>Numbers at the ends of what is allowed: an answer that says what it is worth, or one line that says what is wrong.</summary>
public sealed class ExtremesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("solve --classes 5x1e300,5x1e-300 --ew 1 --eh 1")]
    [InlineData("solve --classes 5x1e-300,5x2e-300 --ew 1 --eh 1")]
    [InlineData("solve --classes 1x100,1x1 --ew 1 --eh 1 --dimension 1")]
    [InlineData("solve --classes 1000000x7 --ew 1 --eh 1")]
    [InlineData("solve --classes 5x1e15,5x1 --ew 1e-20 --eh 1e-20")]
    [InlineData("solve --classes 5x100,5x1 --model ufm --lambda-w 1e100 --lambda-h 1e100")]
    [InlineData("threshold --majority 5 --minority 5 --ew 1e150 --eh 1e150 --at-ratio inf")]
    [InlineData("threshold --majority 5 --minority 5 --ew 1e-150 --eh 1e-150 --at-ratio 1")]
    [InlineData("mitigate --classes 5x100,5x0 --ew 1 --eh 1")]
    [InlineData("sweep --majority 5 --minority 5 --ew 1 --eh 1 --from 1 --to 1e15 --points 4")]
    public void Command_ExtremesThatAreSolved_PrintsNoNumberThatIsNone(string command)
    {
        ToolRun run = ToolRun.Split(command);
        Assert.True(run.ExitCode == ExitCode.Certified, run.Error);
        AssertNumbers(run);
    }

    [Theory]
    [InlineData("solve --classes 5x100,5x1 --ew 1e150 --eh 1e150", "objective               10^-4.8254")]
    [InlineData("solve --classes 5x100,5x1 --ew 1e8 --eh 1", "objective               5.71109")]
    [InlineData("solve --classes 5x100,5x1 --ew 1 --eh 1 --dimension 1", "a stationary point within p = 1")]
    [InlineData("threshold --classes 5x100,5x1 --ew 1e4 --eh 1e4", "all sizes are more than 1e308 times n*")]
    [InlineData("solve --classes 3x100,2x1 --ew 1e4 --eh 1e4 --model relu", "(relative gap –")]
    public void Command_ExtremesThatAreNot_SaysWhatWasReached(string command, string said)
    {
        ToolRun run = ToolRun.Split(command);
        Assert.True(run.ExitCode == ExitCode.NotCertified, run.Error);
        Assert.Contains(said, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("solve --classes 5x1.7e308,5x1 --ew 1 --eh 1", "must have a positive finite sum")]
    [InlineData("solve --classes 5x1e300,5x1e-300 --model ufm --lambda-w 1e-3 --lambda-h 1e-3", "there is a count of 1E-300")]
    [InlineData("solve --classes 5x1e300,5x1e-300 --model svm", "there is a count of 1E-300")]
    [InlineData("solve --classes 3x1e300,2x1e-300 --lambda-w 1e-2 --lambda-h 1e-2 --model deep", "there is a count of 1E-300")]
    [InlineData("solve --classes 5x100,5x0 --ew 1 --eh 1 --loss la", "--classes '5x100,5x0': The loss 'la:tau=1' needs examples of every class")]
    [InlineData("mitigate --classes 5x1e300,5x1e-300 --ew 1 --eh 1", "has no finite weight for class 5 with a count of 1E-300.")]
    [InlineData("solve --classes 3x100,2x1 --ew 1e4 --eh 1e4 --model sphere", "must be at most 300. Actual value was 10000.")]
    [InlineData("solve --classes 5xNaN,5x1 --ew 1 --eh 1", "'5xNaN'")]
    [InlineData("solve --classes 5x1 --ew NaN --eh 1", "--ew 'NaN' is not allowed")]
    [InlineData("threshold --majority 5 --minority 5 --ew 1 --eh ∞", "--eh '∞' is not allowed")]
    [InlineData("sweep --majority 5 --minority 5 --ew 1 --eh 1 --from NaN --to 10", "'NaN'")]
    public void Command_ExtremesThatAreRefused_SaysSoInOneLine(string command, string said)
    {
        ToolRun run = ToolRun.Split(command);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("Parameter", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    // λ is then the weight of the largest classes to the last digit, and they stand apart.
    [Theory]
    [InlineData("1e-40")]
    [InlineData("1e-30")]
    public void Threshold_BudgetsOfNothing_KeepsTheLargestClassesApart(string budget)
    {
        ToolRun run = ToolRun.Of("threshold", "--classes", "5x100,5x1", "--ew", budget, "--eh", "1", "--json");
        Assert.Equal(5, (int)run.Json["classesBelowCriticalSize"]!);
    }

    [Theory]
    [InlineData("mitigate --classes 5x100,5x0 --ew 1 --eh 1", "no rate of oversampling that is a number avoids collapse")]
    [InlineData("threshold --classes 5x100,5x0 --ew 1 --eh 1", "no oversampling by a rate that is a number avoids collapse")]
    [InlineData("threshold --classes 5x1e300,5x1e-300 --ew 1 --eh 1", "no oversampling by a rate that is a number avoids collapse")]
    public void Command_RatesThatAreNoNumbers_AreNotPromised(string command, string said) =>
        Assert.Contains(said, ToolRun.Split(command).Output, StringComparison.Ordinal);

    [Fact]
    public void Compare_MembersThatRefuse_SayWhyOnALine()
    {
        ToolRun run = ToolRun.Of("compare", "--classes", "5x1e300,5x1e-300", "--ew", "1", "--eh", "1");
        Assert.Equal(ExitCode.NotCertified, run.ExitCode);
        Assert.Contains("there is a count of 1E-300", run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void MetricsAndDiagnose_FeaturesOfNothing_SayWhatIsUndefined()
    {
        string path = Save("zero.npz", Matrix<double>.Build.Dense(10, 4), RandomMatrix(3, 4));
        ToolRun metrics = ToolRun.Of("metrics", path), diagnosis = ToolRun.Of("diagnose", path);
        Assert.Equal(ExitCode.Certified, metrics.ExitCode);
        Assert.Contains("NC1 is undefined", metrics.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, diagnosis.ExitCode);
        Assert.Contains("E_H = 0; both must be positive", diagnosis.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e200)]
    public void MetricsAndDiagnose_NumbersOutOfRange_AreRefusedByPlace(double wrong)
    {
        Matrix<double> features = RandomMatrix(10, 4), classifier = RandomMatrix(3, 4);
        features[3, 2] = wrong;
        string ofFeatures = Save("features.npz", features, classifier);
        features[3, 2] = 0;
        classifier[2, 1] = wrong;
        string ofClassifier = Save("classifier.npz", features, classifier);
        foreach (string command in new[] { "metrics", "diagnose" })
        {
            ToolRun run = ToolRun.Of(command, ofFeatures);
            Assert.Equal(ExitCode.Usage, run.ExitCode);
            Assert.Contains("'features': The feature in row 3, column 2 is ", run.Error, StringComparison.Ordinal);
            run = ToolRun.Of(command, ofClassifier);
            Assert.Equal(ExitCode.Usage, run.ExitCode);
            Assert.Contains("'weight': The classifier has ", run.Error, StringComparison.Ordinal);
            Assert.Contains("in row 2, column 1; its numbers must be finite", run.Error, StringComparison.Ordinal);
        }
    }

    // A number is missing where there is none (a dash), and is never NaN or infinite.
    private static void AssertNumbers(ToolRun run)
    {
        Assert.DoesNotContain("NaN", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    private string Save(string name, Matrix<double> features, Matrix<double> classifier)
    {
        string path = folder.File(name);
        NumpyFiles.Archive(
            path, ("features", NumpyFiles.Matrix(features)), ("labels", NumpyFiles.Labels([.. Enumerable.Range(0, features.RowCount).Select(i => (long)(i % 3))])),
            ("weight", NumpyFiles.Matrix(classifier)));
        return path;
    }

    private static Matrix<double> RandomMatrix(int rows, int columns)
    {
        var random = new Random(rows);
        return Matrix<double>.Build.Dense(rows, columns, (_, _) => random.NextDouble() - 0.5);
    }
}
