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
        Span<byte> start = stackalloc byte[8];
        int found = readUpTo(start);
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];
        if (found < 8 || !start.StartsWith(magic))
        {
            string hint = found >= 4 && start[..4].SequenceEqual("PK\u0003\u0004"u8) ? " It is a zip archive: open it as .npz."
                : found >= 2 && start[0] == 0x80 ? " It looks like a pickle, which is refused: save it with numpy.save." : "";
            throw Fault(array, $"not a NumPy array: the file must begin with \\x93NUMPY and a version, found {found} bytes {Convert.ToHexString(start[..found])}.{hint}");
        }

        (byte major, byte minor) = (start[6], start[7]);
        if (major is < 1 or > 3 || minor != 0)
        {
            throw Fault(array, $"format version {major}.{minor} is not supported; 1.0, 2.0 and 3.0 are.");
        }

        Span<byte> size = stackalloc byte[major == 1 ? 2 : 4];
        if (readUpTo(size) < size.Length)
        {
            throw Fault(array, "the file ends inside the header length.");
        }

        uint length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
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
