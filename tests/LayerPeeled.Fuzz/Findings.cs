using System.Security.Cryptography;

namespace LayerPeeled.Fuzz;

/// <summary>Files that a reader neither read nor refused, one of each kind of fault, in a folder.</summary>
internal sealed class Findings(string folder)
{
    private readonly HashSet<string> kinds = [];

    /// <summary>Kinds of faults.</summary>
    public int Count => kinds.Count;

    /// <summary>Keeps a file, unless one with the same fault was kept.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fault">What happened.</param>
    public void Add(byte[] file, string fault)
    {
        // The same error from the same place; numbers and names in its message may differ.
        string[] lines = fault.Split('\n');
        string kind = lines[0].Split(':')[0] + string.Concat(lines.Where(line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal)).Take(2));
        if (!kinds.Add(kind))
        {
            return;
        }

        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(file).AsSpan(0, 6)));
        File.WriteAllBytes(path, file);
        File.WriteAllText(path + ".txt", fault);
        Console.WriteLine($"FAULT {path}: {string.Join(" | ", lines.Take(4).Select(line => line.Trim()))}");
    }
}
