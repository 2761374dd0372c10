using System.Globalization;
using System.Text;

namespace LayerPeeled.Data.ClassFiles;

/// <summary>Content of a file in a message: short, and every character visible.</summary>
internal static class Shown
{
    private const int Longest = 60;

    public static string Quote(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder("'");
        foreach (char c in text)
        {
            if (shown.Length > Longest && !char.IsLowSurrogate(c))
            {
                return shown.Append("…'").ToString();
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

        return shown.Append('\'').ToString();
    }
}
