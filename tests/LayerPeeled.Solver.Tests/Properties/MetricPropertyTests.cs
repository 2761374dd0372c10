using FsCheck;
using FsCheck.Fluent;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Properties;

/// <summary>What may be done to features and classifiers without changing the metrics of neural collapse.</summary>
public sealed class MetricPropertyTests
{
    private const double Roundoff = 1e-9;

    [Fact]
    public void Measure_FeaturesAndClassifiersRotated_IsTheSame() => Property.Holds(Networks, drawn =>
    {
        Matrix<double> q = InvarianceTests.RandomRotation(drawn.Features.ColumnCount, new Random(drawn.Seed));
        Same(drawn, drawn with { Features = drawn.Features * q, Classifier = drawn.Classifier * q });
    }, 60);

    [Fact]
    public void Measure_SamplesInAnotherOrder_IsTheSame() => Property.Holds(Networks, drawn =>
    {
        int[] order = [.. Enumerable.Range(0, drawn.Labels.Length)];
        new Random(drawn.Seed).Shuffle(order);
        Same(drawn, drawn with { Features = Rows(drawn.Features, order), Labels = Array.ConvertAll(order, i => drawn.Labels[i]) });
    }, 60);

    [Fact]
    public void Measure_ClassesInAnotherOrder_IsTheSame() => Property.Holds(Networks, drawn =>
    {
        int[] order = [.. Enumerable.Range(0, drawn.Classifier.RowCount)];
        new Random(drawn.Seed).Shuffle(order);
        Same(drawn, drawn with { Classifier = Rows(drawn.Classifier, order), Labels = Array.ConvertAll(drawn.Labels, l => (long)Array.IndexOf(order, (int)l)) });
    }, 60);

    [Fact]
    public void Measure_FeaturesMovedBySomeVector_IsTheSame() => Property.Holds(Networks, drawn =>
    {
        var random = new Random(drawn.Seed);
        Vector<double> shift = Vector<double>.Build.Dense(drawn.Features.ColumnCount, _ => RandomPoints.Normal(random));
        Same(drawn, drawn with { Features = Matrix<double>.Build.Dense(drawn.Features.RowCount, drawn.Features.ColumnCount, (i, j) => drawn.Features[i, j] + shift[j]) });
    }, 60);

    [Fact]
    public void Measure_FeaturesAndClassifiersOfAnotherSize_ChangesTheBudgetsAlone() => Property.Holds(Networks, drawn =>
    {
        const double factor = 1 << 10;
        NeuralCollapseReport first = Measure(drawn), second = Measure(drawn with { Features = drawn.Features * factor, Classifier = drawn.Classifier / factor });
        Assert.Equal(Numbers(first), Numbers(second));
        Assert.Equal(first.FeatureBudget * factor * factor, second.FeatureBudget);
        Assert.Equal(first.ClassifierBudget / (factor * factor), second.ClassifierBudget);
    }, 60);

    [Fact]
    public void Measure_AnyNetwork_IsWithinItsRange() => Property.Holds(Networks, drawn =>
    {
        NeuralCollapseReport report = Measure(drawn);
        Assert.True(report.Variability.PseudoInverse >= 0 && report.Variability.WithinTrace >= 0);
        // A class has no angle with itself.
        Assert.All(report.MeanCosines.EnumerateIndexed(), c => Assert.True(c.Item1 == c.Item2 || Math.Abs(c.Item3) <= 1 + Roundoff, $"cosine {c}"));
        Assert.InRange(report.Duality!.Distance, 0, 2);
        // The frame of K vectors around their mean: cosines cannot all be below −1/(K − 1).
        Assert.True(report.MeanFrame.Cosines.Maximum >= (-1.0 / (drawn.Classifier.RowCount - 1)) - Roundoff);
    }, 60);

    private static Gen<Network> Networks =>
        from classes in Gen.Choose(2, 5)
        from dimension in Gen.Choose(1, 7)
        from samples in Gen.Choose(2 * classes, 60)
        from noise in Draw.Power(-4, 1)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select Network.Of(classes, dimension, samples, noise, seed);

    private static void Same(Network one, Network other)
    {
        double[] first = Numbers(Measure(one)), second = Numbers(Measure(other));
        for (int i = 0; i < first.Length; i++)
        {
            Assertions.Within(first[i], second[i], Roundoff * (1 + Math.Abs(first[i])), $"number {i}");
        }
    }

    // Those that do not know an order, a size, a place or a rotation
    private static double[] Numbers(NeuralCollapseReport report) =>
    [
        report.Variability.TraceRatio, report.MeanFrame.NormVariation, report.MeanFrame.AngleDeviation, report.MeanFrame.GramDeviation, report.MeanFrame.Cosines.Mean,
        report.MeanFrame.Cosines.Maximum, report.ClassifierFrame!.NormVariation, report.ClassifierFrame.AngleDeviation, report.Duality!.Distance, report.Duality.Alignment.Mean,
    ];

    private static NeuralCollapseReport Measure(Network network) => NeuralCollapse.Measure(network.Features, network.Labels, network.Classifier);

    private static Matrix<double> Rows(Matrix<double> matrix, int[] order) => Matrix<double>.Build.DenseOfRows(order.Select(i => matrix.Row(i)));

    // Features scattered around random means, every class at least once
    private sealed record Network(Matrix<double> Features, long[] Labels, Matrix<double> Classifier, int Seed)
    {
        public static Network Of(int classes, int dimension, int samples, double noise, int seed)
        {
            var random = new Random(seed);
            Matrix<double> means = Matrix<double>.Build.Dense(classes, dimension, (_, _) => RandomPoints.Normal(random));
            long[] labels = [.. Enumerable.Range(0, samples).Select(i => i < classes ? i : random.NextInt64(classes))];
            return new Network(
                Matrix<double>.Build.Dense(samples, dimension, (i, j) => means[(int)labels[i], j] + (noise * RandomPoints.Normal(random))), labels,
                Matrix<double>.Build.Dense(classes, dimension, (_, _) => RandomPoints.Normal(random)), seed);
        }

        public override string ToString() => $"{Classifier.RowCount} classes, {Labels.Length} samples in {Features.ColumnCount} dimensions, seed {Seed}";
    }
}
