using LayerPeeled.Native.Border;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis.Metrics;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Native.Handles;

/// <summary>What was measured of a network.</summary>
internal sealed class MeasurementHandle : Handle, IHandle
{
    private readonly NeuralCollapseReport report;
    private readonly OutOfDistributionMetrics? others;
    private readonly int[] groupOfClass;

    public MeasurementHandle(NetworkPasses passes, NeuralCollapseOptions options, bool withinScatter, bool secondPass, CancellationToken token)
    {
        (Classifier, Bias) = (passes.Classifier, passes.Bias);
        FeatureStatistics first = passes.First(withinScatter || !secondPass, token);
        Statistics = Classifier is null ? first : first.ForClassifier(Classifier.RowCount);
        SecondPass = secondPass ? passes.Second(Statistics, options, token) : null;
        others = passes.OutOfDistribution(Statistics, token);
        report = NeuralCollapse.Measure(Statistics, Classifier, Bias, SecondPass, options);
        groupOfClass = new int[report.Counts.Count];
        for (int g = 0; g < report.Groups.Count; g++)
        {
            foreach (int k in report.Groups[g].Classes)
            {
                groupOfClass[k] = g;
            }
        }
    }

    public static string TypeName => "lp_measurement";

    public FeatureStatistics Statistics { get; }

    public SecondPassStatistics? SecondPass { get; }

    /// <summary>W; null where there is none.</summary>
    public Matrix<double>? Classifier { get; }

    public Vector<double>? Bias { get; }

    public int GroupCount => report.Groups.Count;

    public int ClassCount => report.Counts.Count;

    public LpMetrics Metrics()
    {
        VariabilityMetrics v = report.Variability;
        return new LpMetrics
        {
            Samples = Statistics.SampleCount,
            Classes = report.Counts.Count,
            Dimension = Statistics.Dimension,
            Groups = report.Groups.Count,
            GlobalMean = (int)report.GlobalMean,
            HasClassifier = Classifier is null ? 0 : 1,
            HasSecondPass = SecondPass is null ? 0 : 1,
            BetweenRank = v.BetweenRank,
            ClassifierBudget = report.ClassifierBudget,
            FeatureBudget = report.FeatureBudget,
            UncentredFeatureBudget = report.UncentredFeatureBudget,
            Nc1PseudoInverse = v.PseudoInverse,
            Nc1ClassBalancedPseudoInverse = v.ClassBalancedPseudoInverse,
            Nc1TraceRatio = v.TraceRatio,
            Nc1ClassBalancedTraceRatio = v.ClassBalancedTraceRatio,
            WithinTrace = v.WithinTrace,
            BetweenTrace = v.BetweenTrace,
            ClassDistance = SummaryFields.Of(v.ClassDistance),
            Log10ClassDistance = SummaryFields.Of(v.ClassDistanceLog10),
            Means = SummaryFields.Of(report.MeanFrame),
            Classifiers = SummaryFields.Of(report.ClassifierFrame),
            Nc3Distance = report.Duality?.Distance ?? double.NaN,
            Nc3LogitDeviation = report.Duality?.LogitDeviation ?? double.NaN,
            UniformDuality = report.Duality?.UniformDuality ?? double.NaN,
            Alignment = SummaryFields.Of(report.Duality?.Alignment),
            Similarity = SummaryFields.Of(report.Duality?.Similarity),
            Nc4Disagreement = SecondPass?.Disagreement ?? double.NaN,
            ClassifierAccuracy = SecondPass?.ClassifierAccuracy ?? double.NaN,
            NearestMeanAccuracy = SecondPass?.NearestMeanAccuracy ?? double.NaN,
            OtherSamples = others?.SampleCount ?? 0,
            Nc5 = SummaryFields.Of(others?.MeanDeviation),
            Nc5Samples = SummaryFields.Of(others?.SampleDeviation),
            Notes = Lines(report.Notes),
        };
    }

    public LpGroupMetrics Group(int g)
    {
        ClassGroupMetrics group = report.Groups[g];
        return new LpGroupMetrics
        {
            Classes = group.Classes.Count,
            SmallestCount = group.SmallestCount,
            LargestCount = group.LargestCount,
            ClassifierNorms = SummaryFields.Of(group.ClassifierNorms),
            MeanNorms = SummaryFields.Of(group.MeanNorms),
            ClassifierCosines = SummaryFields.Of(group.ClassifierCosines),
            MeanCosines = SummaryFields.Of(group.MeanCosines),
            WithinVariances = SummaryFields.Of(group.WithinVariances),
        };
    }

    public LpClassMetrics Class(int k) => new()
    {
        Label = report.Labels[k],
        Count = report.Counts[k],
        Group = groupOfClass[k],
        ClassifierAccuracy = SecondPass?.ClassifierAccuracyByClass[k] ?? double.NaN,
        NearestMeanAccuracy = SecondPass?.NearestMeanAccuracyByClass[k] ?? double.NaN,
        Disagreement = SecondPass?.DisagreementByClass[k] ?? double.NaN,
        Variability = SecondPass?.VariabilityByClass[k] ?? double.NaN,
    };

    /// <summary>A matrix; null where there is none.</summary>
    public Matrix<double>? MatrixOf(MeasuredMatrix kind) => kind switch
    {
        MeasuredMatrix.ClassMeans => Statistics.ClassMeans.Transpose(),
        MeasuredMatrix.SampleMean => Statistics.SampleMean.ToColumnMatrix(),
        MeasuredMatrix.WithinScatter => Statistics.WithinScatter,
        MeasuredMatrix.MeanCosines => report.MeanCosines,
        _ => report.ClassifierCosines,
    };
}
