using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Structs;

/// <summary><c>lp_certificate</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpCertificate : ISized
{
    public nuint StructSize;
    public int Kind;
    public int IsProof;
    public double Objective;
    public double UpperBound;
    public double LowerBound;
    public double AbsoluteGap;
    public double RelativeGap;
    public double Log10Objective;
    public double Log10UpperBound;
    public double Log10LowerBound;
    public double Log10AbsoluteGap;
    public double Multiplier;
    public double Log10Multiplier;
    public double DualNorm;
    public double ClassifierMultiplier;
    public double FeatureMultiplier;
    public double ConstraintViolation;

    public static string TypeName => "lp_certificate";
}
