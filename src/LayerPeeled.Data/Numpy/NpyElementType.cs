using System.Diagnostics.CodeAnalysis;

namespace LayerPeeled.Data.Numpy;

/// <summary>The element types that can be read.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The names are NumPy's.")]
public enum NpyElementType
{
    /// <summary>NumPy <c>float16</c>.</summary>
    Float16,

    /// <summary>NumPy <c>float32</c>.</summary>
    Float32,

    /// <summary>NumPy <c>float64</c>.</summary>
    Float64,

    /// <summary>NumPy <c>int8</c>.</summary>
    Int8,

    /// <summary>NumPy <c>int16</c>.</summary>
    Int16,

    /// <summary>NumPy <c>int32</c>.</summary>
    Int32,

    /// <summary>NumPy <c>int64</c>.</summary>
    Int64,

    /// <summary>NumPy <c>uint8</c>.</summary>
    UInt8,

    /// <summary>NumPy <c>uint16</c>.</summary>
    UInt16,

    /// <summary>NumPy <c>uint32</c>.</summary>
    UInt32,

    /// <summary>NumPy <c>uint64</c>.</summary>
    UInt64,

    /// <summary>NumPy <c>bool</c>: 0 or 1.</summary>
    Boolean,

    /// <summary>NumPy <c>str_</c>: text of UTF-32 characters.</summary>
    Text,

    /// <summary>NumPy <c>bytes_</c>: text of bytes, taken for UTF-8.</summary>
    ByteText,
}
