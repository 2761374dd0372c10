using System.Globalization;

namespace LayerPeeled.Cli.Output;

/// <summary>Lists of class numbers or labels for people.</summary>
internal static class Names
{
    private const int MostShown = 12;

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

    public static string Range(long smallest, long largest) =>
        string.Create(CultureInfo.InvariantCulture, $"{smallest}") + (smallest == largest ? "" : string.Create(CultureInfo.InvariantCulture, $"–{largest}"));
}
