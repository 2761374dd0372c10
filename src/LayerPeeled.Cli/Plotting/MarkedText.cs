namespace LayerPeeled.Cli.Plotting;

/// <summary>
/// Text with subscripts <c>_{…}</c>, superscripts <c>^{…}</c> and italics <c>*…*</c>, which do not nest.
/// </summary>
internal static class MarkedText
{
    /// <summary>Size of sub- and superscripts against the text.</summary>
    public const double ScriptSize = 0.72;

    /// <summary>The pieces of a text.</summary>
    public static IEnumerable<MarkedPiece> Pieces(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            char mark = text[i];
            bool script = mark is '_' or '^' && i + 1 < text.Length && text[i + 1] == '{';
            int start = script ? i + 2 : i + 1, end = script ? text.IndexOf('}', start) : mark == '*' ? text.IndexOf('*', start) : -1;
            if (end >= 0)
            {
                yield return new MarkedPiece(text[start..end], mark);
                i = end + 1;
                continue;
            }

            end = text.IndexOfAny(['_', '^', '*'], start);
            yield return new MarkedPiece(text[i..(end < 0 ? text.Length : end)], ' ');
            i = end < 0 ? text.Length : end;
        }
    }

    /// <summary>The text without its marks.</summary>
    public static string Plain(string text) => string.Concat(Pieces(text).Select(piece => piece.Text));

    /// <summary>About how wide a sans-serif typeface sets the text, on the safe side.</summary>
    public static double Width(string text, double size) =>
        Pieces(text).Sum(piece => piece.Text.Sum(Advance) * (piece.Mark is '_' or '^' ? ScriptSize : 1)) * size;

    // In units of the font size
    private static double Advance(char c) => c switch
    {
        'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '|' or '\'' or ' ' or '·' or 't' or 'f' or 'I' or '(' or ')' or '/' => 0.33,
        'm' or 'w' or 'M' or 'W' => 0.86,
        >= 'A' and <= 'Z' => 0.7,
        _ => 0.58,
    };
}
