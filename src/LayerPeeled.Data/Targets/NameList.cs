using System.Text;
using LayerPeeled.Data.ClassFiles;

namespace LayerPeeled.Data.Targets;

/// <summary>
/// Names of tokens or contexts in a text file, one a line, in the order of the rows or columns. A name is the line as it stands, blanks included: tokens of a language
/// model may begin with one. Empty lines are allowed at the end only.
/// </summary>
public static class NameList
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file; text is UTF-8, or UTF-16 with a byte-order mark.</param>
    /// <returns>The names, at least one.</returns>
    /// <exception cref="TargetFormatException">There is no name, an empty line stands before a name, or the file is no text.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> ReadFile(string path)
    {
        using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        return Read(reader);
    }

    /// <summary>Reads a reader up to its end.</summary>
    /// <param name="reader">The text.</param>
    /// <inheritdoc cref="ReadFile(string)" path="/returns|/exception[@cref='T:LayerPeeled.Data.Targets.TargetFormatException']"/>
    public static IReadOnlyList<string> Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return TargetFormatException.Guard(() => Lines(reader));
    }

    /// <summary>Writes names, one a line, which <see cref="Read"/> reads.</summary>
    /// <param name="stream">Where to, as UTF-8; it stays open.</param>
    /// <param name="names">The names: not empty, without line breaks and zero characters.</param>
    /// <exception cref="ArgumentException">A name cannot be written on a line.</exception>
    public static void Write(Stream stream, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(names);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        foreach ((int index, string name) in names.Index())
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny("\n\r\0"))
            {
                throw new ArgumentException($"Name {index} is {Shown.Quote(name)}; text of at least one character without line breaks is expected.", nameof(names));
            }

            writer.WriteLine(name);
        }
    }

    private static List<string> Lines(TextReader reader)
    {
        var lines = new LineReader(reader);
        var names = new List<string>();
        int empty = 0;
        while (lines.TryRead(out ReadOnlySpan<char> line))
        {
            if (line.IsEmpty)
            {
                empty = empty == 0 ? lines.Number : empty;
                continue;
            }

            names.Add(empty == 0 ? line.ToString() : throw new TargetFormatException("It is empty; a name on each line is expected.", empty));
        }

        return names.Count > 0 ? names : throw new TargetFormatException("There is no name; one on each line is expected.");
    }
}
