using System.Security.Cryptography;
using LayerPeeled.Fuzz.Readers;

namespace LayerPeeled.Fuzz;

/// <summary>Small files that together take most of the known ways through a reader, named by their content.</summary>
internal static class Corpus
{
    private const int MostFiles = 60;
    private const int MostBytes = 28_000;
    private const int LengthOfANewFile = 256;

    /// <summary>Where the corpora are that come with the program, a folder a reader.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Corpus");

    /// <summary>The files of a folder in the order of their names; none where there is no folder.</summary>
    public static IReadOnlyList<byte[]> Read(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];

    /// <summary>A few short files that reach most of what the files reach together: whatever reaches most that is new for its length comes next.</summary>
    public static IReadOnlyList<byte[]> Smallest(IEnumerable<byte[]> files, FuzzedReader reader)
    {
        int refusals = 0;
        var left = new List<(byte[] File, HashSet<int> Places)>();
        foreach (byte[] file in files)
        {
            CoverageMap.Clear();
            reader.Try(file, ref refusals);
            left.Add((file, [.. CoverageMap.Reached()]));
        }

        var kept = new List<byte[]>();
        for (int bytes = 0; kept.Count < MostFiles; bytes += kept[^1].Length)
        {
            left.RemoveAll(item => item.Places.Count == 0 || bytes + item.File.Length > MostBytes);
            if (left.Count == 0)
            {
                break;
            }

            (byte[] best, HashSet<int> places) = left.MaxBy(item => (double)item.Places.Count / (item.File.Length + LengthOfANewFile));
            kept.Add(best);
            HashSet<int> reached = [.. places];
            left.ForEach(item => item.Places.ExceptWith(reached));
        }

        return kept;
    }

    /// <summary>Puts files in the place of those of a folder.</summary>
    public static void Replace(string folder, IEnumerable<byte[]> files)
    {
        Directory.CreateDirectory(folder);
        foreach (string old in Directory.GetFiles(folder))
        {
            File.Delete(old);
        }

        foreach (byte[] file in files)
        {
            File.WriteAllBytes(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(file).AsSpan(0, 6))), file);
        }
    }
}
