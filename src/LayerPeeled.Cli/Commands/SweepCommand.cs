using System.CommandLine;
using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled sweep</c>.</summary>
internal sealed class SweepCommand
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
    private readonly SweepOutputs outputs = new();

    private SweepCommand()
    {
    }

    public static Command Create(Terminal terminal, Func<CancellationToken> listen)
    {
        var self = new SweepCommand();
        var command = new Command("sweep",
            "Norms and cosines of majority and minority classes along the imbalance ratio R.")
        {
            self.majority, self.minority, self.classifierBudget, self.featureBudget, self.from, self.to, self.points,
        };
        foreach (Option option in self.outputs.All)
        {
            command.Add(option);
        }

        command.SetAction(parsed => self.Run(parsed, terminal, listen));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        int a = StepImbalanceSyntax.Required(parsed, majority, Classes), b = StepImbalanceSyntax.Required(parsed, minority, Classes);
        double ew = StepImbalanceSyntax.Required(parsed, classifierBudget, Budget), eh = StepImbalanceSyntax.Required(parsed, featureBudget, Budget);
        StepImbalanceSyntax.RequireClasses($"--majority '{a}' and --minority '{b}'", a, b);
        StepImbalanceSyntax.RequireProduct(string.Create(CultureInfo.InvariantCulture, $"--ew '{ew:r}' and --eh '{eh:r}'"), ew, eh);
        double[] ratios = LogGrid.Between((from, parsed.GetValue(from) ?? 1), (to, parsed.GetValue(to) ?? 1e4), parsed.GetValue(points) ?? 41);
        var sweep = ParameterSweep.AlongRatio(a, b, ew, eh, ratios);
        return outputs.Run(parsed, terminal, listen, (options, token) => new PathReport(sweep.Lines[0], sweep.Run(options, token)));
    }
}
