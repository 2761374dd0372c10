using System.CommandLine;
using System.CommandLine.Parsing;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Cli.Output.Threshold;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled phase</c>.</summary>
internal sealed class PhaseCommand
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
    private readonly SweepOutputs outputs = new();

    private PhaseCommand()
    {
    }

    public static Command Create(Terminal terminal, Func<CancellationToken> listen)
    {
        var self = new PhaseCommand();
        var command = new Command("phase", "Phase diagrams of minority collapse.")
        {
            self.quantity, self.majority, self.minority, self.from, self.to, self.points, self.classCount, self.budgetFrom, self.budgetTo, self.budgetPoints,
        };
        foreach (Option option in self.outputs.All)
        {
            command.Add(option);
        }

        command.SetAction(parsed => self.Run(parsed, terminal, listen));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen) => (parsed.GetValue(quantity) ?? "cosine") switch
    {
        "cosine" => RunCosine(parsed, terminal, listen),
        "threshold" => RunThreshold(parsed, terminal, listen),
        var name => throw new UsageException($"--quantity '{name}' is not known; cosine or threshold is expected."),
    };

    private int RunCosine(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        Refuse(parsed, "cosine", classCount);
        int a = parsed.GetValue(majority) ?? 5, b = parsed.GetValue(minority) ?? 5;
        StepImbalanceSyntax.RequireClasses($"--majority '{a}' and --minority '{b}'", a, b);
        double[] ratios = LogGrid.Between((from, parsed.GetValue(from) ?? 1), (to, parsed.GetValue(to) ?? 1e4), parsed.GetValue(points) ?? 41);
        double[] budgets = Budgets(parsed);
        LogGrid.RequireFew((double)ratios.Length * budgets.Length);
        return outputs.Run(parsed, terminal, listen, (options, token) => new CosinePhaseReport(a, b, PhaseDiagram.Compute(a, b, ratios, budgets, options, token)));
    }

    private int RunThreshold(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        Refuse(parsed, "threshold", majority, minority, from, points);
        outputs.RequireNoSweep(parsed, "with --quantity threshold");
        int classes = parsed.GetValue(classCount) ?? 10;
        if (classes - 2 > MostMajoritySizes)
        {
            throw new UsageException($"--class-count '{classes}' is not allowed: it must be at most {MostMajoritySizes + 2}.");
        }

        double[] budgets = Budgets(parsed);
        LogGrid.RequireFew((double)budgets.Length * (classes - 2));
        return outputs.Run(parsed, terminal, listen, (_, _) =>
            new ThresholdPhaseReport(ThresholdDiagram.Compute(classes, Enumerable.Range(1, classes - 2), budgets), parsed.GetValue(to) ?? 1e6));
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
