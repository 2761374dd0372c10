using LayerPeeled.Cli.Output;

namespace LayerPeeled.Cli.Tests.Output;

public sealed class SheetNumberTests
{
    [Fact]
    public void Numbers_NegativeZero_HaveNoSign()
    {
        Assert.Equal("0", Sheet.Exact(-0.0));
        Assert.Equal("0", Sheet.Short(-0.0));
        Assert.Equal("0", CsvText.Number(-0.0));
        string json = NotedJson.Document([], document => document.Number("multiplier", -0.0));
        Assert.Contains("\"multiplier\": 0,", json, StringComparison.Ordinal);
    }
}
