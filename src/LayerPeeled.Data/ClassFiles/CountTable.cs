namespace LayerPeeled.Data.ClassFiles;

/// <summary>Counts (or weights) from a table: tells the headings from the rows, finds the column of the numbers and that of the names.</summary>
internal sealed class CountTable
{
    private readonly Table table;
    private readonly ClassCountOptions options;
    private readonly bool areWeights;

    private CountTable(Table table, ClassCountOptions options) =>
        (this.table, this.options, areWeights) = (table, options, options.Content == ClassFileContent.Weights);

    private string What => areWeights ? "weights" : "counts";

    /// <exception cref="ClassCountFormatException">The table holds no counts, or more than one reading is possible.</exception>
    public static ClassCounts Read(Table table, ClassCountOptions options) => new CountTable(table, options).Read();

    private ClassCounts Read()
    {
        TakeHeadings();
        if (table.Rows == 0)
        {
            throw new ClassCountFormatException(null, $"There are no {What} in it; one a line is expected{(table.HasComments ? ", and lines that begin with # are comments" : "")}.");
        }

        if (OneLine() is { } line)
        {
            return line;
        }

        bool isSaid = options.Column is not null;
        int column = isSaid ? Column(table, options.Column!) : new ColumnChoice(table, areWeights).Find(out isSaid);
        double[] numbers = NumberColumn.Read(table, column, areWeights);
        string[]? names = NamesOfClasses.Find(table, column, options.Column is not null);
        if (!isSaid)
        {
            RequireCounts(numbers, names, column);
        }

        if (names is not null && IsTotal(numbers, names[^1]))
        {
            table.Notes.Add($"The last row, {Shown.Quote(names[^1])}, is the sum of the others and was left out.");
            (numbers, names) = (numbers[..^1], names[..^1]);
        }

        return new ClassCounts(numbers, names, table.Columns.Length > 1 || table.Headings is not null ? table.Name(column) : null, table.Notes);
    }

    /// <summary>The column of a heading or number.</summary>
    /// <exception cref="ClassCountFormatException">There is none, or two have the heading.</exception>
    public static int Column(Table table, string column)
    {
        int[] named = Enumerable.Range(0, table.Columns.Length)
            .Where(c => table.Headings is { } headings && headings[c].Equals(column.Trim(), StringComparison.OrdinalIgnoreCase)).ToArray();
        return named.Length == 1 ? named[0]
            : named.Length == 0 && int.TryParse(column, out int number) && number >= 1 && number <= table.Columns.Length ? number - 1
            : throw new ClassCountFormatException(null, $"{(named.Length > 1 ? $"{named.Length} columns are" : "No column is")} called {Shown.Quote(column)}; the columns are {table.Names()}.");
    }

    private void TakeHeadings()
    {
        if (table.Rows == 0 || table.Headings is not null)
        {
            return;
        }

        if (HasHeadings())
        {
            table.TakeHeadings();
            if (!table.Headings!.Any(IsRecognised))
            {
                table.Notes.Add($"The first row, {Shown.Quote(string.Join(table.Separator, table.Headings!))}, was taken for headings.");
            }
        }
        else if (table.Commented is { } commented)
        {
            if (table.Columns.Length > 1 && commented.Any(IsRecognised))
            {
                table.Headings = commented;
            }
            else if (commented.Any(field => NumberText.IsLike(field)))
            {
                table.Notes.Add($"{Shown.Quote("#" + string.Join(table.Separator, commented))} above the first row was skipped as a comment.");
            }
        }
    }

    private bool HasHeadings()
    {
        string[] first = table.Columns.Select(column => column[0]).ToArray();
        bool NumbersBelow(List<string> column) => 2 * column.Skip(1).Count(field => NumberText.IsLike(field)) >= table.Rows - 1;
        bool IsHeading(string field) => !NumberText.BeginsLikeOne(field) && !NumberText.IsMissing(field);
        if (table.Rows == 1)
        {
            return first.All(IsHeading) && first.Any(IsRecognised);
        }

        // A name above numbers; the empty heading of an index, as pandas writes it; a word that is no class.
        return table.Columns.Any(column => IsHeading(column[0]) && NumbersBelow(column))
            || (first.Length > 1 && first[0].Length == 0 && table.Columns[0].Skip(1).All(field => field.Length > 0))
            || first.Any(Headings.IsUnmistakable)
            || (first.Any(IsRecognised) && !table.Columns.Any(NumbersBelow))
            || (options.Column is { } named && !int.TryParse(named, out _) && first.Contains(named.Trim(), StringComparer.OrdinalIgnoreCase));
    }

    private bool IsRecognised(string heading) => Headings.IsCount(heading) || (areWeights && Headings.IsWeight(heading));

    // 500 300 100: all classes in one row, perhaps below their names.
    private ClassCounts? OneLine()
    {
        string[] row = table.Columns.Select(column => column[0]).ToArray();
        if (table.Rows != 1 || row.Length < 3 || options.Column is not null || !row.All(field => NumberText.TryPlain(field, out _))
            || (table.Headings is { } headings && headings.Any(heading => IsRecognised(heading) || heading.Length == 0)))
        {
            return null;
        }

        if (table.UsesComma && table.Headings is null && row.Skip(1).All(field => NumberText.IsGroup(field)))
        {
            throw new ClassCountFormatException(table.Line(0), $"{Shown.Quote(string.Join(',', row))} may be one number with separators of thousands, or {row.Length} {What}; write one a line.");
        }

        double[] numbers = row.Select((_, c) => NumberColumn.Read(table, c, areWeights)[0]).ToArray();
        table.Notes.Add($"The {What} stand in one row, one column a class.");
        string[]? names = table.Headings?.Distinct(StringComparer.Ordinal).Count() == row.Length ? table.Headings : null;
        return new ClassCounts(numbers, names, null, table.Notes);
    }

    // Labels and lists of examples look like counts of many classes.
    private void RequireCounts(double[] numbers, string[]? names, int column)
    {
        if (areWeights || numbers.Length < 3)
        {
            return;
        }

        bool areLabels = LabelList.LooksLikeLabels(numbers, atLeastTimes: 2);
        if (names is not null && (areLabels ? LabelList.ArePaths(names) : LabelList.AreImages(names) && numbers.All(n => n == Math.Floor(n))))
        {
            throw new ClassCountFormatException(table.Line(0),
                $"{table.Describe(0, column)}: the file looks like a list of {numbers.Length} examples with their labels, not like counts of classes.", ClassCountRemedy.NameColumnOrCountLabels);
        }

        if (names is not null && table.Columns.Length == 2 && ClassNumbering.IsIndex(table.Columns[column]))
        {
            throw new ClassCountFormatException(table.Line(0), $"{table.Name(column)} holds the numbers from {numbers[0]} to {numbers[^1]} in order: those of the classes, not their counts.", ClassCountRemedy.NameColumn);
        }

        if (table.Columns.Length == 1 && ClassNumbering.IsIndex(table.Columns[0]))
        {
            table.Notes.Add($"The numbers are those from {numbers[0]} to {numbers[^1]} in order: if they number the classes, they are no counts.");
        }

        if (names is null && LabelList.LooksLikeLabels(numbers, atLeastTimes: 10))
        {
            table.Notes.Add($"The {numbers.Length} numbers are all from {numbers.Min()} to {numbers.Max()}, and each of those occurs: if they are the labels of examples, they are to be counted.");
        }
    }

    private static bool IsTotal(double[] numbers, string last) =>
        numbers.Length > 2 && last.Trim().ToUpperInvariant() is "TOTAL" or "SUM" or "ALL" or "GRAND TOTAL" && numbers[^1] == numbers[..^1].Sum();
}
