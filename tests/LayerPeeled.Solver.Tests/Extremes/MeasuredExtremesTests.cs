using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Extremes;

/// <summary>Networks at the ends: no features to speak of, classes without examples, ten examples and a million.</summary>
public sealed class MeasuredExtremesTests
{
    [Fact]
    public void Measure_FeaturesThatAreAllZero_SaysWhatIsUndefined()
    {
        NeuralCollapseReport report = NeuralCollapse.Measure(Matrix<double>.Build.Dense(10, 4), Labels(10), RandomClassifier());
        Assert.True(double.IsNaN(report.Variability.PseudoInverse) && double.IsNaN(report.Duality!.Distance));
        Assert.Equal(0, report.FeatureBudget);
        Assert.Contains(report.Notes, note => note.Contains("NC1 is undefined", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.Contains("NC3 is undefined", StringComparison.Ordinal));
        Assert.All(report.ClassifierCosines!.EnumerateIndexed(), c => Assert.True(c.Item1 == c.Item2 || double.IsFinite(c.Item3)));
    }

    [Fact]
    public void Of_FeaturesThatAreAllZero_RefusesBudgetsOfNothing()
    {
        FeatureStatistics zero = Accumulate(Matrix<double>.Build.Dense(10, 4), Labels(10));
        string message = Assert.Throws<ArgumentException>(() => NetworkDiagnosis.Of(zero, RandomClassifier())).Message;
        Assert.Contains("E_H = 0", message, StringComparison.Ordinal);
        FeatureStatistics some = Accumulate(RandomFeatures(10), Labels(10));
        Assert.Contains("E_W = 0", Assert.Throws<ArgumentException>(() => NetworkDiagnosis.Of(some, Matrix<double>.Build.Dense(3, 4))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_ClassWithoutExamples_IsLeftOutAndNamed()
    {
        long[] labels = [.. Enumerable.Range(0, 10).Select(i => (long)(i % 2))];
        NeuralCollapseReport report = NeuralCollapse.Measure(RandomFeatures(10), labels, RandomClassifier());
        Assert.Equal([5L, 5L, 0L], report.Counts);
        Assert.True(double.IsFinite(report.Variability.PseudoInverse) && double.IsFinite(report.FeatureBudget));
        Assert.Contains(report.Notes, note => note.Contains("(label 2) without examples", StringComparison.Ordinal));
        NetworkDiagnosis diagnosis = NetworkDiagnosis.Of(Accumulate(RandomFeatures(10), labels), RandomClassifier());
        Assert.Equal([2], diagnosis.CollapsedClasses.Select(c => c.Index));
    }

    // In blocks of rows, as from a file
    [Fact]
    public void Measure_MillionExamples_HasTheMomentsTheyWereDrawnFrom()
    {
        const int classes = 4, dimension = 5, rows = 10_000, blocks = 100;
        var random = new Random(5);
        var accumulator = new FeatureAccumulator(dimension);
        var block = new float[rows * dimension];
        long[] labels = new long[rows];
        for (int b = 0; b < blocks; b++)
        {
            for (int i = 0; i < rows; i++)
            {
                labels[i] = i % classes;
                for (int j = 0; j < dimension; j++)
                {
                    // Uniform noise of variance 1/12
                    block[(i * dimension) + j] = (float)((j == i % classes ? 3 : 0) + 1000 + random.NextDouble() - 0.5);
                }
            }

            accumulator.Add(block, labels);
        }

        FeatureStatistics statistics = accumulator.ToStatistics();
        Assert.Equal(1_000_000, statistics.SampleCount);
        NeuralCollapseReport report = NeuralCollapse.Measure(statistics);
        // NC1 = tr(Σ_W·Σ_B⁺)/K = (1/12)·3/(9/4)/4: Σ_B has 3 eigenvalues of 9/4. Sampling errors are of the order of 1e-3.
        Assertions.Near(1.0 / 12 * 3 / (9.0 / 4) / 4, report.Variability.PseudoInverse, 0.01, "NC1");
        Assertions.Within(-1.0 / 3, report.MeanFrame.Cosines.Mean, 1e-3, "cosine of the means");
    }

    [Theory]
    [InlineData(1e71)]
    [InlineData(1e200)]
    [InlineData(-1.7e308)]
    public void Measure_NumbersWhoseFourthPowersOverflow_AreRefused(double huge)
    {
        Matrix<double> features = RandomFeatures(10), classifier = RandomClassifier();
        features[3, 2] = huge;
        Assert.Contains("row 3, column 2", Assert.Throws<ArgumentException>(() => Accumulate(features, Labels(10))).Message, StringComparison.Ordinal);
        classifier[2, 1] = huge;
        Assert.Contains("row 2, column 1", Assert.Throws<ArgumentException>(() => NeuralCollapse.Measure(RandomFeatures(10), Labels(10), classifier)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_NumbersOfAnySizeBelow_HaveTheSameMetrics()
    {
        Matrix<double> features = RandomFeatures(10), classifier = RandomClassifier();
        NeuralCollapseReport report = NeuralCollapse.Measure(features, Labels(10), classifier);
        foreach (double size in new[] { 1e-60, 1e-20, 1e20, 1e69 })
        {
            NeuralCollapseReport scaled = NeuralCollapse.Measure(features * size, Labels(10), classifier / size * 1e-9);
            Assertions.Near(report.Variability.PseudoInverse, scaled.Variability.PseudoInverse, 1e-9, "NC1");
            Assertions.Near(report.MeanFrame.GramDeviation, scaled.MeanFrame.GramDeviation, 1e-9, "Gram");
            Assertions.Near(report.Duality!.Distance, scaled.Duality!.Distance, 1e-9, "NC3");
        }
    }

    private static FeatureStatistics Accumulate(Matrix<double> features, long[] labels)
    {
        var accumulator = new FeatureAccumulator(features.ColumnCount);
        accumulator.Add(features.ToRowMajorArray(), labels);
        return accumulator.ToStatistics([0, 1, 2]);
    }

    private static long[] Labels(int samples) => [.. Enumerable.Range(0, samples).Select(i => (long)(i % 3))];

    private static Matrix<double> RandomFeatures(int samples)
    {
        var random = new Random(1);
        return Matrix<double>.Build.Dense(samples, 4, (_, _) => RandomPoints.Normal(random));
    }

    private static Matrix<double> RandomClassifier()
    {
        var random = new Random(2);
        return Matrix<double>.Build.Dense(3, 4, (_, _) => RandomPoints.Normal(random));
    }
}
