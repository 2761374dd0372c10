using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Structs;

/// <summary><c>lp_misfit</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpMisfit
{
    public double Total;
    public double ClassifierCosines;
    public double ClassifierNorms;
    public double MeanCosines;
    public double MeanNorms;
}

/// <summary><c>lp_family_member</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpFamilyMember : ISized
{
    public nuint StructSize;
    public nint Name;
    public int Source;
    public int Status;
    public double Goodness;
    public LpMisfit Misfit;
    public int Regulariser;
    public int FeatureNorm;
    public double Classifier;
    public double Feature;
    public double BiasPenalty;
    public int Bias;
    public int Reserved;
    public double RelativeGap;

    public static string TypeName => "lp_family_member";
}

/// <summary><c>lp_family_info</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpFamilyInfo : ISized
{
    public nuint StructSize;
    public long Members;
    public int IsDescribed;
    public int Reserved;
    public LpMisfit SimplexEtf;
    public LpMisfit BestWithoutVariation;
    public double VariationShare;
    public nint Verdict;
    public nint Notes;

    public static string TypeName => "lp_family_info";
}
