using System.Runtime.InteropServices;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Model;

/// <content>The ways in.</content>
public sealed partial class SparseColumns
{
    /// <summary>A matrix from its entries in any order; entries of the same place add up, zeros are dropped.</summary>
    /// <param name="rows">Number of rows V, not negative.</param>
    /// <param name="columns">Number of columns m, not negative.</param>
    /// <param name="entries">Row from 0, column from 0, and a finite value that is not negative.</param>
    /// <exception cref="ArgumentException">An argument is out of its range; the message names it, its value and what is allowed.</exception>
    public static SparseColumns FromTriplets(int rows, int columns, IEnumerable<(int Row, int Column, double Value)> entries)
    {
        RequireSize(rows, nameof(rows));
        RequireSize(columns, nameof(columns));
        ArgumentNullException.ThrowIfNull(entries);
        int expected = entries.TryGetNonEnumeratedCount(out int count) ? count : 0;
        List<int> rowOf = new(expected), columnOf = new(expected);
        var valueOf = new List<double>(expected);
        foreach ((int row, int column, double value) in entries)
        {
            if ((uint)row >= (uint)rows || (uint)column >= (uint)columns)
            {
                throw new ArgumentException($"Entry {rowOf.Count} is at ({row}, {column}), outside of {rows} rows and {columns} columns counted from 0.", nameof(entries));
            }

            RequireValue(value, row, column, nameof(entries));
            if (rowOf.Count == Array.MaxLength)
            {
                throw new ArgumentException($"There are more than {Array.MaxLength} entries.", nameof(entries));
            }

            rowOf.Add(row);
            columnOf.Add(column);
            valueOf.Add(value);
        }

        // By rows, then by columns: both sorts keep the order of equals.
        ReadOnlySpan<int> rowSpan = CollectionsMarshal.AsSpan(rowOf), columnSpan = CollectionsMarshal.AsSpan(columnOf);
        ReadOnlySpan<double> valueSpan = CollectionsMarshal.AsSpan(valueOf);
        int[] starts = CompressedVectors.Starts(rowSpan, rows), next = starts[..^1];
        var byRow = (Columns: new int[rowSpan.Length], Values: new double[rowSpan.Length]);
        for (int e = 0; e < rowSpan.Length; e++)
        {
            int place = next[rowSpan[e]]++;
            (byRow.Columns[place], byRow.Values[place]) = (columnSpan[e], valueSpan[e]);
        }

        return OfSorted(rows, CompressedVectors.Transpose(columns, starts, byRow.Columns, byRow.Values), nameof(entries));
    }

    /// <summary>A matrix from an array of all its numbers; zeros are dropped.</summary>
    /// <param name="rows">Number of rows V, not negative.</param>
    /// <param name="columns">Number of columns m, not negative.</param>
    /// <param name="columnMajor">The numbers, column after column: V·m of them, finite and not negative.</param>
    /// <exception cref="ArgumentException">An argument is out of its range; the message names it, its value and what is allowed.</exception>
    public static SparseColumns FromDense(int rows, int columns, ReadOnlySpan<double> columnMajor)
    {
        RequireSize(rows, nameof(rows));
        RequireSize(columns, nameof(columns));
        if (columnMajor.Length != (long)rows * columns)
        {
            throw new ArgumentException($"A {rows}×{columns} matrix has {(long)rows * columns} numbers, got {columnMajor.Length}.", nameof(columnMajor));
        }

        for (int i = 0; i < columnMajor.Length; i++)
        {
            RequireValue(columnMajor[i], i % rows, i / rows, nameof(columnMajor));
        }

        int count = columnMajor.Length - MemoryExtensions.Count(columnMajor, 0);
        var starts = new int[columns + 1];
        var rowOf = new int[count];
        var valueOf = new double[count];
        int e = 0;
        for (int c = 0; c < columns; c++)
        {
            for (int r = 0; r < rows; r++)
            {
                double value = columnMajor[r + (c * rows)];
                if (value > 0)
                {
                    (rowOf[e], valueOf[e]) = (r, value);
                    e++;
                }
            }

            starts[c + 1] = e;
        }

        return new SparseColumns(rows, starts, rowOf, valueOf);
    }

    /// <summary>A matrix from one of Math.NET; zeros are dropped, sparse storage is never filled.</summary>
    /// <param name="matrix">V×m numbers, finite and not negative.</param>
    /// <exception cref="ArgumentException">A number is out of its range; the message names its place and value and what is allowed.</exception>
    public static SparseColumns FromDense(Matrix<double> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.AsColumnMajorArray() is { } numbers
            ? FromDense(matrix.RowCount, matrix.ColumnCount, numbers)
            : FromTriplets(matrix.RowCount, matrix.ColumnCount, matrix.EnumerateIndexed(Zeros.AllowSkip));
    }

