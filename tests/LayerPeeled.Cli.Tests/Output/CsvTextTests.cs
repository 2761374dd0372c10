using System.Globalization;
using LayerPeeled.Cli.Output;

namespace LayerPeeled.Cli.Tests.Output;

public class CsvTextTests
{
    [Fact]
    public void Table_FieldsThatNeedQuotes_AreQuoted() =>
        Assert.Equal("a,b\n\"1,5\",\"say \"\"x\"\"\"\n", CsvText.Table(["a", "b"], [["1,5", "say \"x\""]]));

    [Theory]
    [InlineData(0.1)]
    [InlineData(1.0 / 3)]
    [InlineData(-1e-300)]
    [InlineData(double.PositiveInfinity)]
    public void Number_ReadsBackExactly(double value) => Assert.Equal(value, double.Parse(CsvText.Number(value), CultureInfo.InvariantCulture));

    [Fact]
    public void Number_NotANumber_IsEmpty() => Assert.Equal("", CsvText.Number(double.NaN));
}
