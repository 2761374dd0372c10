using System.Security.Cryptography;
using System.Text;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Shards;

/// <summary>A finished shard: header, a record a chunk in their order, and in the last line the SHA-256 of everything before it.</summary>
internal sealed class ShardFile
{
    private const string DigestName = "sha256 ";
    private const int DigestLine = 7 + (2 * SHA256.HashSizeInBytes) + 1;

    private ShardFile(string path, ShardHeader header, IReadOnlyDictionary<int, double[]> chunks) => (Path, Header, Chunks) = (path, header, chunks);

    /// <summary>How the names of finished shards end.</summary>
    public const string Extension = ".shard";

    public string Path { get; }

    public ShardHeader Header { get; }

    /// <summary>The numbers of each chunk.</summary>
    public IReadOnlyDictionary<int, double[]> Chunks { get; }

    /// <summary>The name of a shard's files without what they end in: numbers are as wide as the largest, so that lists are in order.</summary>
    public static string NameOf(SweepShard shard)
    {
        string[] parts = shard.ToString().Split('/');
        return $"{parts[0].PadLeft(parts[1].Length, '0')}-of-{parts[1]}";
    }

    /// <summary>The bytes of a shard.</summary>
    public static byte[] Content(ShardHeader header, IEnumerable<KeyValuePair<int, double[]>> chunks)
    {
        byte[] content = Encoding.ASCII.GetBytes(header.Text + string.Concat(chunks.OrderBy(chunk => chunk.Key).Select(chunk => ChunkRecord.Line(chunk.Key, chunk.Value) + '\n')));
        return [.. content, .. Encoding.ASCII.GetBytes(DigestLineOf(content))];
    }

    /// <summary>Reads a shard; null if it is damaged or only a part of one.</summary>
    /// <exception cref="UsageException">It is something else, or cannot be read.</exception>
    public static ShardFile? Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' cannot be read: {error.Message}");
        }
    }

    /// <summary>The same of the bytes of a file.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    internal static ShardFile? Parse(string path, byte[] bytes)
    {
        int start = Math.Min(bytes.Length, ShardHeader.FirstLine.Length);
        if (!ShardHeader.FirstLine.StartsWith(Encoding.ASCII.GetString(bytes, 0, start), StringComparison.Ordinal))
        {
            throw new UsageException($"'{path}' is not a shard that this version of --shard has written; it is left as it is.");
        }

        int end = bytes.Length - DigestLine;
        if (end < 0 || Encoding.ASCII.GetString(bytes, end, DigestLine) != DigestLineOf(bytes.AsSpan(0, end)))
        {
            return null;
        }

        using var lines = new StringReader(Encoding.ASCII.GetString(bytes, 0, end));
        ShardHeader header;
        try
        {
            header = ShardHeader.Read(lines);
        }
        catch (FormatException)
        {
            return null;
        }

        var chunks = new Dictionary<int, double[]>();
        while (lines.ReadLine() is { } line)
        {
            if (!ChunkRecord.TryRead(line, out int chunk, out double[] values) || !header.Shard.Owns(chunk) || !chunks.TryAdd(chunk, values))
            {
                return null;
            }
        }

        return new ShardFile(path, header, chunks);
    }

    /// <summary>Whether another file has the same results; the times may differ.</summary>
    public bool HasResultsOf(ShardFile other) => Chunks.Count == other.Chunks.Count && Chunks.All(chunk =>
        other.Chunks.TryGetValue(chunk.Key, out double[]? values)
        && chunk.Value.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(values.Select(BitConverter.DoubleToInt64Bits)));

    private static string DigestLineOf(ReadOnlySpan<byte> content) => DigestName + Convert.ToHexStringLower(SHA256.HashData(content)) + '\n';
}