    /// <summary>
    /// A matrix from compressed sparse columns (SciPy's <c>csc</c>): the entries of column c are those from <c>starts[c]</c> to before <c>starts[c + 1]</c>.
    /// They may be in any order; those of the same place add up, zeros are dropped.
    /// </summary>
    /// <param name="rows">Number of rows V, not negative.</param>
    /// <param name="columns">Number of columns m, not negative.</param>
    /// <param name="starts">m + 1 numbers, from 0 to the number of entries, none below the one before.</param>
    /// <param name="rowIndices">The row of each entry, from 0.</param>
    /// <param name="values">The value of each entry, finite and not negative.</param>
    /// <exception cref="ArgumentException">An argument is out of its range; the message names it, its value and what is allowed.</exception>
    public static SparseColumns FromCompressedColumns(
        int rows, int columns, ReadOnlySpan<int> starts, ReadOnlySpan<int> rowIndices, ReadOnlySpan<double> values)
    {
        RequireSize(rows, nameof(rows));
        RequireSize(columns, nameof(columns));
        RequireCompressed(columns, rows, starts, rowIndices, values, "row", nameof(rowIndices));
        if (CompressedVectors.IsCanonical(starts, rowIndices, values))
        {
            return new SparseColumns(rows, starts.ToArray(), rowIndices.ToArray(), values.ToArray());
        }

        (int[] Starts, int[] Columns, double[] Values) byRow = CompressedVectors.Transpose(rows, starts, rowIndices, values);
        return OfSorted(rows, CompressedVectors.Transpose(columns, byRow.Starts, byRow.Columns, byRow.Values), nameof(values));
    }

    /// <summary>
    /// A matrix from compressed sparse rows (SciPy's <c>csr</c>): the entries of row r are those from <c>starts[r]</c> to before <c>starts[r + 1]</c>.
    /// They may be in any order; those of the same place add up, zeros are dropped.
    /// </summary>
    /// <param name="rows">Number of rows V, not negative.</param>
    /// <param name="columns">Number of columns m, not negative.</param>
    /// <param name="starts">V + 1 numbers, from 0 to the number of entries, none below the one before.</param>
    /// <param name="columnIndices">The column of each entry, from 0.</param>
    /// <param name="values">The value of each entry, finite and not negative.</param>
    /// <exception cref="ArgumentException">An argument is out of its range; the message names it, its value and what is allowed.</exception>
    public static SparseColumns FromCompressedRows(
        int rows, int columns, ReadOnlySpan<int> starts, ReadOnlySpan<int> columnIndices, ReadOnlySpan<double> values)
    {
        RequireSize(rows, nameof(rows));
        RequireSize(columns, nameof(columns));
        RequireCompressed(rows, columns, starts, columnIndices, values, "column", nameof(columnIndices));
        return OfSorted(rows, CompressedVectors.Transpose(columns, starts, columnIndices, values), nameof(values));
    }

    // Rows ascend within each column, with equals next to each other. The arrays become the matrix's own.
    private static SparseColumns OfSorted(int rowCount, (int[] Starts, int[] Rows, double[] Values) entries, string name)
    {
        (int[] starts, int[] rows, double[] values) = entries;
        int count = CompressedVectors.Compact(starts, rows, values);
        Array.Resize(ref rows, count);
        Array.Resize(ref values, count);
        int infinite = Array.IndexOf(values, double.PositiveInfinity);
        if (infinite < 0)
        {
            return new SparseColumns(rowCount, starts, rows, values);
        }

        int column = Array.FindIndex(starts, start => start > infinite) - 1;
        throw new ArgumentException($"The entries at ({rows[infinite]}, {column}) add up to more than the largest number of double precision.", name);
    }

    private static void RequireCompressed(
        int vectors, int indexCount, ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<double> values, string what, string indicesName)
    {
        if (starts.Length != vectors + 1L || starts[0] != 0 || starts[^1] != indices.Length)
        {
            throw new ArgumentException(
                $"There must be {vectors + 1L} starts from 0 to the number of entries, {indices.Length}; got {starts.Length}"
                + (starts.IsEmpty ? "." : $" from {starts[0]} to {starts[^1]}."), nameof(starts));
        }

        if (values.Length != indices.Length)
        {
            throw new ArgumentException($"There must be one value for each of the {indices.Length} indices, got {values.Length}.", nameof(values));
        }

        for (int v = 0; v < vectors; v++)
        {
            if (starts[v + 1] < starts[v])
            {
                throw new ArgumentException($"Start {v + 1} is {starts[v + 1]}, below the one before it, {starts[v]}.", nameof(starts));
            }
        }

        for (int v = 0; v < vectors; v++)
        {
            for (int e = starts[v]; e < starts[v + 1]; e++)
            {
                if ((uint)indices[e] >= (uint)indexCount)
                {
                    throw new ArgumentException($"The {what} of entry {e} is {indices[e]}; it must be from 0 to {indexCount - 1}.", indicesName);
                }

                (int row, int column) = what == "row" ? (indices[e], v) : (v, indices[e]);
                RequireValue(values[e], row, column, nameof(values));
            }
        }
    }

    private static void RequireSize(int value, string name)
    {
        if (value < 0 || value >= Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(name, value, $"It must be from 0 to {Array.MaxLength - 1}.");
        }
    }

    private static void RequireValue(double value, int row, int column, string name)
    {
        if (!(value >= 0) || double.IsInfinity(value))
        {
            throw new ArgumentException($"The entry at ({row}, {column}) is {value}; it must be a finite number that is not negative.", name);
        }
    }
}
