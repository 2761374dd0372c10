using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data.Numpy;

/// <summary>Writes arrays in NumPy's <c>.npy</c> format, version 1.0, C order, little-endian.</summary>
public static class NpyWriter
{
    /// <summary>Writes a vector as float64.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="values">The numbers.</param>
    public static void Write(Stream stream, ReadOnlySpan<double> values)
    {
        ArgumentNullException.ThrowIfNull(stream);
        WriteHeader(stream, "<f8", $"({values.Length},)");
        WriteElements(stream, MemoryMarshal.Cast<double, long>(values));
    }

    /// <summary>Writes an array without axes, a single number, as float64.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="value">The number.</param>
    public static void Write(Stream stream, double value)
    {
        ArgumentNullException.ThrowIfNull(stream);
        WriteHeader(stream, "<f8", "()");
        WriteElements(stream, [BitConverter.DoubleToInt64Bits(value)]);
    }

    /// <summary>Writes a vector as int64.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="values">The numbers.</param>
    public static void Write(Stream stream, ReadOnlySpan<long> values)
    {
        ArgumentNullException.ThrowIfNull(stream);
        WriteHeader(stream, "<i8", $"({values.Length},)");
        WriteElements(stream, values);
    }

    /// <summary>Writes a matrix as float64.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="matrix">R×C.</param>
    public static void Write(Stream stream, Matrix<double> matrix)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(matrix);
        WriteHeader(stream, "<f8", string.Create(CultureInfo.InvariantCulture, $"({matrix.RowCount}, {matrix.ColumnCount})"));
        for (int i = 0; i < matrix.RowCount; i++)
        {
            WriteElements(stream, MemoryMarshal.Cast<double, long>(matrix.Row(i).AsArray()));
        }
    }

    private static void WriteHeader(Stream stream, string descr, string shape)
    {
        // Magic, version, length and header fill a multiple of 64 bytes; the header ends with a newline.
        string text = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}";
        int length = ((10 + text.Length + 1 + 63) / 64 * 64) - 10;
        stream.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)length, (byte)(length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n"));
    }

    private static void WriteElements(Stream stream, ReadOnlySpan<long> elements)
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(elements));
            return;
        }

        var reversed = new long[elements.Length];
        System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(elements, reversed);
        stream.Write(MemoryMarshal.AsBytes<long>(reversed));
    }
}
