using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Structs;

/// <summary><c>lp_threshold</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpThreshold : ISized
{
    public nuint StructSize;
    public long MajorityClasses;
    public long MinorityClasses;
    public double BudgetProduct;
    public double Ratio;
    public double LogRatio;
    public double CriticalShare;
    public double LogCriticalShare;
    public double Objective;
    public double LogObjective;
    public double MajorityCosine;
    public double CrossCosine;
    public double MinorityNorm2Ratio;
    public double BudgetElasticity;
    public double ModelRatio;
    public int Collapses;
    public int Reserved;

    public static string TypeName => "lp_threshold";
}

/// <summary><c>lp_side</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpSide
{
    public double MajorityNorm2;
    public double MinorityNorm2;
    public double MajorityCosine;
    public double MinorityCosine;
    public double CrossCosine;
}

/// <summary><c>lp_sweep_row</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpSweepRow : ISized
{
    public nuint StructSize;
    public double Ratio;
    public int Status;
    public int Collapsed;
    public double Objective;
    public double RelativeGap;
    public double Multiplier;
    public LpSide Classifier;
    public LpSide Feature;

    public static string TypeName => "lp_sweep_row";
}

/// <summary><c>lp_sweep_options</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpSweepOptions : ISized
{
    public nuint StructSize;
    public int MajorityClasses;
    public int MinorityClasses;
    public double ClassifierBudget;
    public double FeatureBudget;
    public double GapTolerance;
    public int Threads;
    public int Reserved;

    public static string TypeName => "lp_sweep_options";
}
