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
    private const string Classes = "a whole number of at least 1";
    private const string Budget = "a positive finite number";
    private readonly Option<int?> majority = StepImbalanceSyntax.Classes("--majority", "K_A", "Number of majority classes. Required.");
    private readonly Option<int?> minority = StepImbalanceSyntax.Classes("--minority", "K_B", "Number of minority classes. Required.");

    private readonly Option<double?> classifierBudget = StepImbalanceSyntax.Positive(
        "--ew", "E_W", "Classifier budget: the mean of ‖w_k‖² is at most this. Required.");

    private readonly Option<double?> featureBudget = StepImbalanceSyntax.Positive(
        "--eh", "E_H", "Feature budget: the mean of ‖h_k‖² is at most this. Required.");

    private readonly Option<double?> from = NumberSyntax.Ratio("--from", "Smallest ratio R. Default: 1.");
    private readonly Option<double?> to = NumberSyntax.Ratio("--to", "Largest ratio R. Default: 1000.");
    private readonly Option<int?> points = StepImbalanceSyntax.Points("--points", "Ratios, spaced by equal factors. Default: 4.");

    private readonly Option<double?> examples = StepImbalanceSyntax.Positive(
        "--examples", "n", "Examples of a minority class; only supcon depends on it, and wants whole numbers of examples. Default: 10.");

    private readonly ComparisonOptions comparison = new();

    protected override IEnumerable<Option> Settings =>
        [majority, minority, classifierBudget, featureBudget, from, to, points, examples, .. comparison.All];

    protected override SweepPlan Plan(ParseResult parsed)
    {
        int a = StepImbalanceSyntax.Required(parsed, majority, Classes), b = StepImbalanceSyntax.Required(parsed, minority, Classes);
        double ew = StepImbalanceSyntax.Required(parsed, classifierBudget, Budget), eh = StepImbalanceSyntax.Required(parsed, featureBudget, Budget);
        StepImbalanceSyntax.RequireClasses($"--majority '{a}' and --minority '{b}'", a, b);
        StepImbalanceSyntax.RequireProduct(string.Create(CultureInfo.InvariantCulture, $"--ew '{ew:r}' and --eh '{eh:r}'"), ew, eh);
        double smallest = parsed.GetValue(from) ?? 1, largest = parsed.GetValue(to) ?? 1000, n = parsed.GetValue(examples) ?? 10;
        int count = parsed.GetValue(points) ?? 4;
        double[] ratios = LogGrid.Between((from, smallest), (to, largest), count);
        ComparedModel[] models = comparison.Models(parsed);
        LogGrid.RequireFew((double)count * models.Length);
        if (models.Length > SeriesStyle.Count)
        {
            throw new UsageException($"The grid would have {models.Length} models and losses; at most {SeriesStyle.Count} are possible.");
        }

        StepImbalance[] settings = [.. ratios.Select(ratio => new StepImbalance(a, b, ratio, ew, eh))];
        var grid = new ComparisonGrid(models, settings, n);
        return new SweepPlan(
            string.Create(CultureInfo.InvariantCulture,
                $"grid --majority {a} --minority {b} --ew {ew:r} --eh {eh:r} --from {smallest:r} --to {largest:r} --points {count} --examples {n:r} {comparison.Text(models)}"),
            (options, token) => new GridReport(settings[0], grid, grid.Run(options, token)));
    }
}
