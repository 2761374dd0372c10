using System.Globalization;
using LayerPeeled.Cli.Plotting;
using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Plotting;

public class DrawingTests
{
    [Fact]
    public void Pieces_Markup_AreTakenApart()
    {
        Assert.Equal(
            [new("E", '*'), new("W", '_'), new(" = 10", ' '), new("−3", '^'), new(" a_b", ' ')],
            Merge(MarkedText.Pieces("*E*_{W} = 10^{−3} a_b")));
        Assert.Equal("EW = 10−3 a_b", MarkedText.Plain("*E*_{W} = 10^{−3} a_b"));
    }

    [Fact]
    public void ColourScale_LuminanceRisesAllTheWay()
    {
        double[] luminance = Enumerable.Range(0, 101).Select(i => Luminance(ColourScale.At(i / 100.0))).ToArray();
        Assert.All(luminance.Zip(luminance.Skip(1)), pair => Assert.True(pair.Second > pair.First));
        Assert.True(luminance[^1] - luminance[0] > 0.6);
    }

    [Fact]
    public void SeriesStyle_EachIsDifferentWithoutColour() =>
        Assert.Equal(SeriesStyle.Count, Enumerable.Range(0, SeriesStyle.Count)
            .Select(i => SeriesStyle.Of(i)).Select(style => (style.Dash, style.Marker, style.IsFilled)).Distinct().Count());

    [Fact]
    public void LineFigure_MissingPoint_InterruptsTheCurve()
    {
        Svg svg = Draw(new Series("a", [(0, 0), (1, 1), (2, double.NaN), (3, 1), (4, 0)]));
        string data = svg.Groups("curve").Single().Elements().Single().Attribute("d")!.Value;
        Assert.Equal(2, data.Count(c => c == 'M'));
        Assert.Equal(2, data.Count(c => c == 'L'));
    }

    [Fact]
    public void LineFigure_NameWithSpecialCharacters_IsWellFormed() =>
        Assert.Equal(["<&>\"'"], Draw(new Series("<&>\"'", [(0, 0), (1, 1)])).Titles("series"));

    [Fact]
    public void LineFigure_NoFinitePoint_HasAnEmptyCurve() =>
        Assert.Empty(Draw(new Series("a", [(0, double.NaN)])).Groups("curve").Single().Elements());

    [Fact]
    public void LineFigure_LegendOfManySeries_StaysInsideThePicture()
    {
        var x = new Axis("x", AxisScale.Linear, 0, 1);
        Series[] series = Enumerable.Range(0, SeriesStyle.Count).Select(i => new Series($"a rather long name {i}", [(0, 0), (1, 1)])).ToArray();
        var svg = new Svg(LineFigure.Draw("t", [new LinePanel("p", x, x, series, [])]));
        double width = Number(svg.Root.Attribute("width")!.Value), height = Number(svg.Root.Attribute("height")!.Value);
        foreach (var text in svg.Groups("legend").Single().Elements().Where(element => element.Name.LocalName == "text"))
        {
            double left = Number(text.Attribute("x")!.Value);
            Assert.InRange(left, 0, width - MarkedText.Width(text.Value, 12));
            Assert.InRange(Number(text.Attribute("y")!.Value), 0, height);
        }
    }

    [Fact]
    public void HeatMap_Cells_CoverThePlotWithoutOverlap()
    {
        double[,] values = { { 0, 0, 1 }, { 0.5, double.NaN, 1 } };
        var svg = new Svg(new HeatMap(
            "t", "x", AxisScale.Linear, [1, 2, 3], "y", AxisScale.Linear, [1, 2], (row, column) => values[row, column],
            new Axis("c", AxisScale.Linear, 0, 1), "missing", null).Draw("d"));
        var cells = svg.Groups("cells").Single().Elements().ToArray();
        // Two equal neighbours share a rectangle.
        Assert.Equal(5, cells.Length);
        Assert.Equal(ColourScale.At(0), cells[0].Attribute("fill")!.Value);
        Assert.Equal("url(#hatch)", cells[3].Attribute("fill")!.Value);
        double area = cells.Sum(cell => Number(cell.Attribute("width")!.Value) * Number(cell.Attribute("height")!.Value));
        // Coordinates are rounded to 0.01.
        Assert.Equal(430 * 330, area, 20.0);
        Assert.Contains("missing", svg.Texts);
    }

    private static Svg Draw(Series series) => new(LineFigure.Draw(
        "t", [new LinePanel("p", new Axis("x", AxisScale.Linear, 0, 4), new Axis("y", AxisScale.Linear, 0, 1), [series], [])]));

    // Plain pieces that follow each other are one.
    private static MarkedPiece[] Merge(IEnumerable<MarkedPiece> pieces)
    {
        var merged = new List<MarkedPiece>();
        foreach (MarkedPiece piece in pieces)
        {
            if (merged.Count > 0 && piece.Mark == ' ' && merged[^1].Mark == ' ')
            {
                merged[^1] = new MarkedPiece(merged[^1].Text + piece.Text, ' ');
            }
            else
            {
                merged.Add(piece);
            }
        }

        return merged.ToArray();
    }

    private static double Luminance(string colour)
    {
        double Linear(int at)
        {
            double c = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Linear(1)) + (0.7152 * Linear(3)) + (0.0722 * Linear(5));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
