using System.Globalization;
using LayerPeeled.Cli.Output;

namespace LayerPeeled.Cli.Tests.Output;

public class SheetTests
{
    [Fact]
    public void Numbers_NegativeZero_HaveNoSign()
    {
        const double zero = -0.0;
        Assert.Equal("0", Sheet.Exact(zero));
        Assert.Equal("0", Sheet.Short(zero));
        Assert.Equal("0e+0", Sheet.Small(zero));
        Assert.Equal("0", CsvText.Number(zero));
        string json = NotedJson.Document([], document =>
        {
            document.Number("multiplier", zero);
            document.Numbers("list", [zero]);
        });
        Assert.DoesNotContain("-", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_TextWiderThanTheTerminal_IsBrokenAtSpacesAndNumbersStayWhole()
    {
        string[] lines = Table(28, ["-what", "value"], ["a text of several words and 1234.5", "0.12345678901"]);
        Assert.All(lines, line => Assert.True(WordWrap.Width(line) <= 28, line));
        Assert.Contains(lines, line => line.EndsWith("0.12345678901", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Split(' ').Contains("1234.5"));
    }

    [Fact]
    public void Table_ManyColumns_AppearInPartsOfAboutOneSize()
    {
        string[] headings = [.. Enumerable.Range(0, 10).Select(i => "c" + i.ToString(CultureInfo.InvariantCulture))];
        string[] lines = Table(51, headings, [.. headings.Select(_ => "1.234567")]);
        int[] sizes = lines.Where(line => line.Contains("1.234567", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length).ToArray();

        // Nine columns and the one that names the row: there is room for five, but 5 + 5 + 2 would be uneven.
        Assert.Equal([4, 4, 4], sizes);
        Assert.Equal(3, lines.Count(line => line.TrimStart().StartsWith("c0", StringComparison.Ordinal)));
    }

    [Fact]
    public void Table_OneColumnWiderThanTheTerminal_IsLongerThanALine() =>
        Assert.Contains(Table(20, ["n", "value"], ["1", "0.1234567890123456789"]), line => line.EndsWith("0.1234567890123456789", StringComparison.Ordinal));

    [Fact]
    public void Table_OfNamesOnly_IsBrokenLikeAnyOther() =>
        Assert.All(Table(20, ["-words"], ["one two three four five six"]), line => Assert.True(WordWrap.Width(line) <= 20, line));

    [Fact]
    public void Table_WideCharacters_AreCountedAsTheTerminalShowsThem()
    {
        string[] lines = Table(null, ["-class", "count"], ["猫", "10"], ["dog", "5"]);
        Assert.Single(lines.Skip(2).Select(WordWrap.Width).Distinct());
    }

    private static string[] Table(int? width, string[] headings, params string[][] rows)
    {
        using var output = new StringWriter();
        var terminal = new Terminal { Output = output, Error = TextWriter.Null, OpenInput = () => Stream.Null, Width = width };
        new Sheet(terminal).Table(headings, rows);
        return output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
