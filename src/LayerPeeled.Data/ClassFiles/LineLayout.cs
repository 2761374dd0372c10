namespace LayerPeeled.Data.ClassFiles;

/// <summary>The layout of a table.</summary>
/// <param name="Form">How its lines are divided.</param>
/// <param name="Separator">The separator; a tab is put in the place of blanks.</param>
internal readonly record struct LineLayout(LineForm Form, char Separator)
{
    private const string Rare = "\t;|";

    /// <summary>
    /// The layout of lines: by a tab, a semicolon or a bar where the first line and half of the others have one outside quotes; else by commas where half
    /// of them have one (rarer ones belong to names or numbers); else by blanks where half of them have some.
    /// </summary>
    public static LineLayout Of(IReadOnlyList<string> lines)
    {
        foreach (char separator in Rare)
        {
            if (lines.Count > 0 && Has(lines[0], separator) && IsCommon(lines, line => Has(line, separator)))
            {
                return new(LineForm.Delimited, separator);
            }
        }

        return IsCommon(lines, line => Has(line, ',')) ? new(LineForm.Delimited, ',')
            : IsCommon(lines, line => Words(line).Length > 1 && !line.Contains('"')) ? new(FormOfWords(lines), '\t')
            : new(LineForm.Delimited, '\t');
    }

    private static LineForm FormOfWords(IReadOnlyList<string> lines)
    {
        string[][] words = lines.Select(Words).ToArray();
        // The first line may be a heading.
        IEnumerable<string[]> data = words.Length > 1 ? words.Skip(1) : words;
        bool numbersFirst = data.All(line => NumberText.IsLike(line[0])), numbersLast = data.All(line => NumberText.IsLike(line[^1]));
        bool pairs = words.All(line => line.Length == 2);
        return pairs || numbersFirst == numbersLast ? LineForm.Words : numbersFirst ? LineForm.FirstWordAndRest : LineForm.RestAndLastWord;
    }

    private static bool IsCommon(IReadOnlyList<string> lines, Func<string, bool> test) => lines.Count > 0 && 2 * lines.Count(test) >= lines.Count;

    private static bool Has(string line, char separator)
    {
        bool quoted = false;
        foreach (char c in line)
        {
            quoted ^= c == '"';
            if (c == separator && !quoted)
            {
                return true;
            }
        }

        return false;
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
