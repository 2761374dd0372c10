namespace LayerPeeled.Cli.Output;

/// <summary>
/// A part of a table that fits a terminal. Where the whole does not, columns move closer together, then headings and texts are broken at spaces, and
/// then the columns are shown in several parts, one below the other, each with the columns that name the rows.
/// </summary>
/// <param name="Columns">The columns, from left to right.</param>
/// <param name="Widths">The width of each.</param>
/// <param name="Padding">Blanks to the right of each.</param>
internal sealed record TableLayout(SheetColumn[] Columns, int[] Widths, int Padding)
{
    /// <summary>Whether room is scarce; then there is no margin at either side.</summary>
    public bool IsTight => Padding == 0;

    /// <summary>The parts of a table.</summary>
    /// <param name="columns">All columns.</param>
    /// <param name="names">How many of them name the rows.</param>
    /// <param name="width">Columns of the terminal; null for any number.</param>
    public static IEnumerable<TableLayout> Parts(SheetColumn[] columns, int names, int? width)
    {
        if (width is not { } limit || Total(columns.Select(column => column.Natural), 1) <= limit)
        {
            return [new TableLayout(columns, [.. columns.Select(column => column.Natural)], 1)];
        }

        // As few parts as it takes, and those of about one size
        int others = columns.Length - names, fewest = Split(columns, names, limit, others).Count;
        return Enumerable.Range((others + fewest - 1) / fewest, others).Select(most => Split(columns, names, limit, most)).First(parts => parts.Count == fewest)
            .Select(part => Fitted([.. part], limit));
    }

    // As many columns in each part as fit, but at most so many besides those that name the rows
    private static List<List<SheetColumn>> Split(SheetColumn[] columns, int names, int limit, int most)
    {
        var parts = new List<List<SheetColumn>>();
        foreach (SheetColumn column in columns[names..])
        {
            if (parts.Count == 0 || parts[^1].Count == names + most || Total([.. parts[^1].Select(other => other.Least), column.Least], 0) > limit)
            {
                parts.Add([.. columns[..names]]);
            }

            parts[^1].Add(column);
        }

        return parts;
    }

    // A blank on the left of each column, the padding on its right, one between neighbours, and one at either end of those that are not tight
    private static int Total(IEnumerable<int> widths, int padding) => widths.Sum(width => width + 2 + padding) + (padding == 0 ? -1 : 1);

    // The widest columns give way first.
    private static TableLayout Fitted(SheetColumn[] columns, int limit)
    {
        int[] widths = [.. columns.Select(column => column.Natural)];
        while (Total(widths, 0) > limit && Enumerable.Range(0, widths.Length).Where(i => widths[i] > columns[i].Least).ToArray() is { Length: > 0 } wide)
        {
            widths[wide.MaxBy(i => widths[i])]--;
        }

        return new TableLayout(columns, widths, 0);
    }
}
