namespace LayerPeeled.Data.ClassFiles;

/// <summary>Finds the column of the counts or weights, or says why it cannot be told.</summary>
internal sealed class ColumnChoice(Table table, bool areWeights)
{
    private string What => areWeights ? "weights" : "counts";

    /// <summary>The column.</summary>
    /// <param name="isSaid">Whether a heading says so.</param>
    /// <exception cref="ClassCountFormatException">None or more than one can be it.</exception>
    public int Find(out bool isSaid)
    {
        if (table.Headings is { } headings)
        {
            int[] said = Where(headings, heading => areWeights && Headings.IsWeight(heading));
            said = said.Length > 0 ? said : Where(headings, Headings.IsCount);
            isSaid = said.Length == 1;
            return isSaid ? said[0] : said.Length == 0 ? ByHeadings(headings) : throw Ambiguous(said);
        }

        isSaid = false;
        int[] numeric = Numeric();
        return numeric.Length == 1 ? Only(numeric[0]) : numeric.Length == 0 ? Nothing() : ByContent(numeric);
    }

    // Headings of which none is known: what remains when the numbers of classes are taken away.
    private int ByHeadings(string[] headings)
    {
        if (headings.Length == 1)
        {
            return Headings.IsClass(headings[0]) && !areWeights
                ? throw new ClassCountFormatException(null, $"By its heading {Shown.Quote(headings[0])} the column holds the classes of examples, not counts.", ClassCountRemedy.NameColumnOrCountLabels)
                : 0;
        }

        int[] numeric = Numeric();
        int[] labels = numeric.Where(c => Headings.IsClass(headings[c])).ToArray();
        int[] rest = numeric.Where(c => !Headings.IsClass(headings[c]) && !Headings.IsPosition(headings[c])).ToArray();
        if (rest.Length == 1 && (labels.Length == 0 || headings.Length == 2 || !areWeights))
        {
            return rest[0];
        }

        if (rest.Length > 1)
        {
            throw Ambiguous(rest);
        }

        // pandas before version 2: value_counts() has the name of the labels above the counts, in decreasing order.
        if (labels is [1] && headings is ["", _] && !ClassNumbering.IsIndex(table.Columns[0]) && IsDecreasing(table.Columns[1]))
        {
            table.Notes.Add($"{table.Name(1)} was taken for the counts of the classes in column 1, as value_counts() of pandas writes them.");
            return 1;
        }

        throw new ClassCountFormatException(null, $"No heading says where the {What} are; the columns are {table.Names()}.",
            areWeights ? ClassCountRemedy.NameColumn : ClassCountRemedy.NameColumnOrCountLabels);
    }

    private int ByContent(int[] numeric)
    {
        int[] counts = numeric.Where(c => !ClassNumbering.IsIndex(table.Columns[c])).ToArray();
        if (counts.Length != 1)
        {
            throw Ambiguous(numeric);
        }

        if (table.UsesComma && table.Columns[counts[0]] is { } fields && fields.All(field => NumberText.IsGroup(field)) && fields.Any(field => field[0] == '0'))
        {
            throw new ClassCountFormatException(table.Line(0), $"{table.Describe(0, counts[0])} looks like the end of a number with a separator of thousands; without it, or in quotes, it is read.");
        }

        string index = string.Join(" and ", numeric.Where(c => c != counts[0]).Select(table.Name));
        table.Notes.Add($"There are no headings; {index} counts the classes up, so {table.Name(counts[0])} was taken for the {What}.");
        return counts[0];
    }

    // The numbers of classes beside counts of which one is malformed are not the counts.
    private int Only(int column) => !ClassNumbering.IsIndex(table.Columns[column]) ? column
        : Enumerable.Range(0, table.Columns.Length).FirstOrDefault(c => c != column && Likeness(c) > 0, column);

    private int Nothing()
    {
        int best = Enumerable.Range(0, table.Columns.Length).MaxBy(Likeness);
        return Likeness(best) > 0 ? best : throw new ClassCountFormatException(table.Line(0),
            $"{table.Describe(0, best)} is not a number, and no column holds any; {What} are expected.", areWeights ? ClassCountRemedy.None : ClassCountRemedy.CountLabels);
    }

    private ClassCountFormatException Ambiguous(int[] columns)
    {
        string which = string.Join(" and ", columns.Take(6).Select(table.Name));
        bool areGroups = table.UsesComma && table.Columns[columns[^1]].Any(field => NumberText.IsGroup(field));
        return new ClassCountFormatException(null,
            $"{char.ToUpperInvariant(which[0])}{which[1..]} may both hold the {What}".Replace("both ", columns.Length == 2 ? "both " : "all ", StringComparison.Ordinal)
            + $"; the columns are {table.Names()}.{(areGroups && table.Headings is null ? " A number with separators of thousands must be in quotes." : "")}",
            ClassCountRemedy.NameColumn);
    }

    private int[] Numeric() => Enumerable.Range(0, table.Columns.Length).Where(c => 2 * Likeness(c) >= table.Rows).ToArray();

    private int Likeness(int column) => table.Columns[column].Count(field => NumberText.IsLike(field));

    private static bool IsDecreasing(List<string> fields)
    {
        double before = double.PositiveInfinity;
        foreach (string field in fields)
        {
            if (!NumberText.TryPlain(field, out double value) || value > before)
            {
                return false;
            }

            before = value;
        }

        return true;
    }

    private static int[] Where(string[] headings, Func<string, bool> test) => Enumerable.Range(0, headings.Length).Where(c => test(headings[c])).ToArray();
}
