namespace LayerPeeled.Cli.Plotting;

/// <summary>The rectangle of a plot with its axes: grid, frame, marks, numbers and titles.</summary>
internal sealed class PlotFrame
{
    private const double NumberSize = 11;
    private const double TitleSize = 13;
    private const double MarkLength = 5;
    private const double TickSpacingY = 28;
    private const double NumberGap = 14;
    private readonly double left, top, width, height;
    private readonly Axis x, y;
    private readonly IReadOnlyList<Tick> ticksX, ticksY;

    public PlotFrame(double left, double top, double width, double height, Axis x, Axis y)
    {
        (this.left, this.top, this.width, this.height, this.x, this.y) = (left, top, width, height, x, y);
        ticksX = Fitting(x, width, NumberSize);
        ticksY = Vertical(y, height);
    }

    /// <summary>Room below the rectangle for numbers and title.</summary>
    public static double Below => 48;

    /// <summary>Room beside a rectangle of a given height for the numbers and the title of a vertical axis.</summary>
    public static double Beside(Axis axis, double height) => MarkLength + NumbersWidth(Vertical(axis, height)) + TitleSize + 16;

    public double X(double coordinate) => left + (x.Position(coordinate) * width);

    public double Y(double coordinate) => top + ((1 - y.Position(coordinate)) * height);

    /// <summary>Faint lines at the marks.</summary>
    public void DrawGrid(SvgCanvas canvas)
    {
        canvas.BeginGroup("grid");
        foreach (Tick tick in ticksX.Where(tick => tick.Label is not null))
        {
            canvas.Line(X(tick.Coordinate), top, X(tick.Coordinate), top + height, SvgCanvas.Faint, 0.8);
        }

        foreach (Tick tick in ticksY.Where(tick => tick.Label is not null))
        {
            canvas.Line(left, Y(tick.Coordinate), left + width, Y(tick.Coordinate), SvgCanvas.Faint, 0.8);
        }

        canvas.EndGroup();
    }

    /// <summary>Frame, marks, numbers and titles.</summary>
    public void DrawAxes(SvgCanvas canvas)
    {
        canvas.BeginGroup("axes");
        canvas.Rectangle(left, top, width, height, null, SvgCanvas.Ink);
        double bottom = top + height;
        foreach (Tick tick in ticksX)
        {
            double at = X(tick.Coordinate);
            canvas.Line(at, bottom, at, bottom + (tick.Label is null ? MarkLength / 2 : MarkLength), SvgCanvas.Ink, 1);
            if (tick.Label is not null)
            {
                canvas.Text(at, bottom + MarkLength + 13, tick.Label, NumberSize, TextAnchor.Middle);
            }
        }

        canvas.Text(left + (width / 2), bottom + 41, x.Title, TitleSize, TextAnchor.Middle);
        DrawVertical(canvas, ticksY, left, -1, Y);
        canvas.Text(left - Beside(y, height) + TitleSize, top + (height / 2), y.Title, TitleSize, TextAnchor.Middle, isUpright: false);
        canvas.EndGroup();
    }

    /// <summary>Marks, numbers and title to the right of the rectangle, for a colour bar.</summary>
    public void DrawRightAxis(SvgCanvas canvas)
    {
        canvas.BeginGroup("axes");
        canvas.Rectangle(left, top, width, height, null, SvgCanvas.Ink);
        DrawVertical(canvas, ticksY, left + width, 1, Y);
        canvas.Text(left + width + Beside(y, height) - 4, top + (height / 2), y.Title, TitleSize, TextAnchor.Middle, isUpright: false);
        canvas.EndGroup();
    }

    private static void DrawVertical(SvgCanvas canvas, IReadOnlyList<Tick> ticks, double at, int side, Func<double, double> y)
    {
        foreach (Tick tick in ticks)
        {
            double height = y(tick.Coordinate);
            canvas.Line(at, height, at + (side * (tick.Label is null ? MarkLength / 2 : MarkLength)), height, SvgCanvas.Ink, 1);
            if (tick.Label is not null)
            {
                canvas.Text(at + (side * (MarkLength + 4)), height + 4, tick.Label, NumberSize, side < 0 ? TextAnchor.End : TextAnchor.Start);
            }
        }
    }

    private static IReadOnlyList<Tick> Vertical(Axis axis, double height) => TickLocator.Ticks(axis, Math.Max(2, (int)(height / TickSpacingY)));

    private static double NumbersWidth(IReadOnlyList<Tick> ticks) => ticks.Max(tick => tick.Label is null ? 0 : MarkedText.Width(tick.Label, NumberSize));

    // Fewer numbers until they stand apart
    private static IReadOnlyList<Tick> Fitting(Axis axis, double width, double size)
    {
        for (int atMost = 9; ; atMost--)
        {
            IReadOnlyList<Tick> ticks = TickLocator.Ticks(axis, atMost);
            Tick[] labelled = ticks.Where(tick => tick.Label is not null).ToArray();
            bool apart = labelled.Zip(labelled.Skip(1)).All(pair =>
                (axis.Position(pair.Second.Coordinate) - axis.Position(pair.First.Coordinate)) * width
                >= ((MarkedText.Width(pair.First.Label!, size) + MarkedText.Width(pair.Second.Label!, size)) / 2) + NumberGap);
            if (apart || atMost == 2)
            {
                return ticks;
            }
        }
    }
}
