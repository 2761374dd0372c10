namespace LayerPeeled.Native.Border;

/// <summary>Types of the elements of an array: the constants <c>LP_FLOAT64</c> … of the header.</summary>
internal enum ElementType
{
    Float64 = 0,
    Float32 = 1,
    Int64 = 2,
    Int32 = 3,
}
