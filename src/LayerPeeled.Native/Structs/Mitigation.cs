using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Structs;

/// <summary><c>lp_rule</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LpRule : ISized
{
    public nuint StructSize;
    public int Kind;
    public int Reserved;
    public double Parameter;
    public double Below;
    public LpArray* Weights;
    public byte* Name;

    public static string TypeName => "lp_rule";
}

/// <summary><c>lp_mitigation_options</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LpMitigationOptions : ISized
{
    public nuint StructSize;
    public double ClassifierBudget;
    public double FeatureBudget;
    public LpRule* Rules;
    public long RuleCount;
    public byte** Losses;
    public long LossCount;
    public byte** WeakestFamilies;
    public long WeakestFamilyCount;
    public int FindWeakestPower;
    public int MinorityClasses;
    public double PowerTolerance;
    public double FamilyTolerance;

    public static string TypeName => "lp_mitigation_options";
}

/// <summary><c>lp_mitigation_row</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpMitigationRow : ISized
{
    public nuint StructSize;
    public nint Name;
    public int Kind;
    public int Status;
    public double Objective;
    public double RelativeGap;
    public double Multiplier;
    public double CriticalClassSize;
    public long ClassesBelowCriticalSize;
    public double CollapsedCosine;
    public double MinorityCosine;
    public double MinorityNorm2;
    public double SmallestNorm2;
    public double LargestNorm2;
    public double BalancedLoss;
    public double WorstMargin;
    public long WorstClass;
    public double Value;
    public double TooWeakValue;
    public int Separates;
    public int IsCertified;
    public long Solves;

    public static string TypeName => "lp_mitigation_row";
}
