using System.Globalization;

namespace LayerPeeled.Cli.Plotting;

/// <summary>How a curve looks: colour, dashes and markers all differ, so that curves are told apart without colour.</summary>
/// <param name="Colour">Colour of line and marker.</param>
/// <param name="Dash">Dashes of the line, or null.</param>
/// <param name="Marker">Index of the marker's shape.</param>
/// <param name="IsFilled">Whether the marker is filled.</param>
internal sealed record SeriesStyle(string Colour, string? Dash, int Marker, bool IsFilled)
{
    /// <summary>Curves that can be told apart.</summary>
    public const int Count = 12;

    private const double Radius = 3.6;

    // Okabe and Ito's colours for colour-blind readers, dark enough for lines
    private static readonly string[] Colours = ["#000000", "#0072b2", "#c44f00", "#007d5c", "#a8528a", "#5b5b5b"];
    private static readonly string?[] Dashes = [null, "7 3", "2 2.5", "9 3 2 3", "14 4", "5 2 1.5 2 1.5 2"];

    // Corner points around the centre, in units of the radius
    private static readonly (double X, double Y)[]?[] Shapes =
    [
        null,
        [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
        [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)],
        [(0, 1.2), (1.1, -0.8), (-1.1, -0.8)],
        [(-1.2, -0.5), (1.2, -0.5), (1.2, 0.5), (-1.2, 0.5)],
    ];

    public static SeriesStyle Of(int index) =>
        new(Colours[index % Colours.Length], Dashes[index % Dashes.Length], index % Shapes.Length, index / Shapes.Length % 2 == (index % 2));

    /// <summary>Draws a marker; what is below it shows through one that is neither filled nor opaque.</summary>
    public void DrawMarker(SvgCanvas canvas, double x, double y, bool isOpaque = true)
    {
        string Point(double dx, double dy) => SvgCanvas.Number(x + (dx * Radius)) + "," + SvgCanvas.Number(y + (dy * Radius));
        string radius = Radius.ToString(CultureInfo.InvariantCulture);
        string data = Shapes[Marker] is { } corners
            ? "M" + string.Join(" L", corners.Select(c => Point(c.X, c.Y))) + " Z"
            : $"M{Point(-1, 0)} A{radius},{radius} 0 1 0 {Point(1, 0)} A{radius},{radius} 0 1 0 {Point(-1, 0)} Z";
        canvas.Path(data, Colour, 1.1, fill: IsFilled ? Colour : isOpaque ? "#ffffff" : null);
    }
}
