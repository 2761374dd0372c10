using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Structs;

/// <summary><c>lp_compared_side</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpComparedSide
{
    public double Norm2Ratio;
    public double MajorityCosine;
    public double MinorityCosine;
    public double CrossCosine;
}

/// <summary><c>lp_compared_member</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpComparedMember : ISized
{
    public nuint StructSize;
    public int Kind;
    public int Status;
    public long CollapsedClasses;
    public double Objective;
    public double RelativeGap;
    public LpComparedSide Classifier;
    public LpComparedSide Feature;
    public nint Loss;
    public nint Refusal;

    public static string TypeName => "lp_compared_member";
}
