using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Mitigate;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled mitigate</c>.</summary>
internal sealed class MitigateCommand
{
    private const double DefaultBeta = 0.999;
    private const double DefaultTolerance = 1e-5;
    private const double LossTolerance = 1e-4;

    private readonly ModelOptions model = new(
        "Weights of your own to compare with the rules, one a group for --classes, else one a class: a comma list, or a file like that of --counts.");

    private readonly Option<double?> beta = NumberSyntax.Number(
        "--beta", "β", $"β of the effective number of samples. Default: {DefaultBeta}.", "a number of at least 0 and below 1", value => value is >= 0 and < 1);

    private readonly Option<double?> rate = NumberSyntax.Number(
        "--oversample", "w_r", "Also compares oversampling (or weighting) of the classes with few examples by w_r.", "a positive finite number", value => value > 0);

    private readonly Option<double?> below = NumberSyntax.Number(
        "--below", "n", "With --oversample: the classes with fewer than n examples. Default: the minority classes.", "a positive finite number", value => value > 0);

    private readonly Option<int?> minority = NumberSyntax.Integer(
        "--minority", "m", "How many classes to watch: the smallest, whole groups of equal counts, until there are m. Default: 2.", "a whole number of at least 2", 2);

    private readonly Option<bool> weakest = new("--weakest")
    {
        Description = "Also finds the smallest τ for which the weights n^-τ avoid collapse; some ten solves, most of them rough.",
    };

    private readonly Option<bool> losses = new("--losses")
    {
        Description = "Also compares other losses: logit adjustment, temperatures, margins, smoothed labels; with --weakest the weakest of each that separates the classes.",
    };

    private readonly Option<double?> tolerance = NumberSyntax.Number(
        "--tolerance", "width", "With --weakest: how closely τ is bracketed. Default: 1e-5.", "a number from 1e-9 to 1", value => value is >= 1e-9 and <= 1);

    private readonly ReportOptions output = new();

    private MitigateCommand()
    {
    }

    public static Command Create(Terminal terminal, Func<CancellationToken> listen)
    {
        var self = new MitigateCommand();
        var command = new Command("mitigate",
            "Compares what re-weighting rules do against minority collapse, and finds the weakest one that avoids it. The classes come from exactly one of " +
            "--classes, --counts, --labels and --long-tail.")
        {
            self.beta, self.rate, self.below, self.minority, self.losses, self.weakest, self.tolerance,
        };
        self.model.AddTo(command);
        self.output.AddTo(command);
        command.SetAction(parsed => self.Run(parsed, terminal, listen));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        Require(parsed, below, parsed.GetValue(rate) is not null, "--oversample");
        Require(parsed, tolerance, parsed.GetValue(weakest), "--weakest");
        ClassInput input = model.Model(parsed, terminal);
        LayerPeeledModel given = input.Model;
        double[] counts = PerClass(given, group => group.Count);
        var analysis = new MitigationAnalysis(counts, given.ClassifierBudget, given.FeatureBudget, parsed.GetValue(minority) ?? 2);
        OutputFile? file = output.File(parsed);
        var outcomes = new List<MitigationOutcome>();
        WeakestReweighting? found = null;
        LossComparison? compared = null;
        CancellationToken token = listen();
        using (var progress = new ProgressLine(terminal, TimeProvider.System))
        {
            foreach (ReweightingRule rule in Rules(parsed, given, counts, analysis))
            {
                RequireWeights(rule, counts);
                outcomes.Add(analysis.Apply(rule, progress, token));
                if (token.IsCancellationRequested)
                {
                    break;
                }
            }

            if (parsed.GetValue(weakest) && !token.IsCancellationRequested)
            {
                found = analysis.FindWeakestPower(parsed.GetValue(tolerance) ?? DefaultTolerance, progress, token);
            }

            if (parsed.GetValue(losses) && !token.IsCancellationRequested)
            {
                var other = new LossMitigation(counts, given.ClassifierBudget, given.FeatureBudget, parsed.GetValue(minority) ?? 2);
                compared = LossComparison.Of(other, parsed.GetValue(weakest) ? parsed.GetValue(tolerance) ?? LossTolerance : null, progress, token);
            }
        }

        output.Print(parsed, terminal, new MitigationReport(input, analysis, outcomes, found, compared), file);
        bool certified = outcomes.All(outcome => outcome.Solution.Status == SolverStatus.Optimal) && found is null or { IsCertified: true } && compared is null or { IsCertified: true };
        return token.IsCancellationRequested ? ExitCode.Cancelled : certified ? ExitCode.Certified : ExitCode.NotCertified;
    }

    private static void RequireWeights(ReweightingRule rule, double[] counts)
    {
        try
        {
            _ = rule.Weights(counts);
        }
        catch (ArgumentException error)
        {
            throw new UsageException(UsageException.WithoutParameter(error));
        }
    }

    private IEnumerable<ReweightingRule> Rules(ParseResult parsed, LayerPeeledModel given, double[] counts, MitigationAnalysis analysis)
    {
        yield return ReweightingRule.None;
        yield return ReweightingRule.SquareRootInverse;
        yield return ReweightingRule.EffectiveNumber(parsed.GetValue(beta) ?? DefaultBeta);
        yield return ReweightingRule.InverseFrequency;
        if (parsed.GetValue(rate) is { } factor)
        {
            yield return ReweightingRule.Oversampling(factor, parsed.GetValue(below) ?? AboveMinority(counts, analysis));
        }

        if (model.HasWeights(parsed))
        {
            yield return ReweightingRule.Custom("--weights", PerClass(given, group => group.LossWeight));
        }
    }

    // The next count above those of the minority.
    private static double AboveMinority(double[] counts, MitigationAnalysis analysis)
    {
        double largest = analysis.MinorityClasses.Max(k => counts[k]);
        return counts.Where(n => n > largest).DefaultIfEmpty(double.BitIncrement(largest)).Min();
    }

    private static double[] PerClass(LayerPeeledModel model, Func<ClassGroup, double> value)
    {
        var values = new double[model.ClassCount];
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = value(model.Groups[model.GroupOfClass[k]]);
        }

        return values;
    }

    private static void Require<T>(ParseResult parsed, Option<T> option, bool isUseful, string owner)
    {
        if (parsed.GetResult(option) is not null && !isUseful)
        {
            throw new UsageException($"{option.Name} has no meaning without {owner}.");
        }
    }
}
