using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis.Metrics;

public sealed class NeuralCollapseTests
{
    // Library and naive loops differ by rounding only, amplified by the condition of Σ_B in NC1.
    private const double Roundoff = 1e-10;

    public static TheoryData<int[], int, GlobalMean> Shapes => new()
    {
        { [20, 20, 20, 20], 12, GlobalMean.ClassMeans },
        { [300, 100, 30, 10, 3], 7, GlobalMean.ClassMeans },
        { [300, 100, 30, 10, 3], 7, GlobalMean.Samples },
        { [300, 100, 30, 10, 3], 7, GlobalMean.None },
        { [9, 8, 7, 6, 5, 4, 3, 2, 1], 4, GlobalMean.ClassMeans },
        { [3, 2, 2], 40, GlobalMean.ClassMeans },
        { [700, 600], 3, GlobalMean.Samples },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Measure_AnyShape_AgreesWithNaiveLoops(int[] counts, int dimension, GlobalMean globalMean)
    {
        SyntheticFeatures data = SyntheticFeatures.Create(counts, dimension, 0.4);
        var options = new NeuralCollapseOptions { GlobalMean = globalMean };
        NeuralCollapseReport report = NeuralCollapse.Measure(data.Features, data.Labels, data.Classifier, data.Bias, options);
        var naive = new NaiveMetrics(data.Rows, data.Classes, counts.Length);
        double[] origin = globalMean switch
        {
            GlobalMean.ClassMeans => naive.MeanOfMeans(),
            GlobalMean.Samples => naive.SampleMean(),
            _ => new double[dimension],
        };
        double[][] means = naive.Centred(origin);
        double target = -1.0 / (counts.Length - 1);

        Assertions.Near(naive.PseudoInverse(origin), report.Variability.PseudoInverse, Roundoff, "NC1");
        Assertions.Near(naive.PseudoInverse(origin, balanced: true), report.Variability.ClassBalancedPseudoInverse, Roundoff, "balanced NC1");
        Assertions.Near(naive.TraceRatio(origin), report.Variability.TraceRatio, Roundoff, "trace ratio");
        Frame(means, report.MeanFrame);
        Frame(data.ClassifierRows, report.ClassifierFrame!);
        Assertions.Near(NaiveMetrics.Duality(data.ClassifierRows, means), report.Duality!.Distance, Roundoff, "NC3");
        Assertions.Near(NaiveMetrics.GramDeviation(data.ClassifierRows, means), report.Duality.LogitDeviation, Roundoff, "logits");
        Assertions.Near(Math.Pow(NaiveMetrics.Duality(data.ClassifierRows, means), 2), report.Duality.SquaredDistance, Roundoff, "NC3²");
        Assert.Equal(naive.Disagreement(data.ClassifierRows, data.Bias.ToArray()), report.Decisions!.Disagreement, 14);
        Assert.True(report.Decisions.Disagreement > 0 || counts.Length < 4);
        Assertions.Near(data.ClassifierRows.Average(w => NaiveMetrics.Dot(w, w)), report.ClassifierBudget, Roundoff, "E_W");
        Assertions.Near(naive.FeatureBudget(naive.SampleMean()), report.FeatureBudget, Roundoff, "E_H");
        Assertions.Near(naive.FeatureBudget(new double[dimension]), report.UncentredFeatureBudget, Roundoff, "E_H, not centred");

        void Frame(double[][] vectors, FrameMetrics frame)
        {
            double[] cosines = NaiveMetrics.Cosines(vectors);
            Assertions.Near(NaiveMetrics.NormVariation(vectors), frame.NormVariation, Roundoff, "norms");
            Assertions.Within(NaiveMetrics.Deviation(cosines), frame.AngleVariation, Roundoff, "angles");
            Assertions.Within(cosines.Average(c => Math.Abs(c - target)), frame.AngleDeviation, Roundoff, "maximal angles");
            Assertions.Near(NaiveMetrics.GramDeviation(vectors, vectors), frame.GramDeviation, Roundoff, "Gram");
            Assert.Equal(cosines.Length, frame.Cosines.Count);
        }
    }

    [Fact]
    public void Measure_ScatterAndSecondPass_GiveTheSameFirstMetric()
    {
        SyntheticFeatures data = SyntheticFeatures.Create([600, 500, 40, 7, 1], 24, 0.5);
        var accumulator = new FeatureAccumulator(24);
        accumulator.Add(data.Flat, data.Labels);
        NeuralCollapseReport onePass = NeuralCollapse.Measure(accumulator.ToStatistics(), data.Classifier, data.Bias);
        NeuralCollapseReport twoPasses = NeuralCollapse.Measure(data.Features, data.Labels, data.Classifier, data.Bias);
        Assertions.Near(onePass.Variability.PseudoInverse, twoPasses.Variability.PseudoInverse, Roundoff);
        Assert.Null(onePass.Decisions);
        Assert.Contains(onePass.Notes, n => n.Contains("second pass", StringComparison.Ordinal));
        Assert.Equal(onePass.MeanFrame, twoPasses.MeanFrame);
    }

    [Fact]
    public void Measure_PermutedSamples_ChangesNothing()
    {
        SyntheticFeatures data = SyntheticFeatures.Create([900, 300, 20], 5, 0.7);
        int[] order = Enumerable.Range(0, data.Labels.Length).ToArray();
        new Random(5).Shuffle(order);
        NeuralCollapseReport expected = NeuralCollapse.Measure(data.Features, data.Labels, data.Classifier, data.Bias);
        NeuralCollapseReport actual = NeuralCollapse.Measure(
            Matrix<double>.Build.DenseOfRowArrays(order.Select(i => data.Rows[i])), order.Select(i => data.Labels[i]).ToArray(), data.Classifier, data.Bias);
        Assertions.Near(expected.Variability.PseudoInverse, actual.Variability.PseudoInverse, 1e-12);
        Assertions.Near(expected.Duality!.Distance, actual.Duality!.Distance, 1e-12);
        Assert.Equal(expected.Decisions!.Disagreement, actual.Decisions!.Disagreement);
        Assertions.Near(expected.FeatureBudget, actual.FeatureBudget, 1e-12);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(5, 4)]
    [InlineData(10, 64)]
    public void Measure_PerfectCollapse_IsZeroThroughout(int classes, int dimension)
    {
        Matrix<double> frame = SimplexEtf.Frame(classes, dimension);
        long[] labels = Enumerable.Range(0, 40 * classes).Select(i => (long)(i % classes)).ToArray();
        Matrix<double> features = Matrix<double>.Build.DenseOfRowVectors(labels.Select(l => (frame.Row((int)l) * 3.7) + 0.1));
        NeuralCollapseReport report = NeuralCollapse.Measure(features, labels, frame * 2);
        Assert.Equal(0, report.Variability.PseudoInverse);
        Assert.Equal(0, report.Variability.TraceRatio);
        Assert.Equal(classes - 1, report.Variability.BetweenRank);
        foreach (FrameMetrics side in new[] { report.MeanFrame, report.ClassifierFrame! })
        {
            Assertions.Within(0, side.NormVariation, 1e-14);
            Assertions.Within(0, side.AngleVariation, 1e-14);
            Assertions.Within(0, side.AngleDeviation, 1e-14);
            Assertions.Within(0, side.GramDeviation, 1e-14);
        }

        Assertions.Within(0, report.Duality!.Distance, 1e-14);
        Assertions.Within(0, report.Duality.LogitDeviation, 1e-14);
        Assert.Equal(0, report.Decisions!.Disagreement);
        Assert.Equal(1, report.Decisions.NearestMeanAccuracy);
        Assertions.Near(4, report.ClassifierBudget, 1e-14);
        Assertions.Near(3.7 * 3.7, report.FeatureBudget, 1e-14);
    }

    [Fact]
    public void Measure_NearlySingularBetweenScatter_IsNeverNegative()
    {
        // Single-precision features whose class means nearly coincide, at an offset a thousand times larger than anything else.
        for (int seed = 0; seed < 20; seed++)
        {
            SyntheticFeatures data = SyntheticFeatures.Create([30, 20, 10, 5, 4, 3, 2], 30, 1e-6, seed, offset: 0);
            float[] rows = data.Flat.Select((x, i) => (float)((1e-7 * x) + (1000 * Math.Sin(i % 30)))).ToArray();
            var accumulator = new FeatureAccumulator(30);
            accumulator.Add(rows, data.Labels);
            NeuralCollapseReport report = NeuralCollapse.Measure(accumulator.ToStatistics(), data.Classifier);
            Assert.False(report.Variability.PseudoInverse < 0);
            Assert.True(report.Variability.WithinTrace >= 0 && report.Variability.BetweenTrace >= 0);
        }
    }

    [Fact]
    public void Measure_DependentMeans_CutsTheSpectrumAndSaysSo()
    {
        // Class 2 sits exactly between classes 0 and 1: rank 1 instead of 2, and the eigenvalue that is zero must not be inverted.
        double[][] means = [[1, 2, 3], [3, 6, 5], [2, 4, 4]];
        var random = new Random(3);
        long[] labels = Enumerable.Range(0, 300).Select(i => (long)(i % 3)).ToArray();
        double[][] noise = Enumerable.Range(0, 100).Select(_ => Enumerable.Range(0, 3).Select(_ => random.NextDouble() - 0.5).ToArray()).ToArray();

        // The same noise in each class, so that the class means stay dependent up to roundoff.
        Matrix<double> features = Matrix<double>.Build.Dense(300, 3, (i, d) => means[i % 3][d] + noise[i / 3][d]);
        NeuralCollapseReport report = NeuralCollapse.Measure(features, labels);
        Assert.Equal(1, report.Variability.BetweenRank);
        Assert.InRange(report.Variability.PseudoInverse, 0, 1);
        Assert.Contains(report.Notes, n => n.Contains("singular", StringComparison.Ordinal));
    }

    [Fact]
    public void Measure_CoincidingMeans_IsUndefinedNotInfinite()
    {
        Matrix<double> features = Matrix<double>.Build.Dense(8, 2, (i, d) => i / 2 % 2 == 0 ? 1 : -1);
        NeuralCollapseReport report = NeuralCollapse.Measure(features, [0, 1, 0, 1, 0, 1, 0, 1], Matrix<double>.Build.Dense(2, 2, 1));
        Assert.True(double.IsNaN(report.Variability.PseudoInverse));
        Assert.True(double.IsNaN(report.Variability.TraceRatio));
        Assert.True(double.IsNaN(report.Duality!.Distance));
        Assert.True(double.IsNaN(report.MeanFrame.Cosines.Mean));
        Assert.Contains(report.Notes, n => n.Contains("coincide", StringComparison.Ordinal));
        Assert.Contains(report.Notes, n => n.Contains("NC3 is undefined", StringComparison.Ordinal));
    }

    [Fact]
    public void Measure_SingletonsAndEmptyClasses_AreLeftOutAndNamed()
    {
        SyntheticFeatures data = SyntheticFeatures.Create([50, 1, 1, 20], 6, 0.3, classLabels: [0, 2, 3, 5]);
        Matrix<double> classifier = Matrix<double>.Build.Dense(7, 6, (k, d) => Math.Sin(k + (3 * d)));
        NeuralCollapseReport report = NeuralCollapse.Measure(data.Features, data.Labels, classifier);
        Assert.Equal([50L, 0, 1, 1, 0, 20, 0], report.Counts);
        Assert.Contains(report.Notes, n => n.StartsWith("3 classes (label 1, 4, 6) without examples", StringComparison.Ordinal));
        Assert.Contains(report.Notes, n => n.StartsWith("2 classes (label 2, 3) with a single example", StringComparison.Ordinal));
        Assert.Contains(report.Notes, n => n.Contains("No bias", StringComparison.Ordinal));
        Assert.Equal(4, report.MeanFrame.Vectors);
        Assert.Equal(7, report.ClassifierFrame!.Vectors);

        // The same network without the empty classes: everything about means agrees.
        Matrix<double> used = Matrix<double>.Build.DenseOfRows(new[] { 0, 2, 3, 5 }.Select(k => classifier.Row(k)));
        NeuralCollapseReport compact = NeuralCollapse.Measure(data.Features, data.Labels, used);
        Assert.Equal(compact.Variability, report.Variability);
        Assert.Equal(compact.MeanFrame, report.MeanFrame);
        Assertions.Near(compact.Duality!.Distance, report.Duality!.Distance, 1e-14);
        Assert.Equal(compact.FeatureBudget, report.FeatureBudget);
        Assert.True(double.IsNaN(report.Decisions!.ClassifierAccuracyByClass[1]));
    }

    [Fact]
    public void Measure_ZeroVectors_HaveNoCosineAndANote()
    {
        SyntheticFeatures data = SyntheticFeatures.Create([30, 30, 30, 2, 2], 6, 0.3);
        data.Classifier.ClearRow(3);
        NeuralCollapseReport report = NeuralCollapse.Measure(data.Features, data.Labels, data.Classifier);
        Assert.True(double.IsNaN(report.ClassifierFrame!.Cosines.Mean));
        Assert.True(double.IsNaN(report.ClassifierFrame.AngleDeviation));
        Assert.False(double.IsNaN(report.ClassifierFrame.GramDeviation));
        Assert.False(double.IsNaN(report.Groups[0].ClassifierCosines.Mean));
        Assert.True(double.IsNaN(report.Groups[1].ClassifierCosines.Mean));
        Assert.Equal(0, report.Groups[1].ClassifierNorms.Minimum);
        Assert.Contains(report.Notes, n => n.StartsWith("1 class (label 3) with a classifier of norm zero", StringComparison.Ordinal));
    }

    [Fact]
    public void Measure_Labels_AreMatchedToRowsOrRefused()
    {
        SyntheticFeatures plain = SyntheticFeatures.Create([20, 10, 5], 4, 0.3);
        SyntheticFeatures spread = SyntheticFeatures.Create([20, 10, 5], 4, 0.3, classLabels: [-7, 12, 40]);
        NeuralCollapseReport expected = NeuralCollapse.Measure(plain.Features, plain.Labels, plain.Classifier, plain.Bias);
        NeuralCollapseReport ascending = NeuralCollapse.Measure(spread.Features, spread.Labels, plain.Classifier, plain.Bias);
        Assert.Equal(expected.Duality, ascending.Duality);
        Assert.Equal([-7L, 12, 40], ascending.Labels);

        // Rows of W in another order, named explicitly.
        int[] order = [2, 0, 1];
        Matrix<double> permuted = Matrix<double>.Build.DenseOfRows(order.Select(k => plain.Classifier.Row(k)));
        Vector<double> permutedBias = Vector<double>.Build.DenseOfEnumerable(order.Select(k => plain.Bias[k]));
        NeuralCollapseReport named = NeuralCollapse.Measure(spread.Features, spread.Labels, permuted, permutedBias, classLabels: [40, -7, 12]);
        Assertions.Near(expected.Duality!.Distance, named.Duality!.Distance, 1e-14);
        Assert.Equal(expected.Decisions!.Disagreement, named.Decisions!.Disagreement);

        Assert.Contains("4 rows and the labels name 3 classes (-7, 12, 40)", Assert.Throws<ArgumentException>(
            () => NeuralCollapse.Measure(spread.Features, spread.Labels, Matrix<double>.Build.Dense(4, 4, 1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => NeuralCollapse.Measure(spread.Features, spread.Labels, Matrix<double>.Build.Dense(2, 4, 1)));
        Assert.Contains("label 12", Assert.Throws<ArgumentException>(
            () => NeuralCollapse.Measure(spread.Features, spread.Labels, classLabels: [-7, 40])).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(
            () => NeuralCollapse.Measure(spread.Features, spread.Labels, classLabels: [-7, 40, 12, 40])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_TransposedSquareClassifier_IsNoted()
    {
        SyntheticFeatures data = SyntheticFeatures.Create([30, 20, 20, 10, 10, 10, 5, 5], 8, 0.1, offset: 0);
        string[] Notes(Matrix<double> classifier) => [.. NeuralCollapse.Measure(data.Features, data.Labels, classifier, data.Bias).Notes];
        Assert.Empty(Notes(data.Classifier));
        Assert.Contains("it looks transposed", Assert.Single(Notes(data.Classifier.Transpose())), StringComparison.Ordinal);
        Assert.Contains("not more than chance", Assert.Single(Notes(-data.Classifier)), StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_NamedClasses_AreCalledByTheirNames()
    {
        SyntheticFeatures data = SyntheticFeatures.Create([5, 1, 3], 4, 0.1);
        var first = new FeatureAccumulator(4, withinScatter: true);
        first.Add(data.Flat, data.Labels);
        FeatureStatistics statistics = first.ToStatistics().WithNames(["cat", "dog", "eel"]);
        NeuralCollapseReport report = NeuralCollapse.Measure(statistics);
        Assert.Equal(["cat", "dog", "eel"], report.Names);
        Assert.Contains(report.Notes, note => note.StartsWith("1 class (label dog) with a single example", StringComparison.Ordinal));

        // Another order and a class more: names go with their labels.
        Assert.Equal(["dog", "7", "eel", "cat"], statistics.ForClasses([1, 7, 2, 0]).Names);
        Assert.Throws<ArgumentException>(() => statistics.WithNames(["cat"]));
    }

    [Fact]
    public void Measure_ShapesThatDoNotFit_AreRefused()
    {
        SyntheticFeatures data = SyntheticFeatures.Create([20, 10, 5], 4, 0.3);
        Assert.Throws<ArgumentException>(() => NeuralCollapse.Measure(data.Features, data.Labels.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => NeuralCollapse.Measure(data.Features, data.Labels, Matrix<double>.Build.Dense(3, 5)));
        Assert.Throws<ArgumentException>(() => NeuralCollapse.Measure(data.Features, data.Labels, data.Classifier, Vector<double>.Build.Dense(2)));
        Assert.Throws<ArgumentException>(() => NeuralCollapse.Measure(data.Features, data.Labels, null, data.Bias));
        Assert.Throws<ArgumentException>(() => NeuralCollapse.Measure(data.Features, data.Labels, data.Classifier * double.NaN));
        Assert.Throws<ArgumentException>(() => NeuralCollapse.Measure(data.Features, data.Labels, options: new NeuralCollapseOptions { Groups = [0, 1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NeuralCollapseOptions { RankTolerance = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NeuralCollapseOptions { GlobalMean = (GlobalMean)9 });
    }

    [Fact]
    public void Measure_Groups_ReportTheirOwnNormsAndAngles()
    {
        int[] counts = [40, 40, 40, 5, 5];
        SyntheticFeatures data = SyntheticFeatures.Create(counts, 8, 0.3);
        NeuralCollapseReport report = NeuralCollapse.Measure(data.Features, data.Labels, data.Classifier, data.Bias);
        double[][] w = data.ClassifierRows;
        var naive = new NaiveMetrics(data.Rows, data.Classes, 5);
        double[][] m = naive.Centred(naive.MeanOfMeans());
        Assert.Equal([0, 1, 2], report.Groups[0].Classes);
        Assert.Equal([3, 4], report.Groups[1].Classes);
        Assert.Equal((5, 5), (report.Groups[1].SmallestCount, report.Groups[1].LargestCount));
        double[] within = NaiveMetrics.Cosines(w[..3]);
        Assertions.Near(within.Average(), report.Groups[0].ClassifierCosines.Mean, Roundoff);
        Assertions.Near(within.Max(), report.Groups[0].ClassifierCosines.Maximum, Roundoff);
        Assertions.Near(within.Min(), report.Groups[0].ClassifierCosines.Minimum, Roundoff);
        Assertions.Near(NaiveMetrics.Deviation(within), report.Groups[0].ClassifierCosines.StandardDeviation, Roundoff);
        Assertions.Near(NaiveMetrics.Cosines(m[3..])[0], report.Groups[1].MeanCosines.Mean, Roundoff);
        Assertions.Near(Math.Sqrt(NaiveMetrics.Dot(m[3], m[3])), report.Groups[1].MeanNorms.Mean * 2 - Math.Sqrt(NaiveMetrics.Dot(m[4], m[4])), Roundoff);
        double across = Enumerable.Range(0, 3).SelectMany(j => new[] { 3, 4 }.Select(k => NaiveMetrics.Cosines([w[j], w[k]])[0])).Average();
        Assertions.Near(across, report.ClassifierCosines![0, 1], Roundoff);
        Assertions.Near(within.Average(), report.ClassifierCosines[0, 0], Roundoff);
        Assertions.Near(report.Groups[1].MeanCosines.Mean, report.MeanCosines[1, 1], Roundoff);

        NeuralCollapseReport chosen = NeuralCollapse.Measure(
            data.Features, data.Labels, data.Classifier, data.Bias, new NeuralCollapseOptions { Groups = [7, 7, 2, 7, 7] });
        Assert.Equal([2], chosen.Groups[0].Classes);
        Assert.True(double.IsNaN(chosen.Groups[0].ClassifierCosines.Mean));
        Assert.Equal((5, 40), (chosen.Groups[1].SmallestCount, chosen.Groups[1].LargestCount));
    }

    [Fact]
    public void Measure_ManyClasses_PairsOfAllStripsAreCounted()
    {
        // More classes than one strip of pairs, and more classes than dimensions.
        SyntheticFeatures data = SyntheticFeatures.Create(Enumerable.Repeat(2, 600).ToArray(), 20, 0.1);
        NeuralCollapseReport report = NeuralCollapse.Measure(data.Features, data.Labels, data.Classifier);
        double[] cosines = NaiveMetrics.Cosines(data.ClassifierRows);
        Assert.Equal(cosines.Length, report.ClassifierFrame!.Cosines.Count);
        Assertions.Near(cosines.Max(), report.ClassifierFrame.Cosines.Maximum, Roundoff);
        Assertions.Near(NaiveMetrics.Deviation(cosines), report.ClassifierFrame.AngleVariation, Roundoff);
        Assertions.Near(NaiveMetrics.GramDeviation(data.ClassifierRows, data.ClassifierRows), report.ClassifierFrame.GramDeviation, Roundoff);
        Assert.Equal(20, report.Variability.BetweenRank);
    }
}
