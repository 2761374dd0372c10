namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>Writes into a page what its programs print now.</summary>
public static class PageUpdate
{
    /// <summary>
    /// The text of a page in which every output that did not agree is the one that came out. An output with elisions stays if it has changed so much that
    /// they have no place any more.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="results">What became of its blocks.</param>
    public static string Rewrite(Page page, IReadOnlyList<BlockResult> results)
    {
        List<string> lines = [.. page.Text.Split('\n')];
        // From the end, so that line numbers hold.
        for (int i = results.Count - 1; i >= 0; i--)
        {
            if (results[i].Printed is string printed)
            {
                Output output = page.Blocks[i].Output!;
                string[] shown = OutputComparison.Lines(output.Text);
                IEnumerable<string> cut = Elide(shown, OutputComparison.Lines(printed));
                lines.RemoveRange(output.FirstLine, output.LineCount);
                lines.InsertRange(output.FirstLine, cut.Select(line => shown.FirstOrDefault(old => Stands(old, line, page.Blocks[i].Directives), line)));
            }
        }

        return string.Join('\n', lines);
    }

    // A line that agrees stays as it is, unless the columns of its table have moved.
    private static bool Stands(string shown, string printed, Directives directives) => !IsElision(shown) && OutputComparison.Agree(shown, printed, directives)
        && (shown.Length == printed.Length || shown.Contains(OutputComparison.Elision, StringComparison.Ordinal) || directives.Varying.Any(shown.Contains));

    // Elisions stay between as many lines as they stood between.
    private static IEnumerable<string> Elide(string[] shown, string[] printed)
    {
        var lines = new List<string>();
        int next = 0;
        for (int i = 0; i < shown.Length; i++)
        {
            if (!IsElision(shown[i]))
            {
                lines.AddRange(printed.Skip(next++).Take(1));
                continue;
            }

            lines.Add(shown[i]);
            int following = Array.FindIndex(shown, i + 1, IsElision), kept = (following < 0 ? shown.Length : following) - i - 1;
            // What stands before another elision is found by its first line; what stands last is the last.
            next = following < 0 ? printed.Length - kept : Array.FindIndex(printed, next, line => Words(shown[i + 1]) == Words(line));
            if (next < 0)
            {
                return shown;
            }
        }

        // Without an elision everything is shown.
        return shown.Any(IsElision) ? lines : printed;
    }

    private static bool IsElision(string line) => line.Trim() == OutputComparison.Elision;

    private static string Words(string line) => string.Concat(line.Where(char.IsLetter));
}
