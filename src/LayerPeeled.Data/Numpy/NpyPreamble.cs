using System.Buffers.Binary;
using System.Text;

namespace LayerPeeled.Data.Numpy;

/// <summary>The bytes before the elements: magic, version, length of the header, header.</summary>
internal static class NpyPreamble
{
    private const int LongestHeader = 1 << 20;

    public delegate int ReadBytes(Span<byte> bytes);

    /// <summary>Reads up to and including the header.</summary>
    /// <param name="readUpTo">Fills a span as far as the data go and returns the bytes read.</param>
    /// <param name="array">Name of the array, for messages.</param>
    public static NpyHeader Read(ReadBytes readUpTo, string array)
    {
        // The length of the header has 2 or 4 bytes; the first 2 of them are read along.
        Span<byte> start = stackalloc byte[ForeignFile.Length];
        int found = readUpTo(start);
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];
        if (found < 8 || !start.StartsWith(magic))
        {
            throw Fault(array, $"not a NumPy array: the file must begin with \\x93NUMPY and a version, found {Convert.ToHexString(start[..found])}.{ForeignFile.Hint(start[..found])}");
        }

        (byte major, byte minor) = (start[6], start[7]);
        if (major is < 1 or > 3 || minor != 0)
        {
            throw Fault(array, $"format version {major}.{minor} is not supported; 1.0, 2.0 and 3.0 are.");
        }

        Span<byte> size = stackalloc byte[4];
        start[8..].CopyTo(size);
        if (found < start.Length || (major > 1 && readUpTo(size[2..]) < 2))
        {
            throw Fault(array, "the file ends inside the header length.");
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > LongestHeader)
        {
            throw Fault(array, $"a header of {length} bytes is longer than any of numbers ({LongestHeader} allowed).");
        }

        var header = new byte[length];
        int read = readUpTo(header);
        return read == length
            ? NpyHeaderParser.Parse((major == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(header), array)
            : throw Fault(array, $"the file ends inside the header: {length} bytes expected, {read} found.");
    }

    private static NpyFormatException Fault(string array, string message) => new(array, message);
}
