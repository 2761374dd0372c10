using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LayerPeeled.Data.Numpy;

/// <summary>Bytes of an array to numbers.</summary>
internal static class NpyElements
{
    /// <summary>Converts whole elements. The bytes are reversed in place where their order is not the machine's.</summary>
    public static void Convert<T>(NpyHeader header, Span<byte> bytes, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Reverse(header, bytes);
        switch (header.ElementType)
        {
            case NpyElementType.Float16:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, Half>(bytes), destination);
                break;
            case NpyElementType.Float32:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, float>(bytes), destination);
                break;
            case NpyElementType.Float64:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), destination);
                break;
            case NpyElementType.Int8:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, sbyte>(bytes), destination);
                break;
            case NpyElementType.Int16:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, short>(bytes), destination);
                break;
            case NpyElementType.Int32:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, int>(bytes), destination);
                break;
            case NpyElementType.Int64:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, long>(bytes), destination);
                break;
            case NpyElementType.UInt8:
                TensorPrimitives.ConvertTruncating<byte, T>(bytes, destination);
                break;
            case NpyElementType.UInt16:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, ushort>(bytes), destination);
                break;
            case NpyElementType.UInt32:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, uint>(bytes), destination);
                break;
            case NpyElementType.UInt64:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, ulong>(bytes), destination);
                break;
            case NpyElementType.Boolean:
                for (int i = 0; i < bytes.Length; i++)
                {
                    destination[i] = bytes[i] == 0 ? T.Zero : T.One;
                }

                break;
            default:
                throw new InvalidOperationException($"No conversion for {header.ElementType}.");
        }
    }

    /// <summary>Converts whole elements to integers; false, with the index of the first element that is no 64-bit integer, when there is one.</summary>
    public static bool TryConvertToIntegers(NpyHeader header, Span<byte> bytes, Span<long> destination, out int bad)
    {
        bad = -1;
        if (header.ElementType is NpyElementType.Float16 or NpyElementType.Float32 or NpyElementType.Float64)
        {
            var numbers = new double[destination.Length];
            Convert(header, bytes, numbers.AsSpan());

            // 2^63 is the first double that no long holds.
            bad = Array.FindIndex(numbers, x => !(x == Math.Floor(x) && Math.Abs(x) < 9223372036854775808.0));
            TensorPrimitives.ConvertTruncating<double, long>(numbers, destination);
            return bad < 0;
        }

        Reverse(header, bytes);
        switch (header.ElementType)
        {
            case NpyElementType.Int8:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, sbyte>(bytes), destination);
                break;
            case NpyElementType.Int16:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, short>(bytes), destination);
                break;
            case NpyElementType.Int32:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, int>(bytes), destination);
                break;
            case NpyElementType.UInt8:
                TensorPrimitives.ConvertTruncating<byte, long>(bytes, destination);
                break;
            case NpyElementType.UInt16:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, ushort>(bytes), destination);
                break;
            case NpyElementType.UInt32:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, uint>(bytes), destination);
                break;
            case NpyElementType.Boolean:
                for (int i = 0; i < bytes.Length; i++)
                {
                    destination[i] = bytes[i] == 0 ? 0 : 1;
                }

                break;
            default:
                // Int64 as it is; a uint64 beyond it reads as a negative number.
                MemoryMarshal.Cast<byte, long>(bytes).CopyTo(destination);
                bad = header.ElementType == NpyElementType.UInt64 ? destination.IndexOfAnyInRange(long.MinValue, -1) : -1;
                break;
        }

        return bad < 0;
    }

    private static void Reverse(NpyHeader header, Span<byte> bytes)
    {
        if (header.IsBigEndian == !BitConverter.IsLittleEndian)
        {
            return;
        }

        switch (header.ElementSize)
        {
            case 2:
                Span<ushort> words = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 4:
                Span<uint> doubles = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(doubles, doubles);
                break;
            case 8:
                Span<ulong> quads = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(quads, quads);
                break;
        }
    }
}
