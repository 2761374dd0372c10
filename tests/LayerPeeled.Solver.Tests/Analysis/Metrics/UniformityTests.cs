using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis.Metrics;

/// <summary>Class-distance normalised variance, hyperspherical uniformity, interference, uniform duality and out-of-distribution orthogonality.</summary>
public sealed class UniformityTests
{
    // Library and naive loops differ by rounding only.
    private const double Roundoff = 1e-10;

    [Theory]
    [InlineData(new[] { 20, 20, 20, 20 }, 12, GlobalMean.ClassMeans)]
    [InlineData(new[] { 300, 100, 30, 10, 3 }, 7, GlobalMean.Samples)]
    [InlineData(new[] { 9, 8, 7, 6, 5, 4, 3, 2 }, 3, GlobalMean.None)]
    public void Measure_AnyShape_AgreesWithNaiveLoops(int[] counts, int dimension, GlobalMean globalMean)
    {
        SyntheticFeatures data = SyntheticFeatures.Create(counts, dimension, 0.4);
        NeuralCollapseReport report = NeuralCollapse.Measure(data.Features, data.Labels, data.Classifier, options: new NeuralCollapseOptions { GlobalMean = globalMean });
        AgreesWithNaiveLoops(data, counts.Length, globalMean, report);
    }

    [Fact]
    public void Measure_MoreClassesThanATile_AgreesWithNaiveLoops()
    {
        SyntheticFeatures data = SyntheticFeatures.Create(Enumerable.Repeat(2, 600).ToArray(), 5, 0.2);
        AgreesWithNaiveLoops(data, 600, GlobalMean.ClassMeans, NeuralCollapse.Measure(data.Features, data.Labels, data.Classifier));
    }

    private static void AgreesWithNaiveLoops(SyntheticFeatures data, int classes, GlobalMean globalMean, NeuralCollapseReport report)
    {
        var naive = new NaiveMetrics(data.Rows, data.Classes, classes);
        double[] origin = globalMean switch
        {
            GlobalMean.ClassMeans => naive.MeanOfMeans(),
            GlobalMean.Samples => naive.SampleMean(),
            _ => new double[data.Dimension],
        };
        double[][] means = naive.Centred(origin);
        Same(naive.ClassDistances(), report.Variability.ClassDistance, "CDNV");
        Same(naive.ClassDistances().Select(Math.Log10), report.Variability.ClassDistanceLog10, "log CDNV");
        foreach ((double[][] vectors, FrameMetrics frame) in new[] { (means, report.MeanFrame), (data.ClassifierRows, report.ClassifierFrame!) })
        {
            double[] distances = NaiveMetrics.DirectionDistances(vectors);
            Same(distances, frame.Distances, "distances");
            Same(distances.Select(d => Math.Log(1 / d)), frame.LogarithmicKernel, "logarithmic kernel");
            Same(distances.Select(d => 1 / d), frame.InverseDistances, "inverse distances");
            Assertions.Near(NaiveMetrics.Cosines(vectors).Average(Math.Abs), frame.Interference, Roundoff, "interference");
        }

        double[] alignment = data.ClassifierRows.Zip(means, NaiveMetrics.Cosine).ToArray();
        Same(alignment, report.Duality!.Alignment, "alignment");
        Same(data.ClassifierRows.Zip(means, NaiveMetrics.Dot), report.Duality.Similarity, "similarity");
        Assertions.Near(Math.Pow(NaiveMetrics.Deviation(alignment), 2), report.Duality.UniformDuality, Roundoff, "UNC3");
    }

    private static void Same(IEnumerable<double> expected, SummaryStatistics actual, string what)
    {
        double[] values = expected.ToArray();
        double size = values.Max(Math.Abs);
        Assert.Equal(values.Length, actual.Count);
        Assertions.Within(values.Average(), actual.Mean, Roundoff * size, what + ", mean");
        Assertions.Within(NaiveMetrics.Deviation(values), actual.StandardDeviation, Roundoff * size, what + ", deviation");
        Assertions.Within(values.Min(), actual.Minimum, Roundoff * size, what + ", least");
        Assertions.Within(values.Max(), actual.Maximum, Roundoff * size, what + ", most");
    }

