using System.Globalization;
using LayerPeeled.Solver.Analysis.Metrics;

namespace LayerPeeled.Cli.Output;

/// <summary>Lists of class numbers or labels for people.</summary>
internal static class Names
{
    private const int MostShown = 12;
    private const int WidestList = 48;
    private const int WidestName = 32;
    private const int WidestCell = 16;

    /// <summary>Runs of neighbours as ranges, and the end left out where the list is long.</summary>
    /// <param name="numbers">Ascending.</param>
    public static string Abbreviated(IEnumerable<int> numbers) => Abbreviated(numbers.Select(n => (long)n));

    /// <inheritdoc cref="Abbreviated(IEnumerable{int})"/>
    public static string Abbreviated(IEnumerable<long> numbers)
    {
        var runs = new List<(long First, long Last)>();
        foreach (long n in numbers)
        {
            if (runs.Count > 0 && runs[^1].Last == n - 1)
            {
                runs[^1] = (runs[^1].First, n);
            }
            else
            {
                runs.Add((n, n));
            }
        }

        long left = runs.Skip(MostShown).Sum(run => run.Last - run.First + 1);
        return string.Join(", ", runs.Take(MostShown).Select(run => run.First == run.Last
                ? run.First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{run.First}–{run.Last}")))
            + (left > 0 ? $" and {left} more" : "");
    }

    /// <summary>Names, whole numbers as <see cref="Abbreviated(IEnumerable{long})"/> has them; the end is left out where the list is long.</summary>
    /// <param name="names">The names in their order.</param>
    public static string Abbreviated(IReadOnlyList<string> names)
    {
        // Numbers, unless they are written with leading zeros.
        long[] numbers = names.Select(name => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1).ToArray();
        if (names.Count > 0 && numbers.Zip(names).All(pair => pair.First.ToString(CultureInfo.InvariantCulture) == pair.Second))
        {
            return Abbreviated(numbers.Order());
        }

        var shown = new List<string>();
        for (int width = 0; shown.Count < names.Count && (shown.Count == 0 || width < WidestList); width += shown[^1].Length + 2)
        {
            shown.Add(Printable(names[shown.Count]));
        }

        return string.Join(", ", shown) + (shown.Count < names.Count ? $" and {names.Count - shown.Count} more" : "");
    }

    /// <summary>A name on one line of a terminal.</summary>
    public static string Printable(string name, int widest = WidestName)
    {
        string shown = string.Concat(name.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '?' : c));
        return shown.Length <= widest ? shown : shown[..(widest - 1)] + "…";
    }

    /// <summary>The classes in words: their names, where they have some, or their labels.</summary>
    public static string Classes(NeuralCollapseReport report, IEnumerable<int> classes)
    {
        if (report.Names is not { } names)
        {
            return Abbreviated(classes.Select(k => report.Labels[k]).Order());
        }

        return Abbreviated([.. classes.Select(k => names[k])]);
    }

    /// <summary>The first cell of the row of a group: its number, or the name of its first class and how many more there are.</summary>
    public static string Group(NeuralCollapseReport report, int group)
    {
        if (report.Names is not { } names)
        {
            return (group + 1).ToString(CultureInfo.InvariantCulture);
        }

        IReadOnlyList<int> classes = report.Groups[group].Classes;
        return Printable(names[classes[0]], WidestCell) + (classes.Count > 1 ? $" +{classes.Count - 1}" : "");
    }

    /// <summary>Names or labels of the classes of a group in one cell, separated by semicolons.</summary>
    public static string Cell(NeuralCollapseReport report, int group) => string.Join(
        ';', report.Groups[group].Classes.Select(k => report.Names?[k] ?? report.Labels[k].ToString(CultureInfo.InvariantCulture)));

    public static string Range(long smallest, long largest) =>
        string.Create(CultureInfo.InvariantCulture, $"{smallest}") + (smallest == largest ? "" : string.Create(CultureInfo.InvariantCulture, $"–{largest}"));
}
