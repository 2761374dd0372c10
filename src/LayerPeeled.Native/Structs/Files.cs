using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Structs;

/// <summary><c>lp_save_options</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LpSaveOptions : ISized
{
    public nuint StructSize;
    public byte** ClassNames;
    public long ClassNameCount;
    public byte* Source;
    public int WithoutMatrices;
    public int Reserved;

    public static string TypeName => "lp_save_options";
}

/// <summary><c>lp_verification_info</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpVerificationInfo : ISized
{
    public nuint StructSize;
    public int Holds;
    public int Certified;

    public static string TypeName => "lp_verification_info";
}

/// <summary><c>lp_check</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpCheck : ISized
{
    public nuint StructSize;
    public nint Name;
    public nint Detail;
    public int Outcome;
    public int Reserved;

    public static string TypeName => "lp_check";
}
