namespace LayerPeeled.Cli.Plotting;

/// <summary>A legend below a panel, in as many rows as it takes.</summary>
internal sealed class Legend
{
    /// <summary>Width of a sample.</summary>
    public const double SampleWidth = 34;

    private const double RowHeight = 18;
    private const double TextSize = 12;
    private const double Gap = 18;
    private readonly List<List<LegendEntry>> rows = [];

    public Legend(IEnumerable<LegendEntry> entries, double width)
    {
        double used = double.PositiveInfinity;
        foreach (LegendEntry entry in entries)
        {
            if (used + Width(entry) > width)
            {
                rows.Add([]);
                used = 0;
            }

            rows[^1].Add(entry);
            used += Width(entry) + Gap;
        }
    }

    public double Height => rows.Count * RowHeight;

    /// <summary>Draws the legend around a vertical line.</summary>
    public void Draw(SvgCanvas canvas, double centre, double top)
    {
        canvas.BeginGroup("legend");
        for (int row = 0; row < rows.Count; row++)
        {
            double x = centre - ((rows[row].Sum(Width) + (Gap * (rows[row].Count - 1))) / 2), y = top + ((row + 0.5) * RowHeight);
            foreach (LegendEntry entry in rows[row])
            {
                entry.Draw(canvas, x, y);
                canvas.Text(x + SampleWidth + 6, y + 4, entry.Name, TextSize);
                x += Width(entry) + Gap;
            }
        }

        canvas.EndGroup();
    }

    private static double Width(LegendEntry entry) => SampleWidth + 6 + MarkedText.Width(entry.Name, TextSize);
}
