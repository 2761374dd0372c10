using System.Security.Cryptography;
using System.Text;

namespace LayerPeeled.Fuzz.Mutations;

/// <summary>The checksums of shards and checkpoints: one at the end of each line that begins with a digit, one of the whole file in the last line.</summary>
internal static class Checksums
{
    private const string Digest = "sha256 ";

    /// <summary>A file without them.</summary>
    public static byte[] Strip(byte[] file)
    {
        IEnumerable<string> lines = Encoding.Latin1.GetString(file).Split('\n').Where(line => !line.StartsWith(Digest, StringComparison.Ordinal));
        return Encoding.Latin1.GetBytes(string.Join('\n', lines.Select(line => IsRecord(line) && line.LastIndexOf(' ') is > 0 and var end ? line[..end] : line)));
    }

    /// <summary>A file with them; a checkpoint has none of the whole file.</summary>
    public static byte[] Renew(byte[] stripped)
    {
        string text = Encoding.Latin1.GetString(stripped);
        string lines = string.Join('\n', text.Split('\n').Select(line => IsRecord(line) ? $"{line} {Hash(Encoding.ASCII.GetBytes(line))[..16]}" : line));
        byte[] content = Encoding.Latin1.GetBytes(lines);
        return text.StartsWith("layerpeeled-shard", StringComparison.Ordinal) ? [.. content, .. Encoding.ASCII.GetBytes($"{Digest}{Hash(content)}\n")] : content;
    }

    private static bool IsRecord(string line) => line.Length > 0 && (char.IsAsciiDigit(line[0]) || line[0] == '-');

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
