using System.Text;

namespace LayerPeeled.Data.ClassFiles;

/// <summary>Tells a NumPy file, a JSON document and a table apart by how they begin.</summary>
internal static class FileKind
{
    private const int Looked = 64;

    public static ClassCounts Read(Stream stream, ClassCountOptions options)
    {
        long begin = stream.Position;
        Span<byte> start = stackalloc byte[Looked];
        start = start[..stream.ReadAtLeast(start, Looked, throwOnEndOfStream: false)];
        stream.Position = begin;
        if (start.Length > 0 && start[0] == 0x93 && start[1..].StartsWith("NUMPY"u8))
        {
            return NumpyCounts.Array(stream, options);
        }

        if (start.StartsWith("PK\u0003\u0004"u8))
        {
            return NumpyCounts.Archive(stream, options);
        }

        if (start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            throw new ClassCountFormatException(null, "The file is compressed (gzip); unpack it first.");
        }

        ReadOnlySpan<byte> text = start.StartsWith(Encoding.UTF8.Preamble) ? start[3..] : start;
        text = text.TrimStart(" \t\r\n"u8);
        if (text.Length > 0 && text[0] is (byte)'[' or (byte)'{')
        {
            return JsonCounts.Read(stream, options);
        }

        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        using var clean = new CleanText(reader);
        using var rows = new DelimitedRows(clean);
        return options.Content == ClassFileContent.Labels ? LabelTable.Count(rows, options.Column) : CountTable.Read(Table.Read(rows), options);
    }
}
