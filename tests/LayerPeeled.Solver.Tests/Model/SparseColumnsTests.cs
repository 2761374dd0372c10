using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Model;

public sealed class SparseColumnsTests
{
    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(7, 5, 12)]
    [InlineData(5, 7, 0)]
    [InlineData(40, 3, 400)]
    [InlineData(3, 40, 400)]
    public void EveryFactory_RandomEntries_AgreesWithTheDenseSum(int rows, int columns, int entries)
    {
        var random = new Random((rows * 1000) + entries);
        // Multiples of 1/8 add up without rounding; one in five is zero.
        (int Row, int Column, double Value)[] triplets =
            [.. Enumerable.Range(0, entries).Select(_ => (random.Next(rows), random.Next(columns), Math.Max(0, random.Next(-20, 80) / 8.0)))];
        var dense = new double[rows * columns];
        foreach ((int row, int column, double value) in triplets)
        {
            dense[row + (column * rows)] += value;
        }

        SparseColumns expected = SparseColumns.FromDense(rows, columns, dense);
        Assert.Equal(dense, Dense(expected));
        AssertCanonical(expected);

        AssertSame(expected, SparseColumns.FromTriplets(rows, columns, triplets));
        (int[] starts, int[] indices, double[] values) byColumn = Compressed(triplets, columns, t => t.Column, t => t.Row);
        AssertSame(expected, SparseColumns.FromCompressedColumns(rows, columns, byColumn.starts, byColumn.indices, byColumn.values));
        AssertSame(expected, SparseColumns.FromCompressedColumns(rows, columns, expected.ColumnStarts, expected.Rows, expected.Values));
        (int[] starts, int[] indices, double[] values) byRow = Compressed(triplets, rows, t => t.Row, t => t.Column);
        AssertSame(expected, SparseColumns.FromCompressedRows(rows, columns, byRow.starts, byRow.indices, byRow.values));
        Matrix<double> matrix = Matrix<double>.Build.Dense(rows, columns, dense);
        AssertSame(expected, SparseColumns.FromDense(matrix));
        AssertSame(expected, SparseColumns.FromDense(Matrix<double>.Build.SparseOfMatrix(matrix)));
    }

    [Fact]
    public void Transpose_AnyMatrix_IsThatOfTheDenseOneAndItsOwnInverse()
    {
        Matrix<double> matrix = Matrix<double>.Build.Dense(6, 4, (i, j) => ((i * 7) + (j * 3)) % 5 < 2 ? i + j + 1 : 0);
        SparseColumns columns = SparseColumns.FromDense(matrix), turned = columns.Transpose();
        AssertSame(SparseColumns.FromDense(matrix.Transpose()), turned);
        AssertSame(columns, turned.Transpose());
    }

    [Fact]
    public void RowsOf_EachColumn_IsItsPartOfTheWhole()
    {
        SparseColumns columns = SparseColumns.FromTriplets(4, 3, [(3, 2, 5), (0, 0, 1), (2, 0, 2), (2, 2, 0)]);
        Assert.Equal([0, 2], columns.RowsOf(0).ToArray());
        Assert.Equal([1.0, 2], columns.ValuesOf(0).ToArray());
        Assert.True(columns.RowsOf(1).IsEmpty && columns.ValuesOf(1).IsEmpty);
        Assert.Equal([3], columns.RowsOf(2).ToArray());
        Assert.Equal([5.0], columns.ValuesOf(2).ToArray());
        Assert.Equal("column", Assert.Throws<ArgumentOutOfRangeException>(() => columns.RowsOf(3).Length).ParamName);
        Assert.Equal("column", Assert.Throws<ArgumentOutOfRangeException>(() => columns.ValuesOf(-1).Length).ParamName);
    }

    [Fact]
    public void ColumnSums_TermsThatPlainSummationLoses_AreRoundedOnce()
    {
        // 2⁵³ + 1 + 1 + … : each single 1 is lost by a plain sum.
        double large = Math.ScaleB(1, 53);
        SparseColumns columns = SparseColumns.FromDense(5, 2, [large, 1, 1, 1, 1, 0, 0.5, 0, 0.25, 0]);
        Assert.Equal([large + 4, 0.75], columns.ColumnSums());
        Assert.Equal([double.PositiveInfinity, 0], SparseColumns.FromDense(3, 2, [1e308, 1e308, 1e308, 0, 0, 0]).ColumnSums());
    }

    [Fact]
    public void WithoutEmptyColumns_SomeEmpty_KeepsTheOthersInOrder()
    {
        SparseColumns columns = SparseColumns.FromTriplets(3, 6, [(0, 4, 1), (2, 4, 2), (1, 1, 3), (0, 5, 0)]);
        SparseColumns kept = columns.WithoutEmptyColumns(out int[] places);
        Assert.Equal([1, 4], places);
        AssertSame(SparseColumns.FromTriplets(3, 2, [(1, 0, 3), (0, 1, 1), (2, 1, 2)]), kept);
        Assert.Same(kept, kept.WithoutEmptyColumns(out places));
        Assert.Equal([0, 1], places);
        Assert.Equal((3, 0), (SparseColumns.FromTriplets(3, 2, []).WithoutEmptyColumns(out places).RowCount, places.Length));
    }

    [Fact]
    public void FromTriplets_AMillionEntriesInAMillionRowsAndColumns_AreAllThere()
    {
        const int Size = 1_000_003;
        SparseColumns columns = SparseColumns.FromTriplets(Size, Size, Enumerable.Range(0, Size).Select(i => ((int)(i * 7919L % Size), (int)(i * 104729L % Size), i + 1.0)));
        AssertCanonical(columns);
        Assert.Equal(Size, columns.NonZeroCount);
        Assert.All(new[] { 0, 1, 500_000, Size - 1 }, i =>
            Assert.Equal((i * 7919L % Size, i + 1.0), (columns.RowsOf((int)(i * 104729L % Size))[0], columns.ValuesOf((int)(i * 104729L % Size))[0])));
    }

    [Fact]
    public void Factories_ArraysOverwrittenLater_KeepTheirOwn()
    {
        int[] starts = [0, 1, 2], rows = [0, 1];
        double[] values = [1, 2];
        SparseColumns columns = SparseColumns.FromCompressedColumns(2, 2, starts, rows, values);
        (starts[1], rows[0], values[0]) = (2, 1, 9);
        Assert.Equal([1, 0, 0, 2], Dense(columns));
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void EveryFactory_ValueThatIsNoFiniteNumberFromZero_IsNamedWithItsPlace(double bad)
    {
        Action[] calls =
        [
            () => SparseColumns.FromTriplets(3, 2, [(0, 0, 1), (2, 1, bad)]),
            () => SparseColumns.FromDense(3, 2, [1, 0, 0, 0, 0, bad]),
            () => SparseColumns.FromDense(Matrix<double>.Build.Dense(3, 2, [1, 0, 0, 0, 0, bad])),
            () => SparseColumns.FromCompressedColumns(3, 2, [0, 1, 2], [0, 2], [1, bad]),
            () => SparseColumns.FromCompressedRows(3, 2, [0, 1, 1, 2], [0, 1], [1, bad]),
        ];
        Assert.All(calls, call =>
        {
            ArgumentException error = Assert.Throws<ArgumentException>(call);
            Assert.Contains($"at (2, 1) is {bad}", error.Message, StringComparison.Ordinal);
            Assert.NotNull(error.ParamName);
        });
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 2)]
    [InlineData(0, -1)]
    public void FromTriplets_PlaceOutsideOfTheMatrix_IsNamed(int row, int column)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => SparseColumns.FromTriplets(3, 2, [(0, 0, 1), (row, column, 1)]));
        Assert.Equal("entries", error.ParamName);
        Assert.Contains($"Entry 1 is at ({row}, {column})", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromCompressed_StartsOrIndicesThatDoNotFit_AreNamed()
    {
        AssertNamed("starts", "3 starts from 0 to the number of entries, 2; got 2 from 0 to 2", () => SparseColumns.FromCompressedColumns(3, 2, [0, 2], [0, 1], [1, 1]));
        AssertNamed("starts", "got 0", () => SparseColumns.FromCompressedColumns(3, 2, [], [0, 1], [1, 1]));
        AssertNamed("starts", "got 3 from 1 to 2", () => SparseColumns.FromCompressedColumns(3, 2, [1, 2, 2], [0, 1], [1, 1]));
        AssertNamed("starts", "from 0 to 3", () => SparseColumns.FromCompressedColumns(3, 2, [0, 2, 3], [0, 1], [1, 1]));
        AssertNamed("starts", "Start 2 is 1, below the one before it, 3", () => SparseColumns.FromCompressedColumns(3, 3, [0, 3, 1, 2], [0, 1], [1, 1]));
        AssertNamed("values", "2 indices, got 1", () => SparseColumns.FromCompressedColumns(3, 2, [0, 1, 2], [0, 1], [1]));
        AssertNamed("rowIndices", "row of entry 1 is 3; it must be from 0 to 2", () => SparseColumns.FromCompressedColumns(3, 2, [0, 1, 2], [0, 3], [1, 1]));
        AssertNamed("columnIndices", "column of entry 0 is -1", () => SparseColumns.FromCompressedRows(2, 3, [0, 1, 2], [-1, 2], [1, 1]));
        AssertNamed("rows", "-1", () => SparseColumns.FromCompressedRows(-1, 3, [], [], []));
        AssertNamed("columns", "-3", () => SparseColumns.FromTriplets(1, -3, []));
        AssertNamed("columnMajor", "has 6 numbers, got 5", () => SparseColumns.FromDense(3, 2, new double[5]));
    }

    [Fact]
    public void FromTriplets_EntriesThatOverflowTogether_AreNamed() =>
        AssertNamed("entries", "The entries at (1, 2) add up", () => SparseColumns.FromTriplets(3, 4, [(0, 0, 1), (1, 2, 1e308), (1, 2, 1e308), (2, 2, 1)]));

    private static void AssertNamed(string name, string message, Action call)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(call);
        Assert.Equal(name, error.ParamName);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(SparseColumns expected, SparseColumns actual)
    {
        AssertCanonical(actual);
        Assert.Equal((expected.RowCount, expected.ColumnCount), (actual.RowCount, actual.ColumnCount));
        Assert.Equal(expected.ColumnStarts.ToArray(), actual.ColumnStarts.ToArray());
        Assert.Equal(expected.Rows.ToArray(), actual.Rows.ToArray());
        Assert.Equal(expected.Values.ToArray(), actual.Values.ToArray());
    }

    private static void AssertCanonical(SparseColumns columns)
    {
        Assert.Equal((0, columns.NonZeroCount), (columns.ColumnStarts[0], columns.ColumnStarts[^1]));
        Assert.Equal(columns.ColumnCount + 1, columns.ColumnStarts.Length);
        Assert.Equal(columns.NonZeroCount, columns.Values.Length);
        bool ascends = true;
        for (int c = 0; c < columns.ColumnCount; c++)
        {
            ReadOnlySpan<int> rows = columns.RowsOf(c);
            for (int e = 0; e < rows.Length; e++)
            {
                ascends &= rows[e] > (e == 0 ? -1 : rows[e - 1]) && rows[e] < columns.RowCount && columns.ValuesOf(c)[e] > 0;
            }
        }

        Assert.True(ascends);
    }

    private static double[] Dense(SparseColumns columns)
    {
        var dense = new double[columns.RowCount * columns.ColumnCount];
        for (int c = 0; c < columns.ColumnCount; c++)
        {
            for (int e = 0; e < columns.RowsOf(c).Length; e++)
            {
                dense[columns.RowsOf(c)[e] + (c * columns.RowCount)] = columns.ValuesOf(c)[e];
            }
        }

        return dense;
    }

    // Vector after vector, in the order of the triplets within each.
    private static (int[] Starts, int[] Indices, double[] Values) Compressed(
        (int Row, int Column, double Value)[] triplets, int vectors, Func<(int Row, int Column, double Value), int> vector, Func<(int Row, int Column, double Value), int> index)
    {
        var ordered = triplets.OrderBy(vector).ToArray();
        int[] starts = [.. Enumerable.Range(0, vectors + 1).Select(v => ordered.Count(t => vector(t) < v))];
        return (starts, [.. ordered.Select(index)], [.. ordered.Select(t => t.Value)]);
    }
}
