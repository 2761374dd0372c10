using LayerPeeled.Data;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Input;

/// <summary>Where the classes come from: one of three options, and the weights that belong to it.</summary>
/// <param name="Groups">The text of <c>--classes</c>.</param>
/// <param name="CountsFile">The path of <c>--counts</c>; <c>-</c> for standard input.</param>
/// <param name="LongTail">The text of <c>--long-tail</c>.</param>
/// <param name="Weights">The text or path of <c>--weights</c>.</param>
internal sealed record ClassSource(string? Groups, string? CountsFile, string? LongTail, string? Weights)
{
    /// <summary>The model of the classes.</summary>
    /// <exception cref="UsageException">An input is wrong.</exception>
    public LayerPeeledModel ToModel(double classifierBudget, double featureBudget, int? dimension, Func<Stream> openInput)
    {
        (string Option, string? Text)[] given = new[] { ("--classes", Groups), ("--counts", CountsFile), ("--long-tail", LongTail) }
            .Where(source => source.Item2 is not null).ToArray();
        if (given.Length != 1)
        {
            string found = given.Length == 0 ? "none of them is given" : string.Join(" and ", given.Select(g => $"{g.Option} '{g.Text}'")) + " are given";
            throw new UsageException($"The classes must be given by exactly one of --classes, --counts and --long-tail; {found}.");
        }

        string option = given[0].Option, source = $"{option} '{given[0].Text}'";
        try
        {
            if (Groups is not null)
            {
                ClassGroup[] groups = ClassesSyntax.Parse(Groups);
                IReadOnlyList<double>? groupWeights = WeightsSyntax.Read(Weights, groups.Length, "group of --classes");
                RequireModel(source, groups.Sum(g => (double)g.Classes), groups.Select((g, i) => (g.Count, groupWeights?[i] ?? 1)));
                return LayerPeeledModel.FromClassGroups(
                    groups.Select((g, i) => g with { LossWeight = groupWeights?[i] ?? 1 }), classifierBudget, featureBudget, dimension);
            }

            IReadOnlyList<double> counts = CountsFile is not null ? ReadCounts(CountsFile, openInput) : LongTailSyntax.Parse(LongTail!);
            IReadOnlyList<double>? weights = WeightsSyntax.Read(Weights, counts.Count, $"class of {option}");
            RequireModel(source, counts.Count, counts.Select((n, k) => (n, weights?[k] ?? 1)));
            return LayerPeeledModel.FromClassCounts(counts, classifierBudget, featureBudget, weights, dimension);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{source}: {UsageException.WithoutParameter(error)}");
        }
    }

    private static IReadOnlyList<double> ReadCounts(string path, Func<Stream> openInput)
    {
        try
        {
            if (path != "-")
            {
                return ClassCountReader.ReadFile(path);
            }

            using Stream input = openInput();
            return ClassCountReader.Read(input);
        }
        catch (ClassCountFormatException error)
        {
            throw new UsageException($"--counts '{path}': {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--counts '{path}' cannot be read: {error.Message}");
        }
    }

    private static void RequireModel(string source, double classes, IEnumerable<(double Count, double Weight)> groups)
    {
        if (classes < 2)
        {
            throw new UsageException($"{source} gives {classes} class; the model needs at least 2.");
        }

        if (classes > Array.MaxLength)
        {
            throw new UsageException($"{source} gives {classes} classes; at most {Array.MaxLength} are possible.");
        }

        if (!groups.Any(g => g.Count * g.Weight > 0))
        {
            throw new UsageException($"{source} gives classes whose counts times weights are all zero; at least one must be positive.");
        }
    }
}
