using LayerPeeled.Data;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Input;

/// <summary>Where the classes come from: one of four options, and what belongs to it.</summary>
internal sealed record ClassSource
{
    /// <summary>The text of <c>--classes</c>.</summary>
    public string? Groups { get; init; }

    /// <summary>The path of <c>--counts</c>; <c>-</c> for standard input.</summary>
    public string? CountsFile { get; init; }

    /// <summary>The path of <c>--labels</c>; <c>-</c> for standard input.</summary>
    public string? LabelsFile { get; init; }

    /// <summary>The text of <c>--long-tail</c>.</summary>
    public string? LongTail { get; init; }

    /// <summary>The text of <c>--column</c>.</summary>
    public string? Column { get; init; }

    /// <summary>Whether <c>--count-labels</c> is given.</summary>
    public bool CountsLabels { get; init; }

    /// <summary>The text or path of <c>--weights</c>.</summary>
    public string? Weights { get; init; }

    /// <summary>The model of the classes.</summary>
    /// <exception cref="UsageException">An input is wrong.</exception>
    public ClassInput ToModel(Regulariser regulariser, ILoss loss, int? dimension, Func<Stream> openInput)
    {
        (string option, string text) = Given();
        string source = $"{option} '{text}'";
        try
        {
            if (Groups is not null)
            {
                ClassGroup[] groups = ClassesSyntax.Parse(Groups);
                IReadOnlyList<double>? groupWeights = WeightsSyntax.Read(Weights, groups.Length, "group of --classes");
                RequireModel(source, groups.Sum(g => (double)g.Classes), groups.Select((g, i) => (g.Count, groupWeights?[i] ?? 1)));
                return new ClassInput(LayerPeeledModel.FromClassGroups(
                    groups.Select((g, i) => g with { LossWeight = groupWeights?[i] ?? 1 }), regulariser, dimension, loss), null, null, []);
            }

            ClassCounts? file = LongTail is null ? ReadFile(option, text, openInput) : null;
            IReadOnlyList<double> counts = file ?? LongTailSyntax.Parse(LongTail!);
            var notes = new List<string>(file?.Notes ?? []);
            IReadOnlyList<double>? weights = WeightsSyntax.Read(Weights, counts.Count, $"class of {option}", file?.Names, notes);
            RequireModel(source, counts.Count, counts.Select((n, k) => (n, weights?[k] ?? 1)));
            return new ClassInput(LayerPeeledModel.FromClassCounts(counts, regulariser, weights, dimension, loss),
                file?.Names, file is null ? null : ClassFileSyntax.Place(text, file, AreLabels), notes);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{source}: {UsageException.WithoutParameter(error)}");
        }
    }

    private bool AreLabels => LabelsFile is not null || CountsLabels;

    private (string Option, string Text) Given()
    {
        (string Option, string? Text)[] given = new[] { ("--classes", Groups), ("--counts", CountsFile), ("--labels", LabelsFile), ("--long-tail", LongTail) }
            .Where(source => source.Item2 is not null).ToArray();
        if (given.Length != 1)
        {
            string found = given.Length == 0 ? "none of them is given" : string.Join(" and ", given.Select(g => $"{g.Option} '{g.Text}'")) + " are given";
            throw new UsageException($"The classes must be given by exactly one of --classes, --counts, --labels and --long-tail; {found}.");
        }

        if (Column is not null && CountsFile is null && LabelsFile is null)
        {
            throw new UsageException($"--column '{Column}' has no meaning without --counts or --labels.");
        }

        return CountsLabels && CountsFile is null
            ? throw new UsageException("--count-labels has no meaning without --counts.") : (given[0].Option, given[0].Text!);
    }

    private ClassCounts ReadFile(string option, string path, Func<Stream> openInput) => ClassFileSyntax.Read(
        option, path, new ClassCountOptions { Content = AreLabels ? ClassFileContent.Labels : ClassFileContent.Counts, Column = Column }, openInput);

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
