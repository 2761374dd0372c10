using LayerPeeled.Data.ClassFiles;
using LayerPeeled.Solver.Model;
using nietras.SeparatedValues;

namespace LayerPeeled.Data.Targets;

/// <summary>
/// A table whose first heading is empty, as <c>pandas.DataFrame.to_csv</c> writes it: contexts in the first row, tokens in the first column. Another table may hold
/// counts of classes, or a row, a column and a value, and is not read.
/// </summary>
internal static class NamedTable
{
    public static TargetTable Read(TextReader text)
    {
        char separator = (char)text.Peek();
        var tokens = new List<string>();
        var entries = new List<(int Row, int Column, double Value)>();
        string[] contexts = [];
        int nextLine = 1;
        try
        {
            using SepReader reader = Sep.New(separator).Reader(options => options with { HasHeader = false, DisableColCountCheck = true, Unescape = true }).From(text);
            while (reader.MoveNext())
            {
                SepReader.Row row = reader.Current;
                (int line, nextLine) = (nextLine, row.LineNumberToExcl);
                if (row.Span.IsEmpty)
                {
                    continue;
                }

                if (contexts.Length == 0)
                {
                    contexts = Headings(row);
                    continue;
                }

                if (row.ColCount != contexts.Length + 1)
                {
                    throw new TargetFormatException($"{Shown.Quote(row.Span)} has {row.ColCount} columns, the headings {contexts.Length + 1}.", line);
                }

                AddRow(entries, row, tokens.Count, contexts, line);
                tokens.Add(row[0].ToString());
            }
        }
        catch (NotSupportedException error)
        {
            throw new TargetFormatException("A row is longer than 16 million characters; a quote before it may not be closed.", nextLine, innerException: error);
        }

        TargetSize.Require(tokens.Count, contexts.Length, entries.Count);
        return new TargetTable(SparseColumns.FromTriplets(tokens.Count, contexts.Length, entries), tokens, contexts);
    }

    private static string[] Headings(SepReader.Row row)
    {
        var names = new string[row.ColCount - 1];
        for (int c = 0; c < names.Length; c++)
        {
            names[c] = row[c + 1].ToString();
        }

        return names;
    }

    private static void AddRow(List<(int Row, int Column, double Value)> entries, SepReader.Row row, int token, string[] contexts, int line)
    {
        for (int c = 0; c < contexts.Length; c++)
        {
            ReadOnlySpan<char> field = row[c + 1].Span.Trim();
            if (!NumberText.TryPlain(field, out double value) || !(value >= 0) || double.IsInfinity(value))
            {
                throw new TargetFormatException(
                    $"{Shown.Quote(field)} in column {Shown.Quote(contexts[c])} is not allowed; a finite number that is not negative is expected.", line);
            }

            if (value != 0)
            {
                entries.Add((token, c, value));
            }
        }
    }
}
