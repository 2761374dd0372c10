using System.CommandLine;
using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Compare;
using LayerPeeled.Cli.Plotting;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Analysis.Comparison;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled grid</c>.</summary>
internal sealed class GridCommand() : SweepingCommand("grid", "Lays models and losses side by side along the imbalance ratio R: 'compare' at each point of a grid.")
{
    private readonly RatioLineOptions line = new(largest: 1000, count: 4);

    private readonly Option<double?> examples = StepImbalanceSyntax.Positive(
        "--examples", "n", "Examples of a minority class; only supcon depends on it, and wants whole numbers of examples. Default: 10.");

    private readonly ComparisonOptions comparison = new();

    protected override IEnumerable<Option> Settings => [.. line.All, examples, .. comparison.All];

    protected override SweepPlan Plan(ParseResult parsed)
    {
        RatioLine asked = line.Read(parsed);
        double n = parsed.GetValue(examples) ?? 10;
        ComparedModel[] models = comparison.Models(parsed);
        LogGrid.RequireFew((double)asked.Ratios.Length * models.Length);
        if (models.Length > SeriesStyle.Count)
        {
            throw new UsageException($"The grid would have {models.Length} models and losses; at most {SeriesStyle.Count} are possible.");
        }

        StepImbalance[] settings =
            [.. asked.Ratios.Select(ratio => new StepImbalance(asked.MajorityClasses, asked.MinorityClasses, ratio, asked.ClassifierBudget, asked.FeatureBudget))];
        var grid = new ComparisonGrid(models, settings, n);
        return new SweepPlan(
            string.Create(CultureInfo.InvariantCulture, $"grid {asked.Text} --examples {n:r} {comparison.Text(models)}"),
            (options, token) => new GridReport(settings[0], grid, grid.Run(options, token)));
    }
}
