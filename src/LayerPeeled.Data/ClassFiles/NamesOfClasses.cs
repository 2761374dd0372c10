namespace LayerPeeled.Data.ClassFiles;

/// <summary>The column that names the classes.</summary>
internal static class NamesOfClasses
{
    /// <summary>The names: of the column that is the best for it by its heading and content and has no name twice.</summary>
    /// <param name="table">The table.</param>
    /// <param name="counts">The column of the counts.</param>
    /// <param name="mayRepeat">Whether to go on without names where every column repeats itself.</param>
    /// <exception cref="ClassCountFormatException">A class is named twice.</exception>
    public static string[]? Find(Table table, int counts, bool mayRepeat)
    {
        int[] others = Enumerable.Range(0, table.Columns.Length).Where(c => c != counts)
            .OrderBy(c => table.Headings is { } headings ? Headings.NamingRank(headings[c]) : 2)
            .ThenBy(c => table.Columns[c].All(field => NumberText.IsLike(field))).ToArray();
        if (others.Length == 0)
        {
            return null;
        }

        foreach (int c in others)
        {
            if (Repeated(table.Columns[c]) is null)
            {
                return [.. table.Columns[c]];
            }
        }

        (int first, int second) = Repeated(table.Columns[others[0]])!.Value;
        string what = $"the name {Shown.Quote(table.Columns[others[0]][first])} in {table.Name(others[0])} is that of {table.Place(first)} too";
        if (!mayRepeat)
        {
            throw new ClassCountFormatException(table.Line(second), what + "; every class once, with a name, is expected.", ClassCountRemedy.NameColumnOrCountLabels);
        }

        table.Notes.Add($"The classes have no names here: in {table.Place(second)} {what}.");
        return null;
    }

    private static (int First, int Second)? Repeated(List<string> names)
    {
        var seen = new HashSet<string>(names.Count, StringComparer.Ordinal);
        int second = names.FindIndex(name => !seen.Add(name));
        return second < 0 ? null : (names.IndexOf(names[second]), second);
    }
}
