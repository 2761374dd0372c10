namespace LayerPeeled.Data.ClassFiles;

/// <summary>
/// The numbers of one column. What a comma or a point separates is decided for the column as a whole; where it may be thousands or decimals, the column
/// is refused.
/// </summary>
internal sealed class NumberColumn
{
    private const string Expected = "a finite number that is not negative is expected";

    private readonly Table table;
    private readonly int column;
    private readonly bool areWeights;
    private readonly List<string> cells;
    private int groupedByComma = -1, decimalComma = -1, open = -1, groupedByPoint = -1, decimalPoint = -1, openPoint = -1, ungrouped = -1;

    private NumberColumn(Table table, int column, bool areWeights) =>
        (this.table, this.column, this.areWeights, cells) = (table, column, areWeights, table.Columns[column]);

    /// <exception cref="ClassCountFormatException">A field is no such number, or the column can be read in two ways.</exception>
    public static double[] Read(Table table, int column, bool areWeights)
    {
        var self = new NumberColumn(table, column, areWeights);
        return self.TryPlain() ?? self.ReadWithSeparators();
    }

    private double[]? TryPlain()
    {
        var values = new double[cells.Count];
        bool pointsAreOpen = false;
        for (int i = 0; i < values.Length; i++)
        {
            if (!NumberText.TryPlain(cells[i], out values[i]))
            {
                return null;
            }

            pointsAreOpen |= table.UsesOtherSeparator && !areWeights && cells[i].Contains('.') && NumberText.MayBeDotGrouped(cells[i]);
            Require(i, values[i]);
        }

        return pointsAreOpen ? null : values;
    }

    private double[] ReadWithSeparators()
    {
        for (int i = 0; i < cells.Count; i++)
        {
            Classify(i);
        }

        bool thousandsByComma = Decide(groupedByComma, decimalComma, open, "comma");
        // A comma that is a decimal sign leaves thousands to the point.
        bool thousandsByPoint = Decide(
            groupedByPoint >= 0 ? groupedByPoint : decimalComma, decimalPoint >= 0 ? decimalPoint : groupedByComma >= 0 ? groupedByComma : ungrouped,
            table.UsesOtherSeparator && !areWeights ? openPoint : -1, "point");
        var values = new double[cells.Count];
        for (int i = 0; i < values.Length; i++)
        {
            string text = string.Concat(cells[i].Where(c => c is not (' ' or '\u00A0' or '\u2009' or '\u202F' or '\'' or '’')));
            text = thousandsByPoint ? text.Replace(".", "", StringComparison.Ordinal) : text;
            text = text.Replace(",", thousandsByComma ? "" : ".", StringComparison.Ordinal);
            if (!NumberText.TryPlain(text, out values[i]))
            {
                throw Fault(i, $"is not a number; {Expected}.");
            }

            Require(i, values[i]);
        }

        return values;
    }

    // The first example of each way of writing numbers.
    private void Classify(int i)
    {
        string text = cells[i];
        if (NumberText.TryPlain(text, out double value))
        {
            _ = text.Contains('.') ? NumberText.MayBeDotGrouped(text) ? First(ref openPoint, i) : First(ref decimalPoint, i)
                : Math.Abs(value) >= 1000 ? First(ref ungrouped, i) : 0;
        }
        else if (NumberText.IsCommaGrouped(text))
        {
            bool isClear = text.Contains('.') || text.Count(c => c == ',') > 1 || table.UsesComma;
            _ = isClear ? First(ref groupedByComma, i) : First(ref open, i);
        }
        else if (NumberText.HasDecimalComma(text))
        {
            First(ref decimalComma, i);
        }
        else if (NumberText.IsDotGrouped(text))
        {
            First(ref groupedByPoint, i);
        }
        else if (!NumberText.IsBlankGrouped(text))
        {
            throw Fault(i, text.Length == 0 ? $"is empty; {Expected}." : $"is not a number; {Expected}.");
        }
    }

    private static int First(ref int place, int i) => place < 0 ? place = i : place;

    private bool Decide(int thousands, int decimals, int undecided, string sign)
    {
        if (thousands >= 0 && decimals >= 0)
        {
            string other = table.Describe(decimals, column);
            throw Fault(thousands, $"contradicts {other}: the {sign} would separate thousands in one and decimals in the other.");
        }

        if (thousands < 0 && decimals < 0 && undecided >= 0)
        {
            string text = cells[undecided];
            string plain = string.Concat(text.Where(c => c is not (',' or '.')));
            throw Fault(undecided, $"may be {plain}, or {text.Replace(',', '.')}0 with a decimal {sign}; nothing in the column says which. Write it without separators, or with another number of decimals.");
        }

        return thousands >= 0;
    }

    private void Require(int i, double value)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw Fault(i, $"is not allowed; {Expected}.");
        }
    }

    private ClassCountFormatException Fault(int i, string what) => new(table.Line(i), $"{table.Describe(i, column)} {what}");
}
