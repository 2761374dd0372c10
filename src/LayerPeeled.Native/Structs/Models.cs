using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Structs;

/// <summary><c>lp_model_config</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LpModelConfig : ISized
{
    public nuint StructSize;
    public int Regulariser;
    public int FeatureNorm;
    public double Classifier;
    public double Feature;
    public int Bias;
    public int FeatureDimension;
    public double BiasPenalty;
    public byte* Loss;

    public static string TypeName => "lp_model_config";
}

/// <summary><c>lp_model_info</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpModelInfo : ISized
{
    public nuint StructSize;
    public int Kind;
    public int Regulariser;
    public int FeatureNorm;
    public int Bias;
    public long Classes;
    public long Columns;
    public long Groups;
    public long FeatureDimension;
    public double Classifier;
    public double Feature;
    public double BiasPenalty;
    public double Examples;
    public double EffectiveTotal;
    public double EntropyFloor;
    public long GivenContexts;
    public int AreCounts;
    public int Reserved;
    public nint Loss;

    public static string TypeName => "lp_model_info";
}
