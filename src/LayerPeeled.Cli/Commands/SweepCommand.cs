using System.CommandLine;
using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled sweep</c>.</summary>
internal sealed class SweepCommand() : SweepingCommand("sweep", "Norms and cosines of majority and minority classes along the imbalance ratio R.")
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
    private readonly Option<double?> to = NumberSyntax.Ratio("--to", "Largest ratio R. Default: 10000.");
    private readonly Option<int?> points = StepImbalanceSyntax.Points("--points", "Ratios, spaced by equal factors. Default: 41.");

    protected override IEnumerable<Option> Settings => [majority, minority, classifierBudget, featureBudget, from, to, points];

    protected override SweepPlan Plan(ParseResult parsed)
    {
        int a = StepImbalanceSyntax.Required(parsed, majority, Classes), b = StepImbalanceSyntax.Required(parsed, minority, Classes);
        double ew = StepImbalanceSyntax.Required(parsed, classifierBudget, Budget), eh = StepImbalanceSyntax.Required(parsed, featureBudget, Budget);
        StepImbalanceSyntax.RequireClasses($"--majority '{a}' and --minority '{b}'", a, b);
        StepImbalanceSyntax.RequireProduct(string.Create(CultureInfo.InvariantCulture, $"--ew '{ew:r}' and --eh '{eh:r}'"), ew, eh);
        double smallest = parsed.GetValue(from) ?? 1, largest = parsed.GetValue(to) ?? 1e4;
        int count = parsed.GetValue(points) ?? 41;
        double[] ratios = LogGrid.Between((from, smallest), (to, largest), count);
        var sweep = ParameterSweep.AlongRatio(a, b, ew, eh, ratios);
        return new SweepPlan(
            string.Create(CultureInfo.InvariantCulture, $"sweep --majority {a} --minority {b} --ew {ew:r} --eh {eh:r} --from {smallest:r} --to {largest:r} --points {count}"),
            (options, token) => new PathReport(sweep.Lines[0], sweep.Run(options, token)));
    }
}
