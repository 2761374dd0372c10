namespace LayerPeeled.Data.ClassFiles;

/// <summary>Counts the labels of a table with a row for each example, row by row.</summary>
internal static class LabelTable
{
    /// <exception cref="ClassCountFormatException">A row has no label, or more than one column may hold them.</exception>
    public static ClassCounts Count(DelimitedRows rows, string? column)
    {
        var counter = new LabelCounter();
        var notes = new List<string>();
        string? name = null;
        if (rows.Next())
        {
            string[] first = rows.Fields();
            int line = rows.Line;
            string[]? second = rows.Next() ? rows.Fields() : null;
            int secondLine = rows.Line;
            var table = new Table
            {
                Columns = first.Select((field, c) => second is null ? [field] : new List<string> { field, second[c] }).ToArray(),
                Lines = second is null ? [line] : [line, secondLine],
                Separator = rows.Layout.Separator,
                HasBlanks = rows.Layout.Form != LineForm.Delimited,
            };
            if (IsHeading(first, second, column))
            {
                table.TakeHeadings();
                if (!first.Any(Headings.IsClass))
                {
                    notes.Add($"The first row, {Shown.Quote(string.Join(table.Separator, first))}, was taken for headings.");
                }
            }

            int labels = column is not null ? CountTable.Column(table, column) : Find(table);
            name = table.Columns.Length > 1 ? table.Name(labels) : null;
            for (int i = 0; i < table.Rows; i++)
            {
                Add(counter, table.Columns[labels][i], table.Line(i));
            }

            while (rows.Next())
            {
                Add(counter, rows[labels], rows.Line);
            }
        }

        if (rows.Remark is { } remark)
        {
            notes.Add(remark);
        }

        return counter.ToCounts(name, notes);
    }

    /// <summary>The column of the labels: that of the heading, or the only one that holds no paths and no numbers of the rows.</summary>
    /// <param name="table">The first rows.</param>
    /// <exception cref="ClassCountFormatException">More than one can be it.</exception>
    public static int Find(Table table)
    {
        int[] all = Enumerable.Range(0, table.Columns.Length).ToArray();
        bool IsPath(int c) => table.Rows > 0 && LabelList.IsPath(table.Columns[c][0]);
        int[] found = all;
        if (table.Headings is { } headings)
        {
            int[] named = all.Where(c => Headings.IsClass(headings[c])).ToArray();
            found = named.Length > 0 ? named : all.Where(c => !IsPath(c) && !Headings.IsPosition(headings[c]) && !Headings.IsExample(headings[c])).ToArray();
        }
        else if (all.Any(IsPath))
        {
            found = all.Where(c => !IsPath(c)).ToArray();
        }

        return all.Length == 1 ? 0 : found.Length == 1 ? found[0] : throw new ClassCountFormatException(table.Rows > 0 ? table.Line(0) : null,
            $"Which column holds the labels cannot be told; the columns are {table.Names()}"
            + (table.Rows > 0 ? $", the row is {table.Row(0)}." : "."), ClassCountRemedy.NameColumn);
    }

    private static void Add(LabelCounter counter, ReadOnlySpan<char> label, int? line) =>
        counter.Add(label.Length > 0 ? label : throw new ClassCountFormatException(line, "The label is empty."), line);

    private static bool IsHeading(string[] first, string[]? second, string? column)
    {
        bool IsNamed(string field) => column is not null && !int.TryParse(column, out _) && field.Equals(column.Trim(), StringComparison.OrdinalIgnoreCase);
        if (first.Any(field => IsNamed(field) || Headings.IsUnmistakable(field)) || (first.Length > 1 && first[0].Length == 0))
        {
            return true;
        }

        // Another kind of field than in the row below: a name above numbers or above paths.
        return second is not null && first.Zip(second).Any(pair => !NumberText.BeginsLikeOne(pair.First)
            && (NumberText.TryPlain(pair.Second, out _) || (LabelList.IsPath(pair.Second) && !LabelList.IsPath(pair.First))));
    }
}
