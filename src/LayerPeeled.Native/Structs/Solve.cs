using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Structs;

/// <summary><c>lp_solve_options</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LpSolveOptions : ISized
{
    public nuint StructSize;
    public byte* Method;
    public double GapTolerance;
    public double GeometryTolerance;
    public double StationarityTolerance;
    public double TimeLimit;
    public long Memory;
    public int MaxIterations;
    public int Seed;
    public int RecordTrace;
    public int Reserved;

    public static string TypeName => "lp_solve_options";
}

/// <summary><c>lp_solution_info</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpSolutionInfo : ISized
{
    public nuint StructSize;
    public int Status;
    public int ModelKind;
    public int IsProof;
    public int Iterations;
    public long Classes;
    public long Columns;
    public long Groups;
    public long FeatureDimension;
    public long Rank;
    public long ExcessRank;
    public long ClassesBelowCriticalSize;
    public double Objective;
    public double Loss;
    public double UpperBound;
    public double LowerBound;
    public double AbsoluteGap;
    public double RelativeGap;
    public double GapTolerance;
    public double Log10Objective;
    public double Log10UpperBound;
    public double Log10LowerBound;
    public double Log10AbsoluteGap;
    public double Multiplier;
    public double Log10Multiplier;
    public double ClassifierMultiplier;
    public double FeatureMultiplier;
    public double CriticalClassSize;
    public double Log10CriticalClassSize;
    public double GeometryError;
    public double ConstraintViolation;
    public double Seconds;
    public double EntropyFloor;
    public double Excess;
    public double ExcessUpperBound;
    public double ExcessLowerBound;
    public long DistinctContexts;
    public int BudgetsAreSlack;
    public int IsLoaded;
    public nint Method;
    public nint Reason;

    public static string TypeName => "lp_solution_info";
}

/// <summary><c>lp_group</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpGroup : ISized
{
    public nuint StructSize;
    public long Classes;
    public double Count;
    public double LossWeight;
    public double ClassifierNorm2;
    public double FeatureNorm2;
    public double Bias;
    public double ClassifierCosine;
    public double FeatureCosine;
    public double LeastClassifierCosine;
    public double LargestClassifierCosine;
    public double LeastFeatureCosine;
    public double LargestFeatureCosine;
    public double CollapseRatio;
    public int Collapsed;
    public int Reserved;

    public static string TypeName => "lp_group";
}
