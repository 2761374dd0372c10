using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Structs;

/// <summary><c>lp_progress</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpProgress : ISized
{
    public nuint StructSize;
    public nint Method;
    public int Iteration;
    public int Reserved;
    public double Objective;
    public double Log10Objective;
    public double Stationarity;
    public double RelativeGap;
    public double Seconds;

    public static string TypeName => "lp_progress";
}

/// <summary><c>lp_control</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpControl : ISized
{
    public nuint StructSize;
    public nint Progress;
    public nint User;
    public nint Token;

    public static string TypeName => "lp_control";
}
