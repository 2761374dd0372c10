using System.Text;
using LayerPeeled.Data.Targets;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Tests.Targets;

public sealed class MatrixMarketTests
{
    [Theory]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 3 2\n1 3 0.5\n2 1 4\n")]
    [InlineData("%%matrixmarket MATRIX Coordinate Double General\r\n%c\r\n\r\n % d\r\n 2  3\t2 \r\n\r\n2 1 4e0\r\n 1 3 .5\r\n\r\n")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 3 4\n1 3 0.25\n2 1 4\n1 2 0\n1 3 0.25")]
    [InlineData("%%MatrixMarket matrix array real general\n2 3\n0\n4\n0\n0\n0.5\n0\n")]
    public void Read_WaysToWriteAMatrix_GiveTheSame(string text)
    {
        SparseColumns values = Read(text);
        Assert.Equal((2, 3, 2), (values.RowCount, values.ColumnCount, values.NonZeroCount));
        Assert.Equal([0, 0, 0.5, 4, 0, 0], TargetReaderTests.InRows(values));
    }

    [Fact]
    public void Read_FieldsOfWholeNumbers_AreRead()
    {
        Assert.Equal([0.0, 1099511627776], TargetReaderTests.InRows(Read("%%MatrixMarket matrix coordinate integer general\n1 2 1\n1 2 1099511627776\n")));
        Assert.Equal([7.0, 0], TargetReaderTests.InRows(Read("%%MatrixMarket matrix coordinate unsigned-integer general\n1 2 1\n1 1 7\n")));
    }

    [Fact]
    public void Read_MostlyEmptyMatrix_IsReadUpToALimit()
    {
        Assert.Equal(1, Read("%%MatrixMarket matrix coordinate real general\n16777216 16777216 1\n16777216 16777216 1\n").RowsOf(16777215).Length);
        Assert.Throws<TargetFormatException>(() => Read("%%MatrixMarket matrix coordinate real general\n1 16777217 1\n1 1 1\n"));
    }

    [Theory]
    [InlineData("%%MatrixMarket tensor coordinate real general\n1 1 1\n1 1 1\n", 1, "not the first line")]
    [InlineData("%%MatrixMarket matrix coordinate real\n1 1 1\n1 1 1\n", 1, "not the first line")]
    [InlineData("%%MatrixMarket matrix coordinate complex general\n1 1 1\n1 1 1 1\n", 1, "'complex' is none of real, integer, pattern")]
    [InlineData("%%MatrixMarket matrix coordinate real skew-symmetric\n1 1 1\n1 1 1\n", 1, "'skew-symmetric' is neither")]
    [InlineData("%%MatrixMarket matrix array pattern general\n1 1\n1\n", 1, "'pattern' is none of real, integer, double")]
    [InlineData("%%MatrixMarket matrix list real general\n1 1\n1\n", 1, "'list' is neither coordinate nor array")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n% only this\n", null, "ends before the line with the numbers")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2\n1 1 1\n", 2, "does not give the numbers of rows, columns and entries")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1 1\n1 1 1\n", 2, "more than the numbers")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 -2 1\n1 1 1\n", 2, "'2 -2 1' does not give")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n99999999999999999999 2 1\n1 1 1\n", 2, "each up to 2147483647")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2147483648 2 1\n1 1 1\n", 2, "each up to 2147483647")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2147483647 2 1\n1 1 1\n", 2, "rows and columns up to")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2147483000 2147483000 2147483000\n1 1 1\n", 3, "ends after 1 of the 2147483000 entries")]
    [InlineData("%%MatrixMarket matrix array real general\n2147483647 2147483647\n1\n", 2, "at most 2147483591 entries")]
    [InlineData("%%MatrixMarket matrix array real general\n2000000000 1\n1\n", 3, "ends after 1 of the 2000000000 entries")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n0 2 0\n", 2, "needs at least one token")]
    [InlineData("%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n1 1 1\n", 2, "not square")]
    [InlineData("%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 2 1\n", 3, "above the diagonal")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 1\n", 3, "ends after 1 of the 2 entries")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1\n\n2 2 1\n", 5, "'2 2 1' comes after the 1 entries")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n3 1 1\n", 3, "row '3'; a number from 1 to 2")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 0 1\n", 3, "column '0'; a number from 1 to 2")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1\n", 3, "value ''")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 nan\n", 3, "value 'nan'; a finite number that is not negative")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1e400\n", 3, "value '1e400'")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 -1\n", 3, "value '-1'")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1 0\n", 3, "more than a row, a column and a value")]
    [InlineData("%%MatrixMarket matrix coordinate pattern general\n2 2 1\n1 1 1\n", 3, "more than a row and a column")]
    [InlineData("%%MatrixMarket matrix coordinate integer general\n2 2 1\n1 1 1.5\n", 3, "value '1.5'; a whole number")]
    [InlineData("%%MatrixMarket matrix array real general\n1 2\n1\n1 1\n", 4, "more than one number")]
    [InlineData("%%MatrixMarket matrix array real general\n1 2\n1\n1\n1\n", 5, "comes after the 2 entries")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 1e308\n1 1 1e308\n", null, "The entries at (0, 0) add up")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 \0 1\n", 3, "zero byte")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 0\n", null, "All values are zero")]
    public void Read_FilesThatAreWrong_AreRefusedWithTheLine(string text, int? line, string message)
    {
        TargetFormatException error = Assert.Throws<TargetFormatException>(() => Read(text));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.LineNumber);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.1)]
    [InlineData(1e17)]
    public void Write_AnyMatrix_ReadsBackAsTheSame(double unit)
    {
        var random = new Random(3);
        SparseColumns values = SparseColumns.FromTriplets(
            50, 40, Enumerable.Range(0, 300).Select(_ => (random.Next(50), random.Next(40), unit * Math.Floor(Math.Exp(10 * random.NextDouble())))));
        using var stream = new MemoryStream();
        MatrixMarketWriter.Write(stream, values, "one line\r\nand another");
        string text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.StartsWith(
            $"%%MatrixMarket matrix coordinate {(unit == 1 ? "integer" : "real")} general\n% one line\n% and another\n50 40 {values.NonZeroCount}\n", text, StringComparison.Ordinal);
        SparseColumns back = Read(text);
        Assert.Equal((50, 40), (back.RowCount, back.ColumnCount));
        Assert.Equal(values.ColumnStarts.ToArray(), back.ColumnStarts.ToArray());
        Assert.Equal(values.Rows.ToArray(), back.Rows.ToArray());
        Assert.Equal(values.Values.ToArray(), back.Values.ToArray());
    }

    private static SparseColumns Read(string text) => TargetReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text))).Values;
}
