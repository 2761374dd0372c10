using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Structs;

/// <summary><c>lp_network</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LpNetwork : ISized
{
    public nuint StructSize;
    public LpArray* Features;
    public LpArray* Labels;
    public LpArray* Weight;
    public LpArray* Bias;
    public LpArray* ClassLabels;
    public LpArray* OtherFeatures;

    public static string TypeName => "lp_network";
}

/// <summary><c>lp_metrics_options</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LpMetricsOptions : ISized
{
    public nuint StructSize;
    public int GlobalMean;
    public int WithoutSecondPass;
    public double RankTolerance;
    public LpArray* Groups;
    public int WithinScatter;
    public int Reserved;

    public static string TypeName => "lp_metrics_options";
}

/// <summary><c>lp_summary</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpSummary
{
    public long Count;
    public double Mean;
    public double StandardDeviation;
    public double Minimum;
    public double Maximum;
}

/// <summary><c>lp_frame</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpFrame
{
    public double NormVariation;
    public double AngleVariation;
    public double AngleDeviation;
    public double GramDeviation;
    public double Interference;
    public LpSummary Norms;
    public LpSummary Cosines;
    public LpSummary Distances;
    public LpSummary LogarithmicKernel;
    public LpSummary InverseDistances;
}

/// <summary><c>lp_metrics</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpMetrics : ISized
{
    public nuint StructSize;
    public long Samples;
    public long Classes;
    public long Dimension;
    public long Groups;
    public int GlobalMean;
    public int HasClassifier;
    public int HasSecondPass;
    public int BetweenRank;
    public double ClassifierBudget;
    public double FeatureBudget;
    public double UncentredFeatureBudget;
    public double Nc1PseudoInverse;
    public double Nc1ClassBalancedPseudoInverse;
    public double Nc1TraceRatio;
    public double Nc1ClassBalancedTraceRatio;
    public double WithinTrace;
    public double BetweenTrace;
    public LpSummary ClassDistance;
    public LpSummary Log10ClassDistance;
    public LpFrame Means;
    public LpFrame Classifiers;
    public double Nc3Distance;
    public double Nc3LogitDeviation;
    public double UniformDuality;
    public LpSummary Alignment;
    public LpSummary Similarity;
    public double Nc4Disagreement;
    public double ClassifierAccuracy;
    public double NearestMeanAccuracy;
    public long OtherSamples;
    public LpSummary Nc5;
    public LpSummary Nc5Samples;
    public nint Notes;

    public static string TypeName => "lp_metrics";
}

/// <summary><c>lp_group_metrics</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpGroupMetrics : ISized
{
    public nuint StructSize;
    public long Classes;
    public long SmallestCount;
    public long LargestCount;
    public LpSummary ClassifierNorms;
    public LpSummary MeanNorms;
    public LpSummary ClassifierCosines;
    public LpSummary MeanCosines;
    public LpSummary WithinVariances;

    public static string TypeName => "lp_group_metrics";
}

/// <summary><c>lp_class_metrics</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpClassMetrics : ISized
{
    public nuint StructSize;
    public long Label;
    public long Count;
    public long Group;
    public double ClassifierAccuracy;
    public double NearestMeanAccuracy;
    public double Disagreement;
    public double Variability;

    public static string TypeName => "lp_class_metrics";
}
