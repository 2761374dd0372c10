using System.Globalization;
using System.Text;

namespace LayerPeeled.Data;

/// <summary>
/// Reads class counts (or loss weights) from CSV text: one number a line, or several columns of which the last one is the number
/// (<c>class,count</c>).
/// </summary>
/// <remarks>
/// Blank lines and lines that begin with <c>#</c> are skipped. The first line may be a header: its last column then begins with a letter.
/// Fields may be quoted, with commas and doubled quotes inside. All lines have the same number of columns. Numbers are finite, not negative,
/// and written with a decimal point whatever the culture. A byte-order mark and Windows line ends are accepted.
/// </remarks>
public static class ClassCountReader
{
    private const string Expected = "a finite number that is not negative is expected";

    /// <summary>Reads the counts of a file.</summary>
    /// <param name="path">Path of a UTF-8 text file.</param>
    /// <returns>The counts in the order of the lines, at least one.</returns>
    /// <exception cref="ClassCountFormatException">A line is malformed, or there is no count.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<double> ReadFile(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream);
    }

    /// <summary>Reads counts from a stream of UTF-8 text up to its end. The stream stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <returns>The counts in the order of the lines, at least one.</returns>
    /// <exception cref="ClassCountFormatException">A line is malformed, or there is no count.</exception>
    public static IReadOnlyList<double> Read(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        return Read(reader);
    }

    /// <summary>Reads counts from a string.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The counts in the order of the lines, at least one.</returns>
    /// <exception cref="ClassCountFormatException">A line is malformed, or there is no count.</exception>
    public static IReadOnlyList<double> Parse(string text)
    {
        using var reader = new StringReader(text);
        return Read(reader);
    }

    /// <summary>Reads counts from a reader up to its end.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The counts in the order of the lines, at least one.</returns>
    /// <exception cref="ClassCountFormatException">A line is malformed, or there is no count.</exception>
    public static IReadOnlyList<double> Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var counts = new List<double>();
        int number = 0, columns = 0;
        while (reader.ReadLine() is { } raw)
        {
            number++;
            string line = (number == 1 ? raw.TrimStart('\uFEFF') : raw).Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            List<string> fields = Split(line, number);
            bool first = columns == 0;
            columns = first ? fields.Count : columns;
            if (fields.Count != columns)
            {
                throw new ClassCountFormatException(number, $"{Quote(line)} has {Columns(fields.Count)}, the lines before it {Columns(columns)}.");
            }

            string last = fields[^1].Trim();
            if (double.TryParse(last, NumberStyles.Float, CultureInfo.InvariantCulture, out double count))
            {
                counts.Add(double.IsFinite(count) && count >= 0
                    ? count
                    : throw new ClassCountFormatException(number, $"{Quote(last)} in {Quote(line)}: {Expected}."));
            }
            else if (!first || !IsHeader(last))
            {
                throw new ClassCountFormatException(number, $"{Quote(last)} in {Quote(line)} is not a number; {Expected}.");
            }
        }

        return counts.Count > 0 ? counts : throw new ClassCountFormatException(null, "There are no counts in it; one a line is expected.");
    }

    private static List<string> Split(string line, int number)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return quoted ? throw new ClassCountFormatException(number, $"{Quote(line)} has a quote that is not closed.") : fields;
    }

    private static bool IsHeader(string name) =>
        name.Length > 0 && char.IsLetter(name[0]) && !name.Equals("inf", StringComparison.OrdinalIgnoreCase);

    private static string Columns(int count) => count == 1 ? "1 column" : $"{count} columns";

    // Content of a file in a message: short, and without control characters.
    private static string Quote(string text)
    {
        string shown = text.Length > 60 ? text[..60] + "…" : text;
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c))}'";
    }
}
