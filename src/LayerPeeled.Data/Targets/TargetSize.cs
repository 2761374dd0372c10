using System.Globalization;

namespace LayerPeeled.Data.Targets;

/// <summary>Numbers of rows and columns that a file states.</summary>
internal static class TargetSize
{
    // A matrix keeps four bytes for every row and column, whether they have entries or not.
    private const int Free = 1 << 24;
    private const int MostForAnEntry = 16;

    /// <summary>Throws unless the sizes are those of a matrix that is not mostly empty: memory must not follow from what a file merely states.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="entries">Number of entries; of a dense matrix, whose zeros are dropped, at most as many as an array holds.</param>
    /// <param name="line">The line that states them, if one does.</param>
    public static (int Rows, int Columns) Require(long rows, long columns, long entries, int? line = null)
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"{rows}×{columns}");
        if (rows < 1 || columns < 1 || entries < 1)
        {
            throw new TargetFormatException($"The matrix is {size} with {entries} entries; it needs at least one token, one context and one entry.", line);
        }

        long most = Math.Max(Free, MostForAnEntry * Math.Min(entries, Array.MaxLength));
        return Math.Max(rows, columns) <= Math.Min(most, Array.MaxLength - 1) && entries <= Array.MaxLength ? ((int)rows, (int)columns)
            : throw new TargetFormatException(
                $"The matrix is {size} with {entries} entries; at most {Array.MaxLength} entries are possible, and rows and columns up to {Free} or {MostForAnEntry} for an entry.", line);
    }
}
