using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LayerPeeled.Cli.Shards;

/// <summary>A completed chunk of a sweep as a line of text: its index, the bits of its numbers in hexadecimal, and the beginning of a SHA-256 of both.</summary>
internal static class ChunkRecord
{
    private const int ChecksumBytes = 8;

    /// <summary>The line, without its end.</summary>
    public static string Line(int chunk, ReadOnlySpan<double> values)
    {
        var text = new StringBuilder(chunk.ToString(CultureInfo.InvariantCulture));
        foreach (double value in values)
        {
            text.Append(' ').Append(BitConverter.DoubleToInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture));
        }

        string record = text.ToString();
        return record + ' ' + Checksum(record);
    }

    /// <summary>Reads a line; false if its checksum does not hold, or it is no record for all that.</summary>
    public static bool TryRead(string line, out int chunk, out double[] values)
    {
        (chunk, values) = (0, []);
        int split = line.LastIndexOf(' ');
        if (split < 0 || line[(split + 1)..] != Checksum(line[..split]))
        {
            return false;
        }

        string[] fields = line[..split].Split(' ');
        if (!int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out chunk))
        {
            return false;
        }

        values = new double[fields.Length - 1];
        for (int i = 0; i < values.Length; i++)
        {
            if (!long.TryParse(fields[i + 1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long bits))
            {
                return false;
            }

            values[i] = BitConverter.Int64BitsToDouble(bits);
        }

        return true;
    }

    private static string Checksum(string record) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(record)).AsSpan(0, ChecksumBytes));
}
