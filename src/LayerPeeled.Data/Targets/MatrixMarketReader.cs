using System.Globalization;
using LayerPeeled.Data.ClassFiles;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Targets;

/// <summary>
/// Reads Matrix Market files (R. F. Boisvert, R. Pozo and K. A. Remington, The Matrix Market Exchange Formats, NISTIR 5935, 1996) line by line, so that memory is
/// that of the entries that are there.
/// </summary>
internal sealed class MatrixMarketReader
{
    private readonly LineReader lines;
    private readonly MatrixMarketHeader header;
    private readonly int rows, columns;
    private readonly long count;

    private MatrixMarketReader(TextReader text)
    {
        lines = new LineReader(text);
        lines.TryRead(out ReadOnlySpan<char> line);
        header = MatrixMarketHeader.Parse(line);
        do
        {
            if (!lines.TryRead(out line))
            {
                throw new TargetFormatException("The file ends before the line with the numbers of rows and columns.");
            }
        }
        while (line.IsWhiteSpace() || line.TrimStart()[0] == '%');

        ReadOnlySpan<char> rest = line;
        string expected = header.IsArray ? "rows and columns" : "rows, columns and entries";
        long r = Size(ref rest, line, expected), c = Size(ref rest, line, expected);
        if (header.IsSymmetric && r != c)
        {
            throw Fault(line, "are the sizes of a matrix that is not square and cannot be symmetric");
        }

        // Stored below the diagonal: c·(c + 1)/2.
        count = !header.IsArray ? Size(ref rest, line, expected) : header.IsSymmetric ? c * (c + 1) / 2 : r * c;
        if (!rest.IsWhiteSpace())
        {
            throw Fault(line, $"has more than the numbers of {expected}");
        }

        (rows, columns) = TargetSize.Require(r, c, header.IsArray ? Math.Min(count, Array.MaxLength) : count, lines.Number);
    }

    public static SparseColumns Read(TextReader text)
    {
        var reader = new MatrixMarketReader(text);
        return TargetFormatException.Build(() => SparseColumns.FromTriplets(reader.rows, reader.columns, reader.Entries()));
    }

    private IEnumerable<(int Row, int Column, double Value)> Entries()
    {
        (int row, int column) = (-1, 0);
        for (long done = 0; done < count; done++)
        {
            double value;
            if (header.IsArray)
            {
                // Column after column, from the diagonal down where the matrix is symmetric.
                (row, column) = row + 1 < rows ? (row + 1, column) : (header.IsSymmetric ? column + 1 : 0, column + 1);
                value = Number(done);
            }
            else
            {
                (row, column, value) = Coordinate(done);
            }

            if (value != 0)
            {
                yield return (row, column, value);
                if (header.IsSymmetric && row != column)
                {
                    yield return (column, row, value);
                }
            }
        }

        if (NextLine(out ReadOnlySpan<char> line))
        {
            throw Fault(line, $"comes after the {count} entries that the file states");
        }
    }

    private double Number(long done)
    {
        ReadOnlySpan<char> line = EntryLine(done), rest = line;
        double value = Value(Word(ref rest), line);
        return rest.IsWhiteSpace() ? value : throw Fault(line, "has more than one number");
    }

    private (int Row, int Column, double Value) Coordinate(long done)
    {
        ReadOnlySpan<char> line = EntryLine(done), rest = line;
        int row = Index(Word(ref rest), rows, "row", line), column = Index(Word(ref rest), columns, "column", line);
        double value = header.IsPattern ? 1 : Value(Word(ref rest), line);
        if (!rest.IsWhiteSpace())
        {
            throw Fault(line, header.IsPattern ? "has more than a row and a column" : "has more than a row, a column and a value");
        }

        return header.IsSymmetric && row < column ? throw Fault(line, "is above the diagonal, where a symmetric file has no entries") : (row, column, value);
    }

    private ReadOnlySpan<char> EntryLine(long done) => NextLine(out ReadOnlySpan<char> line) ? line
        : throw new TargetFormatException($"The file ends after {done} of the {count} entries that it states.", lines.Number);

    private bool NextLine(out ReadOnlySpan<char> line)
    {
        bool isThere;
        while ((isThere = lines.TryRead(out line)) && line.IsWhiteSpace())
        {
        }

        return isThere;
    }

    private double Value(ReadOnlySpan<char> word, ReadOnlySpan<char> line)
    {
        bool isNumber = NumberText.TryPlain(word, out double value) && (!header.IsInteger || value == Math.Floor(value));
        return isNumber && value >= 0 && double.IsFinite(value) ? value
            : throw Fault(line, $"has the value {Shown.Quote(word)}; a {(header.IsInteger ? "whole" : "finite")} number that is not negative is expected");
    }

    private int Index(ReadOnlySpan<char> word, int size, string what, ReadOnlySpan<char> line) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index >= 1 && index <= size ? index - 1
            : throw Fault(line, $"has the {what} {Shown.Quote(word)}; a number from 1 to {size} is expected");

    private long Size(ref ReadOnlySpan<char> rest, ReadOnlySpan<char> line, string expected) =>
        long.TryParse(Word(ref rest), NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size <= int.MaxValue ? size
            : throw Fault(line, $"does not give the numbers of {expected}, each up to {int.MaxValue}");

    private static ReadOnlySpan<char> Word(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        int length = 0;
        while (length < rest.Length && !char.IsWhiteSpace(rest[length]))
        {
            length++;
        }

        ReadOnlySpan<char> word = rest[..length];
        rest = rest[length..];
        return word;
    }

    private TargetFormatException Fault(ReadOnlySpan<char> line, string message) => new($"{Shown.Quote(line)} {message}.", lines.Number);
}
