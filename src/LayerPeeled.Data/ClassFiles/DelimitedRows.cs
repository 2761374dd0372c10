using nietras.SeparatedValues;

namespace LayerPeeled.Data.ClassFiles;

/// <summary>The rows of a table, all of as many columns.</summary>
internal sealed class DelimitedRows : IDisposable
{
    private readonly CleanText text;
    private readonly SepReader reader;
    private int nextLine = 1;

    public DelimitedRows(CleanText text)
    {
        this.text = text;
        reader = Sep.New(text.Layout.Separator).Reader(options => options with
        {
            HasHeader = false,
            DisableColCountCheck = true,
            DisableQuotesParsing = text.Layout.Form != LineForm.Delimited,
            Unescape = text.Layout.Form == LineForm.Delimited,
            Trim = SepTrim.Outer,
        }).From(text);
    }

    /// <summary>Number of the line on which the row begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Columns; 0 before the first row.</summary>
    public int Columns { get; private set; }

    public LineLayout Layout => text.Layout;

    /// <summary>The last comment before the first row, with its sign.</summary>
    public string? Heading => text.Heading;

    /// <summary>A remark on comments that stand between the rows, once they are all read.</summary>
    public string? Remark => text.LateComments == 0 ? null
        : $"{text.LateComments} {(text.LateComments == 1 ? "line that begins" : "lines that begin")} with # behind the first row {(text.LateComments == 1 ? "was" : "were")} skipped as comments.";

    /// <summary>Goes on to the next row.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="ClassCountFormatException">The row has another number of columns than those before it, or a quote is not closed.</exception>
    public bool Next()
    {
        try
        {
            while (reader.MoveNext())
            {
                SepReader.Row row = reader.Current;
                // Not LineNumberFrom, which is one too many in the first row.
                (Line, nextLine) = (nextLine, row.LineNumberToExcl);
                // Empty, or a row of empty cells as spreadsheets write it.
                if (row.Span.Trim().Trim(text.Layout.Separator).IsWhiteSpace())
                {
                    continue;
                }

                if (text.Layout.Form == LineForm.Delimited && row.Span.Count('"') % 2 != 0)
                {
                    throw new ClassCountFormatException(Line, $"{Shown.Quote(row.Span)} has a quote that is not closed.");
                }

                if (Columns != 0 && row.ColCount != Columns)
                {
                    throw new ClassCountFormatException(Line, $"{Quote(row.Span)} has {Count(row.ColCount)}, the lines before it {Count(Columns)}." + Hint(row));
                }

                Columns = row.ColCount;
                return true;
            }

            return false;
        }
        catch (NotSupportedException error)
        {
            throw new ClassCountFormatException(nextLine, "A row is longer than 16 million characters; a quote before it may not be closed.", innerException: error);
        }
    }

    public ReadOnlySpan<char> this[int column] => reader.Current[column].Span.Trim();

    /// <summary>The fields as one text, for messages.</summary>
    public string[] Fields()
    {
        var fields = new string[Columns];
        for (int c = 0; c < fields.Length; c++)
        {
            fields[c] = this[c].ToString();
        }

        return fields;
    }

    public void Dispose() => reader.Dispose();

    // Blanks were made tabs.
    private string Quote(ReadOnlySpan<char> row) => Shown.Quote(text.Layout.Form == LineForm.Delimited ? row : row.ToString().Replace('\t', ' '));

    private string Hint(SepReader.Row row)
    {
        for (int c = 1; text.Layout.Separator == ',' && c < row.ColCount; c++)
        {
            if (NumberText.IsGroup(row[c].Span) && row[c - 1].Span is { Length: > 0 and <= 3 } before && before.IndexOfAnyExceptInRange('0', '9') < 0)
            {
                return $" Is '{row[c - 1].Span},{row[c].Span}' a number with a separator of thousands? Without it, or in quotes, it is read.";
            }
        }

        return "";
    }

    private static string Count(int columns) => columns == 1 ? "1 column" : $"{columns} columns";
}
