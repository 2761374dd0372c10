using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Analysis.Metrics;

public sealed class FeatureAccumulatorTests
{
    private static FeatureStatistics Stream(SyntheticFeatures data, params int[] sizes)
    {
        var accumulator = new FeatureAccumulator(data.Dimension);
        double[] flat = data.Flat;
        for (int at = 0, i = 0; at < data.Labels.Length; i++)
        {
            int n = Math.Min(sizes[i % sizes.Length], data.Labels.Length - at);
            accumulator.Add(flat.AsSpan(at * data.Dimension, n * data.Dimension), data.Labels.AsSpan(at, n));
            at += n;
        }

        return accumulator.ToStatistics();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(7, 600, 0, 131)]
    public void Add_AnyBlocks_AreTheSameBitForBit(params int[] sizes)
    {
        SyntheticFeatures data = SyntheticFeatures.Create([900, 700, 20, 3, 1], 9, 0.5);
        FeatureStatistics whole = Stream(data, data.Labels.Length), blocks = Stream(data, sizes);
        Assert.Equal(whole.ClassMeans, blocks.ClassMeans);
        Assert.Equal(whole.WithinScatter, blocks.WithinScatter);
        Assert.Equal(whole.WithinVariances, blocks.WithinVariances);
        Assert.Equal(whole.Counts, blocks.Counts);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(700)]
    public void ToStatistics_ManyRows_AgreesWithNaiveLoops(int classes)
    {
        // 700 classes: most rows are alone in their block; 3 classes: none is.
        SyntheticFeatures data = SyntheticFeatures.Create(Enumerable.Range(0, classes).Select(k => 1 + (2000 / classes) + (k % 3)).ToArray(), 6, 0.5);
        FeatureStatistics statistics = Stream(data, 100);
        var naive = new NaiveMetrics(data.Rows, data.Classes, classes);
        double[,] scatter = naive.Within(false);
        for (int a = 0; a < 6; a++)
        {
            for (int b = 0; b < 6; b++)
            {
                Assertions.Within(scatter[a, b], statistics.WithinScatter![a, b], 1e-13);
            }

            Assertions.Near(naive.SampleMean()[a], statistics.SampleMean[a], 1e-13);
            Assertions.Near(naive.Means[classes - 1][a], statistics.ClassMeans[classes - 1, a], 1e-13);
        }
    }

    [Fact]
    public void Add_LargeOffset_LosesNothing()
    {
        // Features around 1e8 with a spread of 1: sums of squares about the origin would keep no digit of it.
        long[] labels = Enumerable.Range(0, 4000).Select(i => (long)(i % 2)).ToArray();
        double[] rows = labels.Select((l, i) => 1e8 + l + (i / 2 % 2 == 0 ? 1.0 : -1.0)).ToArray();
        var accumulator = new FeatureAccumulator(1);
        accumulator.Add(rows, labels);
        FeatureStatistics statistics = accumulator.ToStatistics();
        Assertions.Near(1, statistics.WithinVariances[0], 1e-14);
        Assertions.Near(1, statistics.WithinScatter![0, 0], 1e-14);
        Assert.Equal(1e8, statistics.ClassMeans[0, 0]);
    }

    [Fact]
    public void Add_SinglePrecision_EqualsTheSameNumbersInDouble()
    {
        SyntheticFeatures data = SyntheticFeatures.Create([800, 100, 3], 5, 0.5);
        float[] single = data.Flat.Select(x => (float)x).ToArray();
        var fromSingle = new FeatureAccumulator(5);
        var fromDouble = new FeatureAccumulator(5);
        fromSingle.Add(single, data.Labels);
        fromDouble.Add(single.Select(x => (double)x).ToArray(), data.Labels);
        Assert.Equal(fromDouble.ToStatistics().WithinScatter, fromSingle.ToStatistics().WithinScatter);
        FeatureStatistics exact = Stream(data, 903), rounded = fromSingle.ToStatistics();

        // 2⁻²⁴ relative rounding of numbers of size 3 against a spread of 0.5.
        Assertions.Near(exact.WithinVariances[0], rounded.WithinVariances[0], 1e-6);
        var second = new SecondPassAccumulator(rounded, data.Classifier, data.Bias);
        second.Add(single, data.Labels);
        NeuralCollapseReport report = NeuralCollapse.Measure(rounded, data.Classifier, data.Bias, second.ToStatistics());
        NeuralCollapseReport reference = NeuralCollapse.Measure(data.Features, data.Labels, data.Classifier, data.Bias);
        Assertions.Near(reference.Variability.PseudoInverse, report.Variability.PseudoInverse, 1e-5);
    }

    [Fact]
    public void ToStatistics_InBetween_DoesNotDisturbWhatFollows()
    {
        SyntheticFeatures data = SyntheticFeatures.Create([300, 100, 3], 5, 0.5);
        var accumulator = new FeatureAccumulator(5);
        accumulator.Add(data.Flat.AsSpan(0, 500), data.Labels.AsSpan(0, 100));
        Assert.Equal(100, accumulator.ToStatistics().SampleCount);
        accumulator.Add(data.Flat.AsSpan(500), data.Labels.AsSpan(100));
        FeatureStatistics whole = Stream(data, 403);
        Assert.Equal(403, accumulator.SampleCount);
        Assertions.Near(whole.WithinVariances[0], accumulator.ToStatistics().WithinVariances[0], 1e-13);
    }

    [Fact]
    public void Add_BadRows_AreRefusedWithTheirPlaceAndNotAdded()
    {
        var accumulator = new FeatureAccumulator(2);
        accumulator.Add([1.0, 2], [4]);
        Assert.Contains("row 2, column 1 is NaN", Assert.Throws<ArgumentException>(() => accumulator.Add([1.0, 2, 3, double.NaN], [1, 1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => accumulator.Add([1f, 2, 3, float.PositiveInfinity], [1, 1]));
        Assert.Contains("2×2 = 4", Assert.Throws<ArgumentException>(() => accumulator.Add([1.0, 2, 3], [1, 1])).Message, StringComparison.Ordinal);
        Assert.Equal(1, accumulator.SampleCount);
        Assert.Equal([4L], accumulator.ToStatistics().Labels);
        Assert.Throws<InvalidOperationException>(() => new FeatureAccumulator(2).ToStatistics());
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureAccumulator(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureAccumulator(100_000));
    }

    [Fact]
    public void SecondPass_OtherData_IsRefused()
    {
        SyntheticFeatures data = SyntheticFeatures.Create([30, 10], 5, 0.5);
        FeatureStatistics statistics = Stream(data, 40);
        var missing = new SecondPassAccumulator(statistics);
        missing.Add(data.Flat.AsSpan(5), data.Labels.AsSpan(1));
        Assert.Throws<InvalidOperationException>(() => missing.ToStatistics());
        Assert.Throws<ArgumentException>(() => new SecondPassAccumulator(statistics).Add([1.0, 2, 3, 4, 5], [9]));
        var other = new SecondPassAccumulator(statistics, options: new NeuralCollapseOptions { GlobalMean = GlobalMean.Samples });
        other.Add(data.Flat, data.Labels);
        Assert.Throws<ArgumentException>(() => NeuralCollapse.Measure(statistics, secondPass: other.ToStatistics()));
    }
}
