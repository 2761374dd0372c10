using System.Globalization;
using System.Text;

namespace LayerPeeled.Cli.Plotting;

/// <summary>Panels of curves side by side, each with a legend below it.</summary>
internal static class LineFigure
{
    private const int MostColumns = 2;
    private const double Height = 270;
    private const double OuterMargin = 14;
    private const double TitleHeight = 30;
    private const double NoteHeight = 20;
    private const double Resolution = 0.4;
    private const double MarkerSpacing = 52;
    private const string ReferenceColour = "#6e6e6e";
    private const string HorizontalDash = "1 2.5";
    private const string VerticalDash = "10 2 1 2";

    /// <summary>Draws a figure.</summary>
    /// <param name="title">What it shows, in plain text, for those who cannot see it.</param>
    /// <param name="panels">At least one.</param>
    /// <param name="note">A line below all of them, in the markup of <see cref="MarkedText"/>, or null.</param>
    /// <returns>An SVG document.</returns>
    public static string Draw(string title, IReadOnlyList<LinePanel> panels, string? note = null)
    {
        int columns = Math.Min(MostColumns, panels.Count);
        double plotWidth = columns == 1 ? 460 : 330, beside = panels.Max(panel => PlotFrame.Beside(panel.Y, Height));
        double panelWidth = beside + plotWidth + OuterMargin;
        Legend[] legends = panels.Select(panel => new Legend(Entries(panel), beside + plotWidth)).ToArray();
        double panelHeight = TitleHeight + Height + PlotFrame.Below + legends.Max(legend => legend.Height) + 12;
        int rows = (panels.Count + columns - 1) / columns;
        double width = (2 * OuterMargin) + (columns * panelWidth), bottom = rows * panelHeight;
        using var canvas = new SvgCanvas(width, bottom + (note is null ? 0 : NoteHeight) + OuterMargin, title);
        for (int i = 0; i < panels.Count; i++)
        {
            double left = OuterMargin + (i % columns * panelWidth) + beside, top = TitleHeight + (i / columns * panelHeight);
            canvas.BeginGroup("panel", MarkedText.Plain(panels[i].Title));
            canvas.Text(left + (plotWidth / 2), top - 10, panels[i].Title, 13, TextAnchor.Middle);
            string clip = "panel" + (i + 1).ToString(CultureInfo.InvariantCulture);
            canvas.Clip(clip, left, top, plotWidth, Height);
            DrawPanel(canvas, panels[i], new PlotFrame(left, top, plotWidth, Height, panels[i].X, panels[i].Y), clip);
            legends[i].Draw(canvas, left + (plotWidth / 2) - (beside / 4), top + Height + PlotFrame.Below + 4);
            canvas.EndGroup();
        }

        if (note is not null)
        {
            canvas.Text(width / 2, bottom + (NoteHeight / 2), note, 11, TextAnchor.Middle);
        }

        return canvas.Finish();
    }

    /// <summary>The path of a curve, interrupted where a coordinate is not finite; points that nobody can tell apart are left out.</summary>
    internal static string Path(PlotFrame frame, IReadOnlyList<(double X, double Y)> points)
    {
        var data = new StringBuilder();
        bool isDown = false;
        double lastX = 0, lastY = 0;
        for (int i = 0; i < points.Count; i++)
        {
            double x = frame.X(points[i].X), y = frame.Y(points[i].Y);
            if (!IsFinite(points[i]))
            {
                isDown = false;
                continue;
            }

            bool isLast = i + 1 == points.Count || !IsFinite(points[i + 1]);
            if (!isDown || isLast || Math.Abs(x - lastX) + Math.Abs(y - lastY) >= Resolution)
            {
                data.Append(isDown ? " L" : data.Length > 0 ? " M" : "M").Append(SvgCanvas.Number(x)).Append(',').Append(SvgCanvas.Number(y));
                (isDown, lastX, lastY) = (true, x, y);
            }
        }

        return data.ToString();
    }

    private static bool IsFinite((double X, double Y) point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    private static void DrawPanel(SvgCanvas canvas, LinePanel panel, PlotFrame frame, string clip)
    {
        frame.DrawGrid(canvas);
        foreach ((string name, double at, bool isVertical) in panel.References)
        {
            canvas.BeginGroup("reference", MarkedText.Plain(name), clip);
            if (isVertical)
            {
                canvas.Line(frame.X(at), frame.Y(panel.Y.Minimum), frame.X(at), frame.Y(panel.Y.Maximum), ReferenceColour, 1.2, VerticalDash);
            }
            else
            {
                canvas.Line(frame.X(panel.X.Minimum), frame.Y(at), frame.X(panel.X.Maximum), frame.Y(at), ReferenceColour, 1.2, HorizontalDash);
            }

            canvas.EndGroup();
        }

        for (int i = 0; i < panel.Series.Count; i++)
        {
            SeriesStyle style = SeriesStyle.Of(i);
            canvas.BeginGroup("series", MarkedText.Plain(panel.Series[i].Name));
            canvas.BeginGroup("curve", clip: clip);
            if (Path(frame, panel.Series[i].Points) is { Length: > 0 } data)
            {
                canvas.Path(data, style.Colour, 1.8, style.Dash);
            }

            canvas.EndGroup();
            DrawMarkers(canvas, panel, frame, i, style);
            canvas.EndGroup();
        }

        frame.DrawAxes(canvas);
    }

    // Markers sit on points of the curve: on all that are findings of their own, else so far apart that they do not hide it, and those of different
    // curves at different places.
    private static void DrawMarkers(SvgCanvas canvas, LinePanel panel, PlotFrame frame, int index, SeriesStyle style)
    {
        bool isPointwise = panel.Series[index].IsPointwise;
        double lastX = double.NaN, lastY = double.NaN, travelled = MarkerSpacing * (1 - ((index + 0.5) / panel.Series.Count));
        foreach ((double pointX, double pointY) in panel.Series[index].Points.Where(IsFinite))
        {
            double x = frame.X(pointX), y = frame.Y(pointY);
            travelled += double.IsNaN(lastX) ? 0 : Math.Sqrt(((x - lastX) * (x - lastX)) + ((y - lastY) * (y - lastY)));
            (lastX, lastY) = (x, y);
            if ((isPointwise || travelled >= MarkerSpacing) && panel.Y.Position(pointY) is >= 0 and <= 1 && panel.X.Position(pointX) is >= 0 and <= 1)
            {
                style.DrawMarker(canvas, x, y, isOpaque: !isPointwise);
                travelled = 0;
            }
        }
    }

    private static IEnumerable<LegendEntry> Entries(LinePanel panel) =>
        panel.Series.Select((series, i) => new LegendEntry(series.Name, (canvas, x, y) =>
        {
            canvas.Line(x, y, x + Legend.SampleWidth, y, SeriesStyle.Of(i).Colour, 1.8, SeriesStyle.Of(i).Dash);
            SeriesStyle.Of(i).DrawMarker(canvas, x + (Legend.SampleWidth / 2), y);
        })).Concat(panel.References.Select(reference => new LegendEntry(
            reference.Name,
            (canvas, x, y) => canvas.Line(x, y, x + Legend.SampleWidth, y, ReferenceColour, 1.2, reference.IsVertical ? VerticalDash : HorizontalDash))));
}
