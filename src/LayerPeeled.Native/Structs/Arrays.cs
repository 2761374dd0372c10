using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Structs;

/// <summary><c>lp_array</c>; the header has what the fields are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LpArray : ISized
{
    public nuint StructSize;
    public nint Data;
    public int Dtype;
    public int Reserved;
    public long Rows;
    public long Cols;
    public long RowStride;
    public long ColStride;

    public static string TypeName => "lp_array";
}
