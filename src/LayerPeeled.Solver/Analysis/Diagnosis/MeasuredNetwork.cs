using System.Numerics.Tensors;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>What members of the family are set up with and compared to: counts, budgets and grouped geometry of a network, or of a classifier alone.</summary>
internal sealed class MeasuredNetwork
{
    // A vector this much smaller than the largest is zero to the accuracy of a solve, and to single precision.
    private const double SolverResolution = 1e-7;

    private readonly int[][] groups;
    private readonly int[][] meanGroups;
    private readonly GlobalMean origin;
    private readonly FeatureStatistics? statistics;
    private readonly GroupedSide classifiers;
    private readonly GroupedSide? means;

    // Of the mean of n_k examples with variance v_k: v_k/(n_k − 1), squared length that it owes to them.
    private readonly double[] noise;

    private MeasuredNetwork(double[] counts, Matrix<double> classifier, bool hasBias, NetworkDiagnosisOptions options, FeatureStatistics? statistics)
    {
        (Counts, HasBias, Options, this.statistics, origin) = (counts, hasBias, options, statistics, options.GlobalMean);
        int[] groupOf = DisplayGroups.Of(counts, options.MostGroups ?? DisplayGroups.DefaultMost(counts.Length));
        groups = Enumerable.Range(0, counts.Length).GroupBy(k => groupOf[k]).OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray();
        Dimension = Math.Min(classifier.ColumnCount, counts.Length);
        double[] rows = VectorSet.Rows(classifier);
        ClassifierBudget = TensorPrimitives.SumOfSquares<double>(rows) / counts.Length;
        classifiers = GroupedSide.Of(new VectorSet(rows, classifier.ColumnCount, SolverResolution * LargestNorm(rows, classifier.ColumnCount)), groups);
        int[] present = Enumerable.Range(0, counts.Length).Where(k => counts[k] > 0).ToArray();
        meanGroups = Array.ConvertAll(groups, group => group.Select(k => Array.BinarySearch(present, k)).Where(i => i >= 0).ToArray());
        noise = statistics is null ? [] : Array.ConvertAll(present, k => counts[k] > 1 ? statistics.WithinVariances[k] / (counts[k] - 1) : 0);
        means = statistics is null ? null : GroupedSide.Of(Centred(statistics), meanGroups);
    }

    /// <summary>A network.</summary>
    public static MeasuredNetwork Of(FeatureStatistics aligned, Matrix<double> classifier, bool hasBias, NetworkDiagnosisOptions options) =>
        new([.. aligned.Counts.Select(n => (double)n)], classifier, hasBias, options, aligned);

    /// <summary>A classifier without features.</summary>
    public static MeasuredNetwork Of(double[] counts, Matrix<double> classifier, bool hasBias, NetworkDiagnosisOptions options) =>
        new(counts, classifier, hasBias, options, null);

    public NetworkDiagnosisOptions Options { get; }

    public bool HasBias { get; }

    public bool HasFeatures => statistics is not null;

    /// <summary>n_k.</summary>
    public double[] Counts { get; }

    /// <summary>p, at most K: more change nothing.</summary>
    public int Dimension { get; }

    /// <summary>E_W = (1/K)·Σ_k ‖w_k‖².</summary>
    public double ClassifierBudget { get; }

    /// <summary>Whether features vary within classes.</summary>
    public bool HasVariation => noise.Any(n => n > 0);

    /// <summary>The model with this network's counts, weights and loss.</summary>
    public LayerPeeledModel Model(Regulariser regulariser) => LayerPeeledModel.FromClassCounts(Counts, regulariser, Options.LossWeights, Dimension, Options.Loss);

    /// <summary>
    /// E_H: the mean of ‖h − μ‖² over classes or over samples, μ the sample mean, or 0 for <see cref="GlobalMean.None"/>; of the features as they are, or of the class means
    /// less the squared length that they owe to few examples.
    /// </summary>
    public double FeatureBudget(FeatureNorm norm, bool withVariation)
    {
        Vector<double> centre = statistics!.GlobalMeanOf(origin == GlobalMean.None ? GlobalMean.None : GlobalMean.Samples);
        double sum = 0, weights = 0;
        int i = 0;
        foreach (int k in statistics.Present)
        {
            double weight = norm == FeatureNorm.PerClass ? 1 : Counts[k], distance = (statistics.Means.Row(k) - centre).L2Norm();
            sum += weight * ((distance * distance) + (withVariation ? statistics.WithinVariances[k] : -noise[i]));
            weights += weight;
            i++;
        }

        return sum / weights;
    }

    /// <summary>How far the network is from an optimum.</summary>
    /// <param name="solution">The optimum.</param>
    /// <param name="scale">What its classifiers are multiplied with.</param>
    /// <param name="withNoise">Whether the optimum's class means are those of as many examples, with the variation within classes that was measured.</param>
    public GeometryMisfit MisfitOf(LayerPeeledSolution solution, double scale = 1, bool withNoise = false)
    {
        Matrix<double> rows = scale * solution.Classifier;
        double[] data = VectorSet.Rows(rows);
        var classifier = GroupedSide.Of(new VectorSet(data, rows.ColumnCount, SolverResolution * LargestNorm(data, rows.ColumnCount)), groups);
        if (statistics is null)
        {
            return Misfit(classifier, null);
        }

        double[] within = statistics.Counts.Select(n => n > 0 ? 0 : double.NaN).ToArray();
        var optimum = new FeatureStatistics([.. statistics.Labels], [.. statistics.Counts], solution.ClassMeans.Transpose(), within, null);
        return Misfit(classifier, GroupedSide.Of(Centred(optimum), meanGroups, withNoise ? noise : null));
    }

    /// <summary>How far the network is from a simplex ETF of the same budgets.</summary>
    public GeometryMisfit MisfitOfSimplexEtf()
    {
        double cosine = -1.0 / (Counts.Length - 1);
        return Misfit(
            GroupedSide.Equiangular(Math.Sqrt(ClassifierBudget), cosine, groups),
            HasFeatures ? GroupedSide.Equiangular(Math.Sqrt(FeatureBudget(FeatureNorm.PerClass, withVariation: true)), cosine, meanGroups) : null);
    }

    private GeometryMisfit Misfit(GroupedSide classifier, GroupedSide? features)
    {
        (double cosines, double norms) = GroupedSide.Differences(classifiers, classifier);
        (double meanCosines, double meanNorms) = features is null ? (double.NaN, double.NaN) : GroupedSide.Differences(means!, features);
        return new GeometryMisfit { ClassifierCosines = cosines, ClassifierNorms = norms, MeanCosines = meanCosines, MeanNorms = meanNorms };
    }

    // Means of the classes with examples, from the origin.
    private VectorSet Centred(FeatureStatistics of)
    {
        Vector<double> centre = of.GlobalMeanOf(origin);
        double largest = of.Present.Max(k => of.Means.Row(k).L2Norm());
        return new VectorSet([.. of.Present.SelectMany(k => of.Means.Row(k) - centre)], of.Dimension, SolverResolution * largest);
    }

    private static double LargestNorm(double[] data, int dimension) =>
        Enumerable.Range(0, data.Length / dimension).Max(k => TensorPrimitives.Norm<double>(data.AsSpan(k * dimension, dimension)));
}
