using System.Text.RegularExpressions;

namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>
/// Compares what a page shows with what came out: text exactly, numbers to the digits shown. The rules are those of CONTRIBUTING.md.
/// </summary>
public static partial class OutputComparison
{
    /// <summary>Stands for any number of lines on a line of its own, for any characters within one.</summary>
    public const string Elision = "…";

    /// <summary>Behind the word gap, numbers below this only have to stay below it.</summary>
    private const double ClosedGap = 1e-5;

    /// <summary>The first difference, in words; null if there is none.</summary>
    /// <param name="shown">What the page shows.</param>
    /// <param name="actual">What was printed.</param>
    /// <param name="directives">How many digits count, and which numbers do not.</param>
    public static string? Difference(string shown, string actual, Directives directives)
    {
        string[] expected = Lines(shown), lines = Lines(actual);
        int next = 0;
        bool mayPass = false;
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i].Trim() == Elision)
            {
                mayPass = true;
                continue;
            }

            // Behind an elision, the first line that agrees; the last one of the page has to be the last of all.
            int found = next;
            while (mayPass && found < lines.Length && (!Agree(expected[i], lines[found], directives) || (i == expected.Length - 1 && found < lines.Length - 1)))
            {
                found++;
            }

            if (found >= lines.Length)
            {
                return $"shown but not printed: {expected[i]}";
            }

            if (!Agree(expected[i], lines[found], directives))
            {
                return $"shown:   {expected[i]}\nprinted: {lines[found]}";
            }

            (next, mayPass) = (found + 1, false);
        }

        return mayPass || next == lines.Length ? null : $"printed but not shown: {lines[next]}";
    }

    /// <summary>Text as lines, without blanks at their ends and without empty lines at the end.</summary>
    public static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()).ToArray().AsSpan().TrimEnd("").ToArray();

    /// <summary>Whether a line is as shown.</summary>
    public static bool Agree(string shown, string actual, Directives directives)
    {
        if (shown.Contains(Elision, StringComparison.Ordinal))
        {
            return Regex.IsMatch(Squeeze(actual), $"^{string.Join(".*", Squeeze(shown).Split(Elision).Select(Regex.Escape))}$");
        }

        (string[] expectedTexts, Match[] expected) = Cut(Squeeze(shown));
        (string[] texts, Match[] numbers) = Cut(Squeeze(actual));
        return expectedTexts.SequenceEqual(texts)
            && Enumerable.Range(0, numbers.Length).All(i => IsMeasured(texts[i + 1]) || directives.Varying.Contains(expected[i].Value)
                || new ShownNumber(expected[i].Value).Agrees(new ShownNumber(numbers[i].Value), directives.Digits, IsGap(texts[i]) ? ClosedGap : ShownNumber.Roundoff));
    }

    // Widths of columns follow the digits.
    private static string Squeeze(string line) => Rule().Replace(Blanks().Replace(line.Trim(), " "), "─");

    private static (string[] Texts, Match[] Numbers) Cut(string line) => (Number().Split(line), Number().Matches(line).ToArray());

    // Times, memory and numbers of iterations differ from run to run and from machine to machine.
    private static bool IsMeasured(string following) => Unit().IsMatch(following);

    // Where a gap has closed, how far is chance.
    private static bool IsGap(string preceding) => preceding.TrimEnd().EndsWith("gap", StringComparison.Ordinal);

    // Not parts of names (E_5, 5x100), nor of versions (1.2.3).
    [GeneratedRegex(@"(?<![\w.)\]])(?<!(?<=\w)[-+])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?!\.?\w)")]
    private static partial Regex Number();

    [GeneratedRegex(@"^ ?(s|ms|µs|min|h|MB|GB|iterations?|solves)\b")]
    private static partial Regex Unit();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex("─+")]
    private static partial Regex Rule();
}
