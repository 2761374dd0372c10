namespace LayerPeeled.Cli.Plotting;

/// <summary>
/// Cells of colour over two axes, with a bar that says what the colours mean. A NaN is a hatched cell.
/// </summary>
/// <param name="Title">Above it, in the markup of <see cref="MarkedText"/>.</param>
/// <param name="XTitle">Title of the horizontal axis.</param>
/// <param name="XScale">Its scale.</param>
/// <param name="X">Coordinate of each column, ascending.</param>
/// <param name="YTitle">Title of the vertical axis.</param>
/// <param name="YScale">Its scale.</param>
/// <param name="Y">Coordinate of each row, ascending.</param>
/// <param name="Values">The value of a row and a column, as a coordinate of the colour axis.</param>
/// <param name="Colours">The colour axis.</param>
/// <param name="MissingName">What the legend calls hatched cells.</param>
/// <param name="Overlay">A curve on top, or null.</param>
internal sealed record HeatMap(
    string Title, string XTitle, AxisScale XScale, IReadOnlyList<double> X, string YTitle, AxisScale YScale, IReadOnlyList<double> Y,
    Func<int, int, double> Values, Axis Colours, string MissingName, Series? Overlay)
{
    private const double PlotWidth = 430;
    private const double PlotHeight = 330;
    private const double BarWidth = 18;
    private const double BarGap = 20;
    private const int BarSteps = 128;
    private const double TitleHeight = 32;
    private const double OuterMargin = 14;
    private const string HatchFill = "url(#hatch)";

    /// <summary>Draws the figure.</summary>
    /// <param name="description">What it shows, in plain text, for those who cannot see it.</param>
    /// <returns>An SVG document.</returns>
    public string Draw(string description)
    {
        double[] edgesX = Edges(X, XScale), edgesY = Edges(Y, YScale);
        var axisX = new Axis(XTitle, XScale, edgesX[0], edgesX[^1]);
        var axisY = new Axis(YTitle, YScale, edgesY[0], edgesY[^1]);
        double left = OuterMargin + PlotFrame.Beside(axisY, PlotHeight), barLeft = left + PlotWidth + BarGap;
        var legend = new Legend(Entries(), PlotWidth + left);
        using var canvas = new SvgCanvas(
            barLeft + BarWidth + PlotFrame.Beside(Colours, PlotHeight) + OuterMargin,
            TitleHeight + PlotHeight + PlotFrame.Below + legend.Height + OuterMargin, description);
        canvas.Hatch("hatch");
        canvas.Clip("plot", left, TitleHeight, PlotWidth, PlotHeight);
        canvas.Text(left + (PlotWidth / 2), TitleHeight - 12, Title, 13, TextAnchor.Middle);
        var frame = new PlotFrame(left, TitleHeight, PlotWidth, PlotHeight, axisX, axisY);
        DrawCells(canvas, frame, edgesX, edgesY);
        if (Overlay is not null && LineFigure.Path(frame, Overlay.Points) is { Length: > 0 } data)
        {
            canvas.BeginGroup("series", MarkedText.Plain(Overlay.Name), "plot");
            canvas.Path(data, "#ffffff", 4.5);
            canvas.Path(data, "#000000", 2);
            canvas.EndGroup();
        }

        frame.DrawAxes(canvas);
        DrawBar(canvas, barLeft);
        legend.Draw(canvas, left + (PlotWidth / 2), TitleHeight + PlotHeight + PlotFrame.Below);
        return canvas.Finish();
    }

    // Half-way between neighbours
    private static double[] Edges(IReadOnlyList<double> centres, AxisScale scale)
    {
        double Half(int i) => (centres[i + 1] - centres[i]) / 2;
        int n = centres.Count;
        if (n == 1)
        {
            double half = scale == AxisScale.Logarithmic ? 0.15 : 0.5;
            return [centres[0] - half, centres[0] + half];
        }

        return [centres[0] - Half(0), .. Enumerable.Range(0, n - 1).Select(i => centres[i] + Half(i)), centres[n - 1] + Half(n - 2)];
    }

    private IEnumerable<LegendEntry> Entries()
    {
        if (Overlay is not null)
        {
            yield return new LegendEntry(Overlay.Name, (canvas, x, y) => canvas.Line(x, y, x + Legend.SampleWidth, y, "#000000", 2));
        }

        if (Enumerable.Range(0, Y.Count).Any(row => Enumerable.Range(0, X.Count).Any(column => double.IsNaN(Values(row, column)))))
        {
            yield return new LegendEntry(
                MissingName, (canvas, x, y) => canvas.Rectangle(x, y - 6, Legend.SampleWidth, 12, HatchFill, SvgCanvas.Ink, 0.8));
        }
    }

    // Neighbours of one colour in a row become one rectangle.
    private void DrawCells(SvgCanvas canvas, PlotFrame frame, double[] edgesX, double[] edgesY)
    {
        canvas.BeginGroup("cells");
        for (int row = 0; row < Y.Count; row++)
        {
            string[] fills = Enumerable.Range(0, X.Count).Select(column => Fill(Values(row, column))).ToArray();
            for (int first = 0, last; first < fills.Length; first = last + 1)
            {
                for (last = first; last + 1 < fills.Length && fills[last + 1] == fills[first]; last++)
                {
                }

                double x = frame.X(edgesX[first]), y = frame.Y(edgesY[row + 1]);
                canvas.Rectangle(x, y, frame.X(edgesX[last + 1]) - x, frame.Y(edgesY[row]) - y, fills[first], crisp: true);
            }
        }

        canvas.EndGroup();
    }

    private string Fill(double value) => double.IsNaN(value) ? HatchFill : ColourScale.At(Colours.Position(value));

    private void DrawBar(SvgCanvas canvas, double left)
    {
        canvas.BeginGroup("colours", MarkedText.Plain(Colours.Title));
        double step = PlotHeight / BarSteps;
        for (int i = 0; i < BarSteps; i++)
        {
            canvas.Rectangle(left, TitleHeight + ((BarSteps - 1 - i) * step), BarWidth, step, ColourScale.At((i + 0.5) / BarSteps), crisp: true);
        }

        new PlotFrame(left, TitleHeight, BarWidth, PlotHeight, new Axis("", AxisScale.Linear, 0, 1), Colours).DrawRightAxis(canvas);
        canvas.EndGroup();
    }
}
