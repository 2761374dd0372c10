using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>
/// The neural-collapse metrics of a network's last layer (Papyan, Han, Donoho, PNAS 2020) and the minority statistics of Fang et al. 2021,
/// from features, labels, classifier and bias.
/// </summary>
public static class NeuralCollapse
{
    private const int RowsAtOnce = 512;

    /// <summary>Measures features in memory: both passes, no p×p matrix.</summary>
    /// <param name="features">N×p, one example a row, finite.</param>
    /// <param name="labels">N labels, any integers; classes are the labels in ascending order.</param>
    /// <param name="classifier">W, K×p, one row a class; null when there is none.</param>
    /// <param name="bias">b, length K; zero when null.</param>
    /// <param name="options">Variants; defaults when null.</param>
    /// <param name="classLabels">The label of each row of W, where the rows are not in ascending order of labels.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, numbers are not finite, or labels and rows of W cannot be matched.</exception>
    public static NeuralCollapseReport Measure(
        Matrix<double> features, ReadOnlySpan<long> labels, Matrix<double>? classifier = null, Vector<double>? bias = null,
        NeuralCollapseOptions? options = null, IReadOnlyList<long>? classLabels = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.RowCount != labels.Length)
        {
            throw new ArgumentException($"There are {features.RowCount} rows of features and {labels.Length} labels.", nameof(labels));
        }

        int p = features.ColumnCount;
        var first = new FeatureAccumulator(p, withinScatter: false);
        for (int i = 0; i < labels.Length; i += RowsAtOnce)
        {
            int n = Math.Min(RowsAtOnce, labels.Length - i);
            first.Add(features.SubMatrix(i, n, 0, p).ToRowMajorArray(), labels.Slice(i, n));
        }

        FeatureStatistics statistics = first.ToStatistics(classLabels);
        var second = new SecondPassAccumulator(statistics, classifier, bias, options);
        for (int i = 0; i < labels.Length; i += RowsAtOnce)
        {
            int n = Math.Min(RowsAtOnce, labels.Length - i);
            second.Add(features.SubMatrix(i, n, 0, p).ToRowMajorArray(), labels.Slice(i, n));
        }

