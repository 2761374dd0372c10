using System.Security.Cryptography;
using LayerPeeled.Fuzz.Readers;

namespace LayerPeeled.Fuzz;

/// <summary>Small files that together take every known way through a reader, named by their content.</summary>
internal static class Corpus
{
    /// <summary>Where the corpora are that come with the program, a folder a reader.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Corpus");

    /// <summary>The files of a folder in the order of their names; none where there is no folder.</summary>
    public static IReadOnlyList<byte[]> Read(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];

    /// <summary>A few files that reach all that the files reach together, the shortest first.</summary>
    public static IReadOnlyList<byte[]> Smallest(IEnumerable<byte[]> files, FuzzedReader reader, CoverageMap map)
    {
        int refusals = 0;
        var reached = new HashSet<int>();
        var kept = new List<byte[]>();
        foreach (byte[] file in files.OrderBy(file => file.Length))
        {
            CoverageMap.Clear();
            reader.Try(file, ref refusals);
            int before = reached.Count;
            reached.UnionWith(map.Reached());
            if (reached.Count > before)
            {
                kept.Add(file);
            }
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