    [Fact]
    public void Sweep_TwentyThousandDirectionsInThePlane_MatchesTheClosedForms()
    {
        const int Count = 20_000;
        const double Variance = 0.3;
        double[] polygon = new double[2 * Count];
        for (int k = 0; k < Count; k++)
        {
            (polygon[(2 * k) + 1], polygon[2 * k]) = Math.SinCos(2 * Math.PI * k / Count);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        var pairs = new PairSweep(new VectorSet(polygon, 2, 0), Enumerable.Repeat(Variance, Count).ToArray());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000, "A K×K matrix would be 3.2 GB.");

        // Chords d_j = 2·sin(πj/K): Σ d_j = 2·cot(π/2K), Π d_j = K, Σ 1/d_j² = (K² − 1)/12, over j = 1 … K−1.
        const double Others = Count - 1;
        double[] chords = Enumerable.Range(1, Count - 1).Select(j => 2 * Math.Sin(Math.PI * j / Count)).ToArray();
        Assert.Equal(Count * (Count - 1L) / 2, pairs.Distances.Count);
        Assertions.Near(2 / Math.Tan(Math.PI / (2 * Count)) / Others, pairs.Distances.Mean, Roundoff, "distances");
        Assertions.Near(-Math.Log(Count) / Others, pairs.LogarithmicKernel.Mean, Roundoff, "logarithmic kernel");
        Assertions.Near(chords.Sum(d => 1 / d) / Others, pairs.InverseDistances.Mean, Roundoff, "inverse distances");
        Assertions.Near(Variance * ((double)Count + 1) / 12, pairs.ClassDistance.Mean, Roundoff, "CDNV");
        Assertions.Near(chords.Sum(d => Math.Log10(Variance / (d * d))) / Others, pairs.ClassDistanceLog10.Mean, Roundoff, "log CDNV");
        Assertions.Near(chords[0], pairs.Distances.Minimum, 1e-9, "nearest");
        Assertions.Near(chords.Sum(d => Math.Abs(1 - (d * d / 2))) / Others, pairs.Interferences.Mean, Roundoff, "interference");
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(10, 16)]
    [InlineData(120, 119)]
    public void Measure_SimplexEtf_HasTheValuesOfItsAngles(int classes, int dimension)
    {
        Matrix<double> frame = SimplexEtf.Frame(classes, dimension);
        long[] labels = Enumerable.Range(0, 2 * classes).Select(i => (long)(i % classes)).ToArray();
        Matrix<double> features = Matrix<double>.Build.DenseOfRowVectors(labels.Select(l => (frame.Row((int)l) * 2) + 1));
        NeuralCollapseReport report = NeuralCollapse.Measure(features, labels, frame * 3);
        double distance = Math.Sqrt(2.0 * classes / (classes - 1));
        Assertions.Near(distance, report.MeanFrame.Distances.Mean, 1e-13);
        Assertions.Within(0, report.MeanFrame.Distances.StandardDeviation, 1e-13);
        Assertions.Near(-Math.Log(distance), report.MeanFrame.LogarithmicKernel.Mean, 1e-12);
        Assertions.Near(1 / distance, report.ClassifierFrame!.InverseDistances.Mean, 1e-13);
        Assertions.Near(1.0 / (classes - 1), report.ClassifierFrame.Interference, 1e-11);
        Assertions.Within(1, report.Duality!.Alignment.Mean, 1e-13);
        Assertions.Within(0, report.Duality.UniformDuality, 1e-25);
        Assert.Equal(0, report.Variability.ClassDistance.Mean);
        Assert.Equal(0, report.Variability.ClassDistanceLog10.Count);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    public void Measure_NoiseScaled_ScalesNoiseMetricsWithItsSquare(double factor)
    {
        // The same noise around the same means, once as it is and once scaled: class means stay where they are.
        SyntheticFeatures data = SyntheticFeatures.Create([40, 30, 20, 7], 9, 0.01);
        var naive = new NaiveMetrics(data.Rows, data.Classes, 4);
        double[][] scaled = data.Rows.Select((h, i) => h.Zip(naive.Means[data.Classes[i]], (x, m) => m + (factor * (x - m))).ToArray()).ToArray();
        VariabilityMetrics small = NeuralCollapse.Measure(data.Features, data.Labels).Variability;
        VariabilityMetrics large = NeuralCollapse.Measure(Matrix<double>.Build.DenseOfRowArrays(scaled), data.Labels).Variability;
        double square = factor * factor;
        Assertions.Near(square * small.PseudoInverse, large.PseudoInverse, Roundoff, "NC1");
        Assertions.Near(square * small.ClassBalancedPseudoInverse, large.ClassBalancedPseudoInverse, Roundoff, "balanced NC1");
        Assertions.Near(square * small.TraceRatio, large.TraceRatio, Roundoff, "trace ratio");
        Assertions.Near(square * small.ClassDistance.Mean, large.ClassDistance.Mean, Roundoff, "CDNV");
        Assertions.Near(Math.Log10(square) + small.ClassDistanceLog10.Mean, large.ClassDistanceLog10.Mean, Roundoff, "log CDNV");
    }

    [Fact]
    public void Measure_NearlyEqualDirections_KeepTheirDistances()
    {
        // cos = 1 − 5e-17 rounds to 1, and still the directions are 1e-8 apart.
        Matrix<double> classifier = Matrix<double>.Build.DenseOfArray(new[,] { { 1, 1e-8, 0 }, { 5, 0, 0 }, { 0, 0, 2 } });
        SyntheticFeatures data = SyntheticFeatures.Create([5, 5, 5], 3, 0.1);
        FrameMetrics frame = NeuralCollapse.Measure(data.Features, data.Labels, classifier).ClassifierFrame!;
        Assertions.Near(1e-8, frame.Distances.Minimum, 1e-7);
        Assertions.Near(Math.Log(1e8), frame.LogarithmicKernel.Maximum, 1e-7);
    }

    [Fact]
    public void Measure_NearMeansFarFromTheOrigin_KeepTheirDistance()
    {
        // ‖m‖² is 10¹² and the squared distance 10⁻⁶: their difference formed from inner products would be rounding alone.
        Matrix<double> features = Matrix<double>.Build.DenseOfArray(new[,]
        {
            { 1e6, 0.01 }, { 1e6, -0.01 }, { 1e6 + 1e-3, 0.02 }, { 1e6 + 1e-3, -0.02 }, { -1e6, 1 }, { -1e6, -1 },
        });
        VariabilityMetrics variability = NeuralCollapse.Measure(features, [0, 0, 1, 1, 2, 2], options: new NeuralCollapseOptions { GlobalMean = GlobalMean.None }).Variability;
        Assertions.Near((1e-4 + 4e-4) / (2 * 1e-6), variability.ClassDistance.Maximum, 1e-6, "near pair");
        Assertions.Near(1 / (2 * 4e12), variability.ClassDistance.Minimum, 1e-3, "far pair");
    }

    [Fact]
    public void Measure_CoincidingMeans_AreInfinitelyNearAndNoted()
    {
        Matrix<double> features = Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 0 }, { -1, 0 }, { 2, 0 }, { -2, 0 }, { 0, 3 }, { 0, 5 } });
        NeuralCollapseReport report = NeuralCollapse.Measure(features, [0, 0, 1, 1, 2, 2]);
        Assert.Equal(double.PositiveInfinity, report.Variability.ClassDistance.Mean);
        Assert.Equal(2, report.Variability.ClassDistanceLog10.Count);
        Assertions.Near((Math.Log10(2 / 32.0) + Math.Log10(5 / 32.0)) / 2, report.Variability.ClassDistanceLog10.Mean, 1e-14);
        Assert.Contains(report.Notes, note => note.StartsWith("1 pair of class means coincide", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(1300)]
    public void OutOfDistribution_AnyCut_AgreesWithNaiveLoops(int rows)
    {
        SyntheticFeatures data = SyntheticFeatures.Create([30, 20, 10], 6, 0.2), other = SyntheticFeatures.Create([rows], 6, 1, seed: 8, offset: -1);
        var first = new FeatureAccumulator(6, withinScatter: false);
        first.Add(data.Flat, data.Labels);
        FeatureStatistics statistics = first.ToStatistics([0, 1, 2, 9]);
        var whole = new OutOfDistributionAccumulator(statistics);
        whole.Add(other.Flat);
        whole.Add(new double[6]);
        var parts = new OutOfDistributionAccumulator(statistics);
        foreach (double[] row in other.Rows.Append(new double[6]))
        {
            parts.Add(row);
        }

        OutOfDistributionMetrics metrics = whole.ToMetrics();
        Assert.Equal(metrics, parts.ToMetrics());
        Assert.Equal(rows + 1, metrics.SampleCount);
        var naive = new NaiveMetrics(data.Rows, data.Classes, 3);
        double[] mean = Enumerable.Range(0, 6).Select(d => other.Rows.Average(row => row[d])).ToArray();
        Same(naive.Means.Select(m => Math.Abs(NaiveMetrics.Cosine(m, mean))), metrics.MeanDeviation, "NC5");
        // The zero vector has no angle and is not counted.
        Same(other.Rows.Select(h => naive.Means.Average(m => Math.Abs(NaiveMetrics.Cosine(m, h)))), metrics.SampleDeviation, "samples");
    }

    [Fact]
    public void OutOfDistribution_OrthogonalData_IsZeroAndOwnDataIsNot()
    {
        var first = new FeatureAccumulator(4);
        first.Add([1, 0, 0, 0, 0, 2, 0, 0], [0, 1]);
        var orthogonal = new OutOfDistributionAccumulator(first.ToStatistics());
        orthogonal.Add([0f, 0, 3, 1, 0, 0, -1, 1]);
        Assert.Equal(0, orthogonal.ToMetrics().MeanDeviation.Mean);
        Assert.Equal(0, orthogonal.ToMetrics().SampleDeviation.Maximum);
        var own = new OutOfDistributionAccumulator(first.ToStatistics());
        own.Add([1.0, 0, 0, 0, -1, 0, 0, 0]);
        Assert.True(double.IsNaN(own.ToMetrics().MeanDeviation.Mean));
        Assert.Equal(0.5, own.ToMetrics().SampleDeviation.Mean);
    }

    [Fact]
    public void OutOfDistribution_BadRows_AreRefused()
    {
        var first = new FeatureAccumulator(2);
        first.Add([1, 0, 0, 2], [0, 1]);
        var other = new OutOfDistributionAccumulator(first.ToStatistics());
        Assert.Throws<InvalidOperationException>(() => other.ToMetrics());
        Assert.Throws<ArgumentException>(() => other.Add([1.0, 2, 3]));
        Assert.Contains("row 1, column 0", Assert.Throws<ArgumentException>(() => other.Add([1.0, 2, double.NaN, 3])).Message, StringComparison.Ordinal);
    }
}
