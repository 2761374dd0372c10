using System.CommandLine;
using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Cli.Plotting;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled figure3</c>.</summary>
internal sealed class Figure3Command() : SweepingCommand(
    "figure3", "Figure 3 of Fang, He, Long, Su (PNAS 2021): the cosine between minority classifiers over the imbalance ratio R.")
{
    private const int MostPanels = 8;
    private const double Roundoff = 1e-9;

    private readonly Option<int?> pointsPerDecade = NumberSyntax.Integer(
        "--points-per-decade", "n", "Ratios per factor of ten. Default: 10.", "a whole number of at least 1", 1);

    private readonly Option<double?> to = NumberSyntax.Ratio("--to", "Largest ratio R; the first is 1. Default: 10000.");

    private readonly Option<double?> classifierBudget = StepImbalanceSyntax.Positive("--ew", "E_W", "Classifier budget. Default: 1.");

    private readonly Option<string?> featureBudgets = new("--eh") { HelpName = "list", Description = "Feature budgets E_H, one panel each. Default: 5,10." };

    private readonly Option<int?> classCount = NumberSyntax.Integer("--class-count", "K", "Number of classes. Default: 10.", "a whole number of at least 3", 3);

    private readonly Option<string?> majority = new("--majority") { HelpName = "list", Description = "Numbers of majority classes K_A, one curve each. Default: 3,5,7." };

    protected override IEnumerable<Option> Settings => [pointsPerDecade, to, classifierBudget, featureBudgets, classCount, majority];

    protected override SweepPlan Plan(ParseResult parsed)
    {
        int classes = parsed.GetValue(classCount) ?? 10, density = parsed.GetValue(pointsPerDecade) ?? 10;
        double ew = parsed.GetValue(classifierBudget) ?? 1, largest = parsed.GetValue(to) ?? 1e4;
        double[] eh = ListSyntax.Numbers("--eh", parsed.GetValue(featureBudgets) ?? "5,10", MostPanels, "a positive finite number", value => value > 0);
        int[] counts = ListSyntax.Numbers(
            "--majority", parsed.GetValue(majority) ?? "3,5,7", SeriesStyle.Count, $"a whole number from 1 to {classes - 2} (the {classes} classes less two)",
            value => value >= 1 && value <= classes - 2 && value == Math.Floor(value)).Select(value => (int)value).ToArray();
        Array.ForEach(eh, budget => StepImbalanceSyntax.RequireProduct(
            string.Create(CultureInfo.InvariantCulture, $"--ew '{ew:r}' and --eh '{budget:r}'"), ew, budget));
        double steps = Math.Floor((Math.Log10(largest) * density) + Roundoff);
        LogGrid.RequireFew((steps + 1) * eh.Length * counts.Length);
        double[] ratios = Enumerable.Range(0, (int)steps + 1).Select(i => Math.Pow(10, (double)i / density)).ToArray();
        var sweep = new ParameterSweep(
            from budget in eh from count in counts select ratios.Select(ratio => new StepImbalance(count, classes - count, ratio, ew, budget)));
        return new SweepPlan(
            string.Create(CultureInfo.InvariantCulture,
                $"figure3 --points-per-decade {density} --to {largest:r} --ew {ew:r} --eh {ListSyntax.Text(eh)} --class-count {classes} --majority {string.Join(',', counts)}"),
            (options, token) => new Figure3Report(sweep, sweep.Run(options, token)));
    }
}
