using System.Globalization;

namespace LayerPeeled.Data.Numpy;

/// <summary>What the header of an array says.</summary>
/// <param name="ElementType">The type of the elements.</param>
/// <param name="IsBigEndian">Whether their most significant byte comes first.</param>
/// <param name="IsFortranOrder">Whether the first index runs fastest.</param>
/// <param name="Shape">Lengths of the axes; empty for a single number.</param>
/// <param name="TextLength">Characters (of <see cref="NpyElementType.ByteText"/>: bytes) of an element of text; 0 for numbers.</param>
public sealed record NpyHeader(NpyElementType ElementType, bool IsBigEndian, bool IsFortranOrder, IReadOnlyList<long> Shape, int TextLength = 0)
{
    /// <summary>Whether the elements are text.</summary>
    public bool IsText => ElementType is NpyElementType.Text or NpyElementType.ByteText;

    /// <summary>Bytes of one element.</summary>
    public int ElementSize => ElementType switch
    {
        NpyElementType.Text => 4 * TextLength,
        NpyElementType.ByteText => TextLength,
        NpyElementType.Int8 or NpyElementType.UInt8 or NpyElementType.Boolean => 1,
        NpyElementType.Float16 or NpyElementType.Int16 or NpyElementType.UInt16 => 2,
        NpyElementType.Float32 or NpyElementType.Int32 or NpyElementType.UInt32 => 4,
        _ => 8,
    };

    /// <summary>Number of elements.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, length) => product * length);

    /// <summary>The shape as NumPy prints it, for example <c>(3, 4)</c>.</summary>
    public string ShapeText => TextOf(Shape);

    internal static string TextOf(IReadOnlyList<long> shape) =>
        "(" + string.Join(", ", shape.Select(n => n.ToString(CultureInfo.InvariantCulture))) + (shape.Count == 1 ? ",)" : ")");
}
