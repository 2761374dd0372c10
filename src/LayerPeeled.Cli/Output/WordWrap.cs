using Spectre.Console;

namespace LayerPeeled.Cli.Output;

/// <summary>Lines that fit a terminal. They are broken at spaces only, so that no number is ever cut in two.</summary>
internal static class WordWrap
{
    /// <summary>Narrower terminals get lines of this length.</summary>
    public const int Narrowest = 20;

    // Left together in headings: cos(w, w'), R = 10
    private const char Tie = '\u00a0';

    /// <summary>Columns that a text takes in a terminal.</summary>
    public static int Width(string text) => text.GetCellWidth();

    /// <summary>The lines of a text; a word that is longer than a line has one of its own.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">Columns of a line; null for one line.</param>
    /// <param name="indent">What the second line and those after it begin with.</param>
    public static IReadOnlyList<string> Lines(string text, int? width, string indent = "")
    {
        if (width is not { } columns || Width(text) <= columns)
        {
            return [text];
        }

        var lines = new List<string>();
        string[] words = text.Split(' ');
        string line = words[0];
        foreach (string word in words[1..])
        {
            if (string.IsNullOrWhiteSpace(line) || Width(line) + 1 + Width(word) <= columns)
            {
                line += " " + word;
            }
            else
            {
                lines.Add(line.TrimEnd());
                line = indent + word;
            }
        }

        lines.Add(line);
        return lines;
    }

    /// <summary>The lines of a heading, which is not broken at a comma or an equals sign.</summary>
    public static IReadOnlyList<string> Heading(string text, int width) =>
        [.. Lines(Tied(text), width).Select(line => line.Replace(Tie, ' '))];

    /// <summary>The width of the longest part of a text that is not broken.</summary>
    public static int LongestWord(string text) => text.Split(' ').Max(Width);

    /// <inheritdoc cref="LongestWord"/>
    public static int LongestHeadingWord(string text) => LongestWord(Tied(text));

    private static string Tied(string heading) =>
        heading.Replace(", ", "," + Tie, StringComparison.Ordinal).Replace(" = ", $"{Tie}={Tie}", StringComparison.Ordinal);
}
