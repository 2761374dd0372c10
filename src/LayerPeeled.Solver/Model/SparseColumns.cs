using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Model;

/// <summary>
/// A sparse V×m matrix of finite numbers that are not negative, held by columns (compressed sparse columns): what target distributions and co-occurrence counts of
/// V tokens in m contexts are made of. Rows ascend within a column, no entry occurs twice, and none is zero. Immutable and thread-safe.
/// </summary>
/// <remarks>Memory and time of everything here are O(entries + V + m).</remarks>
public sealed partial class SparseColumns
{
    private readonly int[] starts;
    private readonly int[] rows;
    private readonly double[] values;

    private SparseColumns(int rowCount, int[] starts, int[] rows, double[] values) =>
        (RowCount, this.starts, this.rows, this.values) = (rowCount, starts, rows, values);

    /// <summary>Number of rows V.</summary>
    public int RowCount { get; }

    /// <summary>Number of columns m.</summary>
    public int ColumnCount => starts.Length - 1;

    /// <summary>Number of entries that are not zero.</summary>
    public int NonZeroCount => rows.Length;

    /// <summary>Where each column begins in <see cref="Rows"/> and <see cref="Values"/>, and at the end the number of entries: length m + 1, ascending from 0.</summary>
    public ReadOnlySpan<int> ColumnStarts => starts;

    /// <summary>The row of each entry, from 0, column after column, strictly ascending within each.</summary>
    public ReadOnlySpan<int> Rows => rows;

    /// <summary>The value of each entry, above zero and finite, in the order of <see cref="Rows"/>.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>The rows of the entries of one column, strictly ascending.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public ReadOnlySpan<int> RowsOf(int column)
    {
        RequireColumn(column);
        return rows.AsSpan(starts[column]..starts[column + 1]);
    }

    /// <summary>The values of the entries of one column, in the order of <see cref="RowsOf"/>.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public ReadOnlySpan<double> ValuesOf(int column)
    {
        RequireColumn(column);
        return values.AsSpan(starts[column]..starts[column + 1]);
    }

    /// <summary>The sum of each column, length m, with compensation of rounding errors: off by less than two units of roundoff for up to 10⁷ entries of a column.</summary>
    /// <returns>The sums; ∞ where one is beyond the range of double precision.</returns>
    public double[] ColumnSums()
    {
        var sums = new double[ColumnCount];
        for (int c = 0; c < sums.Length; c++)
        {
            CompensatedSum sum = default;
            foreach (double value in ValuesOf(c))
            {
                sum.Add(value);
            }

            // Beyond the range, compensation is ∞ − ∞.
            sums[c] = double.IsFinite(sum.Value) ? sum.Value : double.PositiveInfinity;
        }

        return sums;
    }

    /// <summary>The transposed matrix, m×V.</summary>
    public SparseColumns Transpose()
    {
        (int[] Starts, int[] Rows, double[] Values) turned = CompressedVectors.Transpose(RowCount, starts, rows, values);
        return new SparseColumns(ColumnCount, turned.Starts, turned.Rows, turned.Values);
    }

    /// <summary>The matrix without its columns of zeros; this one where there are none.</summary>
    /// <param name="kept">The columns that are kept, ascending; its length is the number of columns of the result.</param>
    public SparseColumns WithoutEmptyColumns(out int[] kept)
    {
        kept = [.. Enumerable.Range(0, ColumnCount).Where(c => starts[c] < starts[c + 1])];
        return kept.Length == ColumnCount ? this : new SparseColumns(RowCount, [.. kept.Select(c => starts[c]), NonZeroCount], rows, values);
    }

    private void RequireColumn(int column)
    {
        if ((uint)column >= (uint)ColumnCount)
        {
            throw new ArgumentOutOfRangeException(nameof(column), column, $"There are columns 0 to {ColumnCount - 1}.");
        }
    }
}
