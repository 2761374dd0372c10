using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Structs;

/// <summary><c>lp_diagnosis_options</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LpDiagnosisOptions : ISized
{
    public nuint StructSize;
    public int GlobalMean;
    public int MostGroups;
    public byte* Loss;
    public LpArray* LossWeights;
    public int Families;
    public int BiasDecayIsKnown;
    public double ClassifierDecay;
    public double BiasDecay;
    public double FeaturePenalty;

    public static string TypeName => "lp_diagnosis_options";
}

/// <summary><c>lp_diagnosis_info</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpDiagnosisInfo : ISized
{
    public nuint StructSize;
    public int Status;
    public int Reserved;
    public long Groups;
    public long CollapsedClasses;
    public double ClassifierBudget;
    public double FeatureBudget;
    public double Objective;
    public double RelativeGap;
    public double Multiplier;
    public double CriticalClassSize;
    public nint Notes;

    public static string TypeName => "lp_diagnosis_info";
}

/// <summary><c>lp_group_comparison</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpGroupComparison : ISized
{
    public nuint StructSize;
    public long Classes;
    public long SmallestCount;
    public long LargestCount;
    public long ClassesBelowCriticalSize;
    public LpSummary MeasuredClassifierNorms;
    public LpSummary PredictedClassifierNorms;
    public LpSummary MeasuredMeanNorms;
    public LpSummary PredictedMeanNorms;
    public LpSummary MeasuredClassifierCosines;
    public LpSummary PredictedClassifierCosines;
    public LpSummary MeasuredMeanCosines;
    public LpSummary PredictedMeanCosines;

    public static string TypeName => "lp_group_comparison";
}

/// <summary><c>lp_collapsed_class</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpCollapsedClass : ISized
{
    public nuint StructSize;
    public long Index;
    public long Label;
    public long Count;
    public double EffectiveCount;
    public double BalancingWeight;

    public static string TypeName => "lp_collapsed_class";
}

/// <summary><c>lp_target_diagnosis</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpTargetDiagnosis : ISized
{
    public nuint StructSize;
    public double ClassifierBudget;
    public double FeatureBudget;
    public double EntropyFloor;
    public double Excess;
    public double ExcessOfNothing;
    public double ShareGained;
    public double ClassifierGramDistance;
    public double FeatureGramDistance;
    public double LogitDistance;

    public static string TypeName => "lp_target_diagnosis";
}
