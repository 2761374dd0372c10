using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Cli.Output.Threshold;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled phase</c>.</summary>
internal sealed class PhaseCommand() : SweepingCommand("phase", "Phase diagrams of minority collapse.")
{
    private const int MostMajoritySizes = 1000;

    private readonly Option<string?> quantity = new("--quantity")
    {
        HelpName = "name",
        Description = "cosine: between minority classifiers, over R and E_W·E_H; threshold: R_0, over K_A and E_W·E_H. Default: cosine.",
    };

    private readonly Option<int?> majority = StepImbalanceSyntax.Classes("--majority", "K_A", "cosine: number of majority classes. Default: 5.");
    private readonly Option<int?> minority = NumberSyntax.Integer(
        "--minority", "K_B", "cosine: number of minority classes. Default: 5.", "a whole number of at least 2", 2);
    private readonly Option<double?> from = NumberSyntax.Ratio("--from", "cosine: smallest ratio R. Default: 1.");
    private readonly Option<double?> to = NumberSyntax.Ratio("--to", "cosine: largest ratio R, default 10000; threshold: largest R_0 with a colour of its own, default 1000000.");
    private readonly Option<int?> points = StepImbalanceSyntax.Points("--points", "cosine: ratios, spaced by equal factors. Default: 41.");
    private readonly Option<int?> classCount = NumberSyntax.Integer(
        "--class-count", "K", "threshold: number of classes; K_A goes from 1 to K − 2. Default: 10.",
        "a whole number of at least 3", 3);
    private readonly Option<double?> budgetFrom = StepImbalanceSyntax.Positive("--budget-from", "E", "Smallest E_W·E_H. Default: 1.");
    private readonly Option<double?> budgetTo = StepImbalanceSyntax.Positive("--budget-to", "E", "Largest E_W·E_H. Default: 100.");
    private readonly Option<int?> budgetPoints = StepImbalanceSyntax.Points("--budget-points", "Values of E_W·E_H, spaced by equal factors. Default: 41.");

    protected override IEnumerable<Option> Settings => [quantity, majority, minority, from, to, points, classCount, budgetFrom, budgetTo, budgetPoints];

    protected override SweepPlan Plan(ParseResult parsed) => (parsed.GetValue(quantity) ?? "cosine") switch
    {
        "cosine" => CosinePlan(parsed),
        "threshold" => ThresholdPlan(parsed),
        var name => throw new UsageException($"--quantity '{name}' is not known; cosine or threshold is expected."),
    };

    private SweepPlan CosinePlan(ParseResult parsed)
    {
        Refuse(parsed, "cosine", classCount);
        int a = parsed.GetValue(majority) ?? 5, b = parsed.GetValue(minority) ?? 5;
        StepImbalanceSyntax.RequireClasses($"--majority '{a}' and --minority '{b}'", a, b);
        double smallest = parsed.GetValue(from) ?? 1, largest = parsed.GetValue(to) ?? 1e4;
        int count = parsed.GetValue(points) ?? 41;
        double[] ratios = LogGrid.Between((from, smallest), (to, largest), count);
        double[] budgets = Budgets(parsed);
        LogGrid.RequireFew((double)ratios.Length * budgets.Length);
        return new SweepPlan(
            string.Create(CultureInfo.InvariantCulture,
                $"phase --majority {a} --minority {b} --from {smallest:r} --to {largest:r} --points {count} --budget-from {budgets[0]:r} --budget-to {budgets[^1]:r} --budget-points {budgets.Length}"),
            (options, token) => new CosinePhaseReport(a, b, PhaseDiagram.Compute(a, b, ratios, budgets, options, token)));
    }

    private SweepPlan ThresholdPlan(ParseResult parsed)
    {
        Refuse(parsed, "threshold", majority, minority, from, points);
        int classes = parsed.GetValue(classCount) ?? 10;
        if (classes - 2 > MostMajoritySizes)
        {
            throw new UsageException($"--class-count '{classes}' is not allowed: it must be at most {MostMajoritySizes + 2}.");
        }

        double[] budgets = Budgets(parsed);
        LogGrid.RequireFew((double)budgets.Length * (classes - 2));
        double most = parsed.GetValue(to) ?? 1e6;
        return SweepPlan.Instant("with --quantity threshold", () =>
            new ThresholdPhaseReport(ThresholdDiagram.Compute(classes, Enumerable.Range(1, classes - 2), budgets), most));
    }

    private double[] Budgets(ParseResult parsed) => LogGrid.Between(
        (budgetFrom, parsed.GetValue(budgetFrom) ?? 1), (budgetTo, parsed.GetValue(budgetTo) ?? 100), parsed.GetValue(budgetPoints) ?? 41);

    private static void Refuse(ParseResult parsed, string name, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
        {
            if (parsed.GetResult(option) is OptionResult { Implicit: false } given)
            {
                throw new UsageException($"{option.Name} '{string.Join(' ', given.Tokens.Select(token => token.Value))}' is not for --quantity {name}.");
            }
        }
    }
}
