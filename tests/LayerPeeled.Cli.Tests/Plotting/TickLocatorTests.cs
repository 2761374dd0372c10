using LayerPeeled.Cli.Plotting;

namespace LayerPeeled.Cli.Tests.Plotting;

public class TickLocatorTests
{
    [Fact]
    public void Ticks_Linear_AreRoundNumbersWithATrueMinusSign() =>
        Assert.Equal(["−0.2", "0.0", "0.2", "0.4", "0.6", "0.8", "1.0"], Labels(new Axis("", AxisScale.Linear, -0.2, 1.05), 9));

    [Fact]
    public void Ticks_LinearOfLargeNumbers_ArePowersOfTen() =>
        Assert.Equal(["0", "5×10^{5}", "10^{6}", "1.5×10^{6}"], Labels(new Axis("", AxisScale.Linear, 0, 1.6e6), 5));

    [Fact]
    public void Ticks_LinearOfSmallNumbers_ArePowersOfTen() =>
        Assert.Equal(["0", "5×10^{−6}", "10^{−5}"], Labels(new Axis("", AxisScale.Linear, 0, 1.2e-5), 4));

    [Fact]
    public void Ticks_Decades_ArePowersOfTenWithMinorMarksBetween()
    {
        IReadOnlyList<Tick> ticks = TickLocator.Ticks(new Axis("", AxisScale.Logarithmic, -1, 2), 9);
        Assert.Equal(["10^{−1}", "10^{0}", "10^{1}", "10^{2}"], ticks.Where(tick => tick.Label is not null).Select(tick => tick.Label));
        Assert.Equal(3 * 8, ticks.Count(tick => tick.Label is null));
        Assert.Contains(ticks, tick => tick.Coordinate == Math.Log10(5));
    }

    [Fact]
    public void Ticks_ManyDecades_AreThinnedOutAlsoBeyondDouble() =>
        Assert.Equal(["10^{0}", "10^{500}", "10^{1000}"], Labels(new Axis("", AxisScale.Logarithmic, 0, 1200), 4));

    [Theory]
    [InlineData(1, 10, "1 2 5 10")]
    [InlineData(2, 3, "2 2.2 2.4 2.6 2.8 3")]
    [InlineData(0.02, 0.07, "0.02 0.03 0.04 0.05 0.06 0.07")]
    [InlineData(1.00001, 1.00005, "1.00001 1.00002 1.00003 1.00004 1.00005")]
    [InlineData(200000, 300000, "2.0×10^{5} 2.2×10^{5} 2.4×10^{5} 2.6×10^{5} 2.8×10^{5} 3.0×10^{5}")]
    public void Ticks_FewDecades_AreNumbers(double minimum, double maximum, string expected) =>
        Assert.Equal(expected.Split(' '), Labels(new Axis("", AxisScale.Logarithmic, Math.Log10(minimum), Math.Log10(maximum)), 6));

    [Fact]
    public void Ticks_WholeNumbers_LabelRoundOnes() =>
        Assert.Equal(["10", "20", "30", "40", "50"], Labels(new Axis("", AxisScale.Whole, 0.5, 58.5), 9));

    [Theory]
    [InlineData(1e-3, 1e3)]
    [InlineData(1, 1.5)]
    [InlineData(3, 25)]
    [InlineData(1, 1e300)]
    [InlineData(1e-300, 1e300)]
    public void Ticks_AnyLogarithmicAxis_HasAtLeastTwoDifferentLabelsInsideIt(double minimum, double maximum)
    {
        var axis = new Axis("", AxisScale.Logarithmic, Math.Log10(minimum), Math.Log10(maximum));
        string[] labels = Labels(axis, 7);
        Assert.InRange(labels.Length, 2, 8);
        Assert.Equal(labels.Length, labels.Distinct().Count());
        Assert.All(TickLocator.Ticks(axis, 7), tick => Assert.InRange(axis.Position(tick.Coordinate), -1e-9, 1 + 1e-9));
    }

    private static string[] Labels(Axis axis, int atMost) => TickLocator.Ticks(axis, atMost).Select(tick => tick.Label).OfType<string>().ToArray();
}
