using System.CommandLine;

namespace LayerPeeled.Cli.Input;

/// <summary>Numbers of which each is the same multiple of the one before.</summary>
internal static class LogGrid
{
    /// <summary>Most points of a sweep.</summary>
    public const int MostPoints = 1_000_000;

    /// <summary>The numbers between two options.</summary>
    /// <param name="from">The option of the first, and its value.</param>
    /// <param name="to">The option of the last, and its value.</param>
    /// <param name="points">How many, at least 2.</param>
    /// <exception cref="UsageException">The last is not above the first, or one of them is infinite.</exception>
    public static double[] Between((Option Option, double Value) from, (Option Option, double Value) to, int points)
    {
        if (double.IsInfinity(from.Value) || double.IsInfinity(to.Value))
        {
            string name = (double.IsInfinity(from.Value) ? from : to).Option.Name;
            throw new UsageException($"{name} 'inf' is not allowed: the numbers between are spaced by equal factors, so both ends must be finite.");
        }

        if (!(to.Value > from.Value))
        {
            throw new UsageException(
                $"{to.Option.Name} '{Text(to.Value)}' is not allowed: it must be greater than the {Text(from.Value)} of {from.Option.Name}.");
        }

        RequireFew(points);
        // In powers of ten, so that these come out whole
        double first = Math.Log10(from.Value), span = Math.Log10(to.Value) - first;
        double[] grid = Enumerable.Range(0, points).Select(i => Math.Pow(10, first + (span * i / (points - 1)))).ToArray();
        (grid[0], grid[^1]) = (from.Value, to.Value);
        return grid;
    }

    /// <summary>Refuses sweeps that nobody can mean.</summary>
    public static void RequireFew(double points)
    {
        if (points > MostPoints)
        {
            throw new UsageException($"The sweep would have {Text(points)} points; at most {MostPoints} are possible.");
        }
    }

    private static string Text(double value) => double.IsPositiveInfinity(value) ? "inf" : Output.CsvText.Number(value);
}