        return Measure(statistics, classifier, bias, second.ToStatistics(), options);
    }

    /// <summary>Measures what one pass, or two, have found.</summary>
    /// <param name="statistics">The first pass.</param>
    /// <param name="classifier">W, K×p, rows as in <see cref="FeatureStatistics.ForClassifier"/>; null when there is none.</param>
    /// <param name="bias">b, length K; only checked here, it acts in the second pass.</param>
    /// <param name="secondPass">The second pass; null: NC4 is skipped.</param>
    /// <param name="options">Variants; defaults when null.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, numbers are not finite, or labels and rows of W cannot be matched.</exception>
    public static NeuralCollapseReport Measure(
        FeatureStatistics statistics, Matrix<double>? classifier = null, Vector<double>? bias = null,
        SecondPassStatistics? secondPass = null, NeuralCollapseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        return Measure(statistics, classifier, bias, secondPass, options ?? new NeuralCollapseOptions(), 0);
    }

    /// <param name="statistics">The first pass.</param>
    /// <param name="classifier">W.</param>
    /// <param name="bias">b.</param>
    /// <param name="secondPass">The second pass.</param>
    /// <param name="options">Variants.</param>
    /// <param name="resolution">Vectors whose norm is at most this share of the largest one on their side are zero.</param>
    internal static NeuralCollapseReport Measure(
        FeatureStatistics statistics, Matrix<double>? classifier, Vector<double>? bias,
        SecondPassStatistics? secondPass, NeuralCollapseOptions options, double resolution)
    {
        FeatureStatistics aligned = ClassifierChecks.Align(statistics, classifier, bias);
        RequireSameConvention(aligned, secondPass, options);
        var notes = new ReportNotes(aligned);
        CentredMeans means = secondPass?.Means is { } made && ReferenceEquals(made.Source, aligned) && made.Options == options
            ? made
            : new CentredMeans(aligned, options);
        int p = aligned.Dimension;
        var meanVectors = new VectorSet(means.Data, p, Math.Max(means.Roundoff, resolution * LargestNorm(means.Data, p)));
        notes.Classes();
        notes.ZeroMeans(means, meanVectors);
        VectorSet? classifiers = null;
        if (classifier is not null)
        {
            double[] rows = VectorSet.Rows(classifier);
            classifiers = new VectorSet(rows, p, resolution * LargestNorm(rows, p));
        }

        notes.Classifier(classifiers, bias, secondPass);
        if (classifier is not null && secondPass is not null)
        {
            notes.Accuracy(classifier, bias, secondPass);
        }

        var pairs = new PairSweep(meanVectors, Array.ConvertAll(means.Classes, k => aligned.WithinVariances[k]), means.Roundoff);
        int[][] groups = ClassGrouping.Of(aligned, options.Groups);
        int[][] meanGroups = groups.Select(g => g.Select(k => Array.BinarySearch(means.Classes, k)).Where(i => i >= 0).ToArray()).ToArray();
        return new NeuralCollapseReport
        {
            GlobalMean = options.GlobalMean,
            Labels = aligned.Labels,
            Names = aligned.Names,
            Counts = aligned.Counts,
            Variability = Variability(aligned, means, pairs, secondPass, notes),
            MeanFrame = meanVectors.Frame(pairs),
            ClassifierFrame = classifiers?.Frame(new PairSweep(classifiers)),
            Duality = classifiers is null ? null : Duality(classifiers, meanVectors, means.Classes, notes),
            Decisions = secondPass,
            ClassifierBudget = classifiers is null ? double.NaN : classifiers.Norms.Average(norm => norm * norm),
            FeatureBudget = means.Classes.Average(k => aligned.WithinVariances[k] + SquaredDistance(aligned.Means.Row(k), aligned.Mean)),
            UncentredFeatureBudget = means.Classes.Average(k => aligned.WithinVariances[k] + (aligned.Means.Row(k) * aligned.Means.Row(k))),
            Groups = groups.Select((group, g) => Group(aligned, group, meanGroups[g], classifiers, meanVectors)).ToArray(),
            ClassifierCosines = classifiers?.MeanCosines(groups),
            MeanCosines = meanVectors.MeanCosines(meanGroups),
            Notes = notes.All,
        };
    }

    private static VariabilityMetrics Variability(
        FeatureStatistics statistics, CentredMeans means, PairSweep pairs, SecondPassStatistics? secondPass, ReportNotes notes)
    {
        int classes = means.Classes.Length;
        double within = means.Classes.Sum(k => statistics.WithinVariances[k] * statistics.Counts[k] / statistics.SampleCount);
        double balancedWithin = means.Classes.Average(k => statistics.WithinVariances[k]);
        bool separated = means.Spectrum.Rank > 0;
        double between = separated ? TensorPrimitives.SumOfSquares<double>(means.Data) / classes : 0;
        notes.Spectrum(means, secondPass);
        notes.Coincidences(pairs.CoincidingPairs);

        // The second pass sums ‖Σ_B^{-1/2}(h − m)‖² directly: no p×p matrix, and more digits than the product with one.
        double quotient = secondPass is not null
            ? means.Classes.Sum(k => secondPass.VariabilityByClass[k] * statistics.Counts[k] / statistics.SampleCount)
            : statistics.Scatter is { } scatter ? means.Spectrum.TraceOfQuotient(scatter) : double.NaN;
        return new VariabilityMetrics
        {
            PseudoInverse = quotient / classes,
            ClassBalancedPseudoInverse = secondPass is null ? double.NaN : means.Classes.Average(k => secondPass.VariabilityByClass[k]) / classes,
            TraceRatio = separated ? within / between : double.NaN,
            ClassBalancedTraceRatio = separated ? balancedWithin / between : double.NaN,
            ClassDistance = pairs.ClassDistance,
            ClassDistanceLog10 = pairs.ClassDistanceLog10,
            WithinTrace = within,
            BetweenTrace = between,
            BetweenRank = means.Spectrum.Rank,
        };
    }

    private static DualityMetrics Duality(VectorSet classifiers, VectorSet means, int[] present, ReportNotes notes)
    {
        int p = means.Dimension;
        VectorSet rows = classifiers;
        if (present.Length < classifiers.Count)
        {
            rows = new VectorSet(present.SelectMany(k => classifiers.Data.AsSpan(k * p, p).ToArray()).ToArray(), p, 0);
        }

        double classifierNorm = rows.FrobeniusNorm, meanNorm = means.FrobeniusNorm, sum = 0;
        if (!(classifierNorm > 0) || Enumerable.Range(0, means.Count).All(means.Vanishes))
        {
            notes.NoDuality();
            return new DualityMetrics
            {
                Distance = double.NaN,
                LogitDeviation = double.NaN,
                Alignment = SummaryStatistics.Undefined,
                Similarity = SummaryStatistics.Undefined,
            };
        }

        for (int i = 0; i < means.Data.Length; i++)
        {
            double difference = (rows.Data[i] / classifierNorm) - (means.Data[i] / meanNorm);
            sum += difference * difference;
        }

        return new DualityMetrics
        {
            Distance = Math.Sqrt(sum),
            LogitDeviation = VectorSet.GramDeviation(rows, means),
            Alignment = Enumerable.Range(0, means.Count).Any(k => rows.Vanishes(k) || means.Vanishes(k))
                ? SummaryStatistics.Undefined
                : SummaryStatistics.Of(Enumerable.Range(0, means.Count).Select(k => Math.Clamp(TensorPrimitives.Dot(rows.Unit(k), means.Unit(k)), -1, 1))),
            Similarity = SummaryStatistics.Of(Enumerable.Range(0, means.Count).Select(k => TensorPrimitives.Dot(rows.Vector(k), means.Vector(k)))),
        };
    }

    private static ClassGroupMetrics Group(FeatureStatistics statistics, int[] classes, int[] means, VectorSet? classifiers, VectorSet meanVectors) => new()
    {
        Classes = classes,
        SmallestCount = classes.Min(k => statistics.Counts[k]),
        LargestCount = classes.Max(k => statistics.Counts[k]),
        ClassifierNorms = classifiers?.NormsOf(classes) ?? SummaryStatistics.Undefined,
        MeanNorms = meanVectors.NormsOf(means),
        ClassifierCosines = classifiers?.CosinesOf(classes) ?? SummaryStatistics.Undefined,
        MeanCosines = meanVectors.CosinesOf(means),
        WithinVariances = SummaryStatistics.Of(classes.Where(k => statistics.Counts[k] > 0).Select(k => statistics.WithinVariances[k])),
    };

    private static void RequireSameConvention(FeatureStatistics statistics, SecondPassStatistics? secondPass, NeuralCollapseOptions options)
    {
        if (secondPass is not null && secondPass.GlobalMean != options.GlobalMean)
        {
            throw new ArgumentException(
                $"The second pass was made with the global mean {secondPass.GlobalMean}, the report asks for {options.GlobalMean}.", nameof(secondPass));
        }

        if (secondPass is not null && secondPass.VariabilityByClass.Count != statistics.ClassCount)
        {
            throw new ArgumentException(
                $"The second pass is of {secondPass.VariabilityByClass.Count} classes, the statistics are of {statistics.ClassCount}.", nameof(secondPass));
        }
    }

    private static double LargestNorm(double[] data, int p)
    {
        double largest = 0;
        for (int i = 0; i < data.Length; i += p)
        {
            largest = Math.Max(largest, TensorPrimitives.Norm<double>(data.AsSpan(i, p)));
        }

        return largest;
    }

    private static double SquaredDistance(Vector<double> a, Vector<double> b)
    {
        double distance = TensorPrimitives.Distance<double>(a.AsArray(), b.AsArray());
        return distance * distance;
    }
}
