using System.Globalization;
using System.Text;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Targets;

/// <summary>
/// Writes sparse matrices as Matrix Market files (coordinate format), which SciPy (<c>scipy.io.mmread</c>), R, Julia and MATLAB read. Equal matrices give equal bytes.
/// </summary>
public static class MatrixMarketWriter
{
    // Whole numbers up to here are written without an exponent.
    private const double LargestInteger = 1L << 53;

    /// <summary>Writes a matrix: as integers where all values are whole, else with as many digits as give the same numbers back.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="matrix">The matrix.</param>
    /// <param name="comment">Lines of text above the numbers, if any.</param>
    public static void Write(Stream stream, SparseColumns matrix, string? comment = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(matrix);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        bool isInteger = true;
        foreach (double value in matrix.Values)
        {
            isInteger &= value <= LargestInteger && value == Math.Floor(value);
        }

        writer.WriteLine($"%%MatrixMarket matrix coordinate {(isInteger ? "integer" : "real")} general");
        foreach (string line in comment is null ? [] : comment.ReplaceLineEndings("\n").Split('\n'))
        {
            writer.WriteLine($"% {line}");
        }

        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{matrix.RowCount} {matrix.ColumnCount} {matrix.NonZeroCount}"));
        Span<char> text = stackalloc char[64];
        for (int c = 0; c < matrix.ColumnCount; c++)
        {
            ReadOnlySpan<int> rows = matrix.RowsOf(c);
            ReadOnlySpan<double> values = matrix.ValuesOf(c);
            for (int e = 0; e < rows.Length; e++)
            {
                bool _ = isInteger
                    ? text.TryWrite(CultureInfo.InvariantCulture, $"{rows[e] + 1L} {c + 1L} {(long)values[e]}\n", out int length)
                    : text.TryWrite(CultureInfo.InvariantCulture, $"{rows[e] + 1L} {c + 1L} {values[e]}\n", out length);
                writer.Write(text[..length]);
            }
        }
    }
}
