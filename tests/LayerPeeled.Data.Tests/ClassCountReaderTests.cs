using System.Globalization;
using System.Text;

namespace LayerPeeled.Data.Tests;

public class ClassCountReaderTests
{
    [Theory]
    [InlineData("5\n3\n", new[] { 5.0, 3.0 })]
    [InlineData("5\r\n3\r\n", new[] { 5.0, 3.0 })]
    [InlineData("5\r3", new[] { 5.0, 3.0 })]
    [InlineData("\uFEFF5\n3", new[] { 5.0, 3.0 })]
    [InlineData("count\n5\n3", new[] { 5.0, 3.0 })]
    [InlineData("class,count\ncat,5\ndog,3", new[] { 5.0, 3.0 })]
    [InlineData("cat,5\ndog,3", new[] { 5.0, 3.0 })]
    [InlineData("\"class\",\"count\"\n\"cat, big\",5\n\"a \"\"dog\"\"\",\"3\"", new[] { 5.0, 3.0 })]
    [InlineData("# comment, with, commas\n\n 5 \n\t\n#x\n3\n\n", new[] { 5.0, 3.0 })]
    [InlineData("id,name,count\n1,cat,5\n2,dog,3", new[] { 5.0, 3.0 })]
    [InlineData("0\n1.5\n2e3\n1E-2", new[] { 0, 1.5, 2000, 0.01 })]
    public void Parse_WellFormed_ReturnsCountsInOrder(string text, double[] expected) =>
        Assert.Equal(expected, ClassCountReader.Parse(text));

    [Theory]
    [InlineData("5\nabc\n3", 2, "abc")]
    [InlineData("5\n\n# c\n-3", 4, "-3")]
    [InlineData("5\nNaN", 2, "NaN")]
    [InlineData("NaN\n5", 1, "NaN")]
    [InlineData("inf\n5", 1, "inf")]
    [InlineData("NA\n5", 1, "NA")]
    [InlineData("5\n1e400", 2, "1e400")]
    [InlineData("5\n1,000", 2, "1,000")]
    [InlineData("1,000\n999", 2, "999")]
    [InlineData("class,count\ncat,", 2, "cat,")]
    [InlineData("class,count\ncat", 2, "cat")]
    [InlineData("12a\n5", 1, "12a")]
    [InlineData("count\ncount\n5", 2, "count")]
    [InlineData("\"cat,5\ndog,3", 1, "\"cat,5")]
    [InlineData("5\n3 4", 2, "3 4")]
    public void Parse_MalformedLine_NamesLineAndContent(string text, int line, string content)
    {
        var error = Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse(text));
        Assert.Equal(line, error.LineNumber);
        Assert.Contains($"line {line}:", error.Message, StringComparison.Ordinal);
        Assert.Contains(content, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n# only a comment\n")]
    [InlineData("class,count\n")]
    public void Parse_NoCounts_SaysSo(string text)
    {
        var error = Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse(text));
        Assert.Null(error.LineNumber);
        Assert.Contains("no counts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ControlCharactersAndLongLines_MessageIsOneShortLine()
    {
        var error = Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse("5\n" + new string('\u0001', 5000)));
        Assert.DoesNotContain('\0', error.Message);
        Assert.True(error.Message.Length < 300);
    }

    [Fact]
    public void Read_StreamWithByteOrderMark_IsReadAndStaysOpen()
    {
        using var stream = new MemoryStream([.. Encoding.UTF8.Preamble, .. "7\n8\n"u8]);
        Assert.Equal([7.0, 8.0], ClassCountReader.Read(stream));
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void Parse_CultureWithDecimalComma_MakesNoDifference()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Equal([1.5], ClassCountReader.Parse("1.5"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
