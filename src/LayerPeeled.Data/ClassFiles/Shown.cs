using System.Globalization;
using System.Text;

namespace LayerPeeled.Data.ClassFiles;

/// <summary>Content of a file in a message: short, and every character visible.</summary>
internal static class Shown
{
    private const int Longest = 60;
    private const int LongestValue = 40;
    private const int LongestSentence = 200;
    private const int MostNames = 12;

    /// <summary>A few words in quotes.</summary>
    public static string Quote(ReadOnlySpan<char> text) => $"'{Short(text, Longest)}'";

    /// <summary>A value of a JSON document, as it stands there.</summary>
    public static string Value(ReadOnlySpan<char> text) => Short(text, LongestValue);

    /// <summary>What the run-time says of the content of a file, which it may repeat.</summary>
    public static string Sentence(ReadOnlySpan<char> text) => Short(text, LongestSentence);

    /// <summary>What is wrong with an argument that stood in a file, in one line without the name of a parameter.</summary>
    public static string Argument(ArgumentException error) =>
        error.Message.Replace($" (Parameter '{error.ParamName}')", "", StringComparison.Ordinal).ReplaceLineEndings(" ");

    /// <summary>Names of what a file has.</summary>
    public static string Names(IReadOnlyCollection<string> names) => names.Count == 0 ? "none"
        : string.Join(", ", names.Take(MostNames).Select(name => Quote(name))) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");

    private static string Short(ReadOnlySpan<char> text, int longest)
    {
        var shown = new StringBuilder();
        foreach (char c in text)
        {
            if (shown.Length >= longest && !char.IsLowSurrogate(c))
            {
                return shown.Append('…').ToString();
            }

            _ = c switch
            {
                '\t' => shown.Append("\\t"),
                '\n' => shown.Append("\\n"),
                '\r' => shown.Append("\\r"),
                _ when char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format => shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => shown.Append(c),
            };
        }

        return shown.ToString();
    }
}
