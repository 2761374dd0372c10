namespace LayerPeeled.Data.ClassFiles;

/// <summary>The fields of a table as text, column by column; the first row may be headings.</summary>
internal sealed class Table
{
    private const int MostRows = 1 << 24;
    private const long MostFields = 1L << 27;

    /// <summary>The fields of each column.</summary>
    public required List<string>[] Columns { get; init; }

    /// <summary>The line of each row; null where rows are no lines.</summary>
    public required List<int>? Lines { get; init; }

    /// <summary>The headings, once they are told from the rows.</summary>
    public string[]? Headings { get; set; }

    /// <summary>Headings that stand in a comment above the rows, if they may be.</summary>
    public string[]? Commented { get; init; }

    /// <summary>Whether a comment stands above the rows.</summary>
    public bool HasComments { get; init; }

    /// <summary>The separator.</summary>
    public required char Separator { get; init; }

    /// <summary>Whether blanks of any number stand in the file for each separator.</summary>
    public bool HasBlanks { get; init; }

    /// <summary>Whether commas separate the columns, so that one in a number stands in quotes.</summary>
    public bool UsesComma => Separator == ',' && Columns.Length > 1;

    /// <summary>Whether a separator was taken in the place of the comma, as is usual where that is the decimal sign.</summary>
    public bool UsesOtherSeparator => Separator != ',' && Columns.Length > 1;

    /// <summary>Remarks on the reading.</summary>
    public List<string> Notes { get; } = [];

    public int Rows => Columns.Length > 0 ? Columns[0].Count : 0;

    /// <summary>The line of a row, if it has one.</summary>
    public int? Line(int row) => Lines?[row];

    /// <summary>The place of a row for people.</summary>
    public string Place(int row) => Lines is null ? $"entry {row}" : $"line {Lines[row]}";

    public static Table Read(DelimitedRows rows)
    {
        var lines = new List<int>();
        List<string>[] columns = [];
        while (rows.Next())
        {
            columns = columns.Length > 0 ? columns : Enumerable.Range(0, rows.Columns).Select(_ => new List<string>()).ToArray();
            for (int c = 0; c < columns.Length; c++)
            {
                columns[c].Add(rows[c].ToString());
            }

            lines.Add(rows.Line);
            if (lines.Count > MostRows || (long)lines.Count * columns.Length > MostFields)
            {
                throw new ClassCountFormatException(rows.Line, $"The table has more than {MostRows} rows or {MostFields} fields; one row a class is expected.", ClassCountRemedy.CountLabels);
            }
        }

        bool hasBlanks = rows.Layout.Form != LineForm.Delimited;
        string[]? commented = hasBlanks
            ? rows.Heading?[1..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : rows.Heading?[1..].Split(rows.Layout.Separator);
        var table = new Table
        {
            Columns = columns,
            Lines = lines,
            Separator = rows.Layout.Separator,
            HasBlanks = hasBlanks,
            HasComments = rows.Heading is not null,
            Commented = commented?.Length == columns.Length ? commented.Select(heading => heading.Trim()).ToArray() : null,
        };
        if (rows.Remark is { } remark)
        {
            table.Notes.Add(remark);
        }

        return table;
    }

    /// <summary>Takes the first row for the headings.</summary>
    public void TakeHeadings()
    {
        Headings = Columns.Select(column => column[0]).ToArray();
        Lines?.RemoveAt(0);
        foreach (List<string> column in Columns)
        {
            column.RemoveAt(0);
        }
    }

    /// <summary>A column for people: by its heading, or by its number.</summary>
    public string Name(int column) => Headings is { } headings && headings[column].Length > 0
        ? $"column {Shown.Quote(headings[column])}" : $"column {column + 1}";

    /// <summary>All columns for people.</summary>
    public string Names() => string.Join(", ", Enumerable.Range(0, Math.Min(Columns.Length, 12)).Select(c => Headings is { } headings ? $"{c + 1} {Shown.Quote(headings[c])}" : $"{c + 1}"))
        + (Columns.Length > 12 ? ", …" : "");

    /// <summary>A field for people, with its row.</summary>
    public string Describe(int row, int column)
    {
        string field = Shown.Quote(Columns[column][row]);
        return Columns.Length == 1 ? field : $"{field} in {Name(column)} of {Row(row)}";
    }

    /// <summary>A row for people.</summary>
    public string Row(int row) => Shown.Quote(string.Join(HasBlanks ? ' ' : Separator, Columns.Select(column => column[row])));
}
