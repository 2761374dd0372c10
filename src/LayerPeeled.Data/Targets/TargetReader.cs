using System.IO.Compression;
using System.Text;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Targets;

/// <summary>
/// Reads target distributions or co-occurrence counts, a row a token and a column a context, from a Matrix Market file (also compressed with gzip), an archive of
/// <c>scipy.sparse.save_npz</c>, a dense NumPy array (<c>.npy</c>), or a table whose first heading is empty (<c>pandas.DataFrame.to_csv</c>); the content of the file
/// says which it is.
/// </summary>
/// <remarks>Values are finite and not negative; entries of the same place add up. Sparse files take memory for the entries that they have, never for V·m.</remarks>
public static class TargetReader
{
    private const int Looked = 32;
    private const string Expected =
        "A Matrix Market file, an archive of scipy.sparse.save_npz, a NumPy array, or a table of separated values whose first heading is empty is expected.";

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file; text is UTF-8.</param>
    /// <returns>The matrix, with at least one entry, and the names that a table has.</returns>
    /// <exception cref="TargetFormatException">The file is of another kind, is damaged, or has a value that is not allowed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TargetTable ReadFile(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream);
    }

    /// <summary>Reads a stream up to its end. The stream stays open; one that cannot seek is held in memory first.</summary>
    /// <param name="stream">The stream; text is UTF-8.</param>
    /// <inheritdoc cref="ReadFile(string)" path="/returns|/exception"/>
    public static TargetTable Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        TargetTable table = TargetFormatException.Guard(() =>
        {
            if (stream.CanSeek)
            {
                return OfContent(stream);
            }

            using MemoryStream copy = ClassCountReader.Copy(stream);
            return OfContent(copy);
        });
        return table.Values.NonZeroCount > 0 ? table : throw new TargetFormatException("All values are zero.");
    }

    /// <summary>
    /// Reads how much each context weighs (how often it occurs): a vector in an <c>.npy</c> file, or a column of a table, as <see cref="ClassCountReader"/> reads them.
    /// Where both the file and the table name the contexts, weights belong to them by name, else in their order.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="table">The contexts.</param>
    /// <param name="column">The column (in an archive, the array) of the weights; found by the headings and the content when null.</param>
    /// <returns>The weights in the order of the columns, length m: finite, not negative, not normalised.</returns>
    /// <exception cref="TargetFormatException">The file cannot be read as one weight for each context, or names other contexts.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static double[] ReadContextWeights(string path, TargetTable table, string? column = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ClassCounts weights = TargetFormatException.Guard(() =>
            ClassCountReader.ReadFile(path, new ClassCountOptions { Content = ClassFileContent.Weights, Column = column }));
        if (weights.Count != table.Values.ColumnCount)
        {
            throw new TargetFormatException($"There are {weights.Count} weights; one for each of the {table.Values.ColumnCount} contexts is expected.");
        }

        if (weights.Names is null || table.Contexts is not { } contexts || contexts.Distinct(StringComparer.Ordinal).Count() < contexts.Count)
        {
            return [.. weights];
        }

        Dictionary<string, double> weightOf = weights.Names.Zip(weights).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return [.. contexts.Select(name => weightOf.TryGetValue(name, out double weight) ? weight
            : throw new TargetFormatException($"The weights are named, and there is none for the context '{name}'."))];
    }

    private static TargetTable OfContent(Stream stream)
    {
        long begin = stream.Position;
        ReadOnlySpan<byte> start = Start(stream);
        stream.Position = begin;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x93, .. "NUMPY"u8]))
        {
            return new TargetTable(DenseArray.Read(stream));
        }

        if (start.StartsWith("PK"u8))
        {
            return new TargetTable(SparseArchive.Read(stream));
        }

        if (start is not [0x1F, 0x8B, ..])
        {
            return OfText(start, stream);
        }

        byte[] unpacked;
        using (Stream text = Unpack(stream))
        {
            unpacked = Start(text);
        }

        stream.Position = begin;
        using Stream again = Unpack(stream);
        return OfText(unpacked, again);
    }

    private static TargetTable OfText(ReadOnlySpan<byte> start, Stream stream)
    {
        start = start.StartsWith(Encoding.UTF8.Preamble) ? start[Encoding.UTF8.Preamble.Length..] : start;
        using var text = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen: true);
        return start switch
        {
            [(byte)'%', (byte)'%', ..] => new TargetTable(MatrixMarketReader.Read(text)),
            [(byte)',' or (byte)';' or (byte)'\t', ..] => NamedTable.Read(text),
            [] => throw new TargetFormatException("The file is empty. " + Expected),
            _ => throw new TargetFormatException("The file is of another kind. " + Expected),
        };
    }

    private static byte[] Start(Stream stream)
    {
        var start = new byte[Looked];
        return start[..stream.ReadAtLeast(start, Looked, throwOnEndOfStream: false)];
    }

    private static GZipStream Unpack(Stream stream) => new(stream, CompressionMode.Decompress, leaveOpen: true);
}
