using System.CommandLine;
using System.CommandLine.Parsing;
using LayerPeeled.Solver.Analysis.Dynamics;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.ProjectedGradient;

namespace LayerPeeled.Cli.Input;

/// <summary>The options that say how a trajectory is followed; those of the other model are refused.</summary>
internal sealed class TrajectorySettings
{
    private static readonly (string Word, TrajectoryRule Value)[] Rules =
    [
        ("flow", TrajectoryRule.Flow), ("descent", TrajectoryRule.Descent), ("armijo", TrajectoryRule.Armijo),
        ("spectral", TrajectoryRule.Spectral), ("constant", TrajectoryRule.Constant), ("nesterov", TrajectoryRule.Nesterov),
    ];

    private readonly Option<TrajectoryModel?> model = ChoiceSyntax.Option("--model",
        "free: neither budgets nor penalties; norms grow, directions converge. lpm: projected gradient within the budgets. Default: free.",
        [("free", TrajectoryModel.Free), ("lpm", TrajectoryModel.LayerPeeled)]);

    private readonly Option<FactorizedLevel?> level = ChoiceSyntax.Option("--level",
        "samples: every example has a feature vector. means: every class has one. Default: samples.",
        [("samples", FactorizedLevel.SampleLevel), ("means", FactorizedLevel.ClassMeans)]);

    private readonly Option<TrajectoryRule?> rule = ChoiceSyntax.Option("--rule",
        "How steps are taken. free: flow (gradient flow, with an error estimate) or descent (one step size); default flow. lpm: armijo (backtracking), spectral, constant or nesterov; default armijo.",
        Rules);

    private readonly Option<int?> steps = NumberSyntax.Integer("--steps", "n", "Most steps. Default: 100000.", "a whole number of at least 1", 1);

    private readonly Option<double?> tolerance = NumberSyntax.Number(
        "--tolerance", "error", "flow: the estimated local error of a step over ‖(W, H)‖. Default: 1e-6.", "a number from 1e-13 to 0.1", value => value is >= 1e-13 and <= 0.1);

    private readonly Option<double?> stepSize = NumberSyntax.Number(
        "--step-size", "η", "descent: the step is −η times the gradient. Default: 0.1.", "a positive finite number", value => value > 0);

    private readonly Option<double?> logLoss = NumberSyntax.Number(
        "--log-loss", "value", "free: the run ends where the natural logarithm of the loss is at most this. Default: -1000.", "a negative number", value => value < 0);

    private readonly Option<double?> startNorm = NumberSyntax.Number(
        "--start-norm", "norm", "free: ‖W‖ and ‖H‖ of the random start. Default: 0.1.", "a positive finite number", value => value > 0);

    private readonly Option<double?> gap = NumberSyntax.Number(
        "--gap", "gap", "lpm: the run ends at this relative duality gap. Default: 1e-6.", "a number from 0 to 1", value => value is >= 0 and <= 1);

    private readonly Option<int?> records = NumberSyntax.Integer(
        "--record", "n", "Records for each factor of ten in the number of steps. Default: 20.", "a whole number of at least 1", 1);

    private readonly Option<int?> seed = NumberSyntax.Integer("--seed", "n", "Seed of the random start. Default: 0.", "a whole number of at least 0", 0);

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [model, level, rule, steps, tolerance, stepSize, logLoss, startNorm, gap, records, seed];

    /// <summary>The model.</summary>
    public TrajectoryModel Model(ParseResult parsed) => parsed.GetValue(model) ?? TrajectoryModel.Free;

    /// <summary>What a feature column stands for.</summary>
    public FactorizedLevel Level(ParseResult parsed) => parsed.GetValue(level) ?? FactorizedLevel.SampleLevel;

    /// <summary>The rule.</summary>
    public TrajectoryRule Rule(ParseResult parsed) =>
        parsed.GetValue(rule) ?? (Model(parsed) == TrajectoryModel.Free ? TrajectoryRule.Flow : TrajectoryRule.Armijo);

    /// <summary>The rule as it was given.</summary>
    public static string Word(TrajectoryRule rule) => Rules.First(choice => choice.Value == rule).Word;

    /// <summary>Options of the unconstrained model.</summary>
    /// <exception cref="UsageException">One belongs to the other model or to another rule.</exception>
    public GradientFlowOptions Flow(ParseResult parsed)
    {
        TrajectoryRule chosen = Rule(parsed);
        if (chosen is not (TrajectoryRule.Flow or TrajectoryRule.Descent))
        {
            throw new UsageException($"{rule.Name} '{Word(chosen)}' is not for --model free; flow or descent is expected.");
        }

        Refuse(parsed, "--model free", gap);
        Refuse(parsed, $"--rule {Word(chosen)}", chosen == TrajectoryRule.Flow ? stepSize : tolerance);
        var defaults = new GradientFlowOptions();
        return defaults with
        {
            Rule = chosen == TrajectoryRule.Flow ? FlowRule.Flow : FlowRule.Descent,
            Tolerance = parsed.GetValue(tolerance) ?? defaults.Tolerance,
            StepSize = parsed.GetValue(stepSize) ?? defaults.StepSize,
            FinalLogLoss = parsed.GetValue(logLoss) ?? defaults.FinalLogLoss,
            StartNorm = parsed.GetValue(startNorm) ?? defaults.StartNorm,
            MaxSteps = parsed.GetValue(steps) ?? defaults.MaxSteps,
            Seed = parsed.GetValue(seed) ?? defaults.Seed,
            RecordsPerDecade = parsed.GetValue(records) ?? defaults.RecordsPerDecade,
        };
    }

    /// <summary>Options of projected gradient.</summary>
    /// <exception cref="UsageException">One belongs to the other model.</exception>
    public ProjectedGradientOptions Method(ParseResult parsed)
    {
        Refuse(parsed, "--model lpm", tolerance, stepSize, logLoss, startNorm);
        TrajectoryRule chosen = Rule(parsed);
        var defaults = new ProjectedGradientOptions();
        return defaults with
        {
            StepRule = chosen switch
            {
                TrajectoryRule.Spectral => StepRule.BarzilaiBorwein,
                TrajectoryRule.Armijo => StepRule.Armijo,
                TrajectoryRule.Constant => StepRule.Constant,
                TrajectoryRule.Nesterov => StepRule.Nesterov,
                _ => throw new UsageException($"{rule.Name} '{Word(chosen)}' is not for --model lpm; armijo, spectral, constant or nesterov is expected."),
            },
            RelativeGapTolerance = parsed.GetValue(gap) ?? defaults.RelativeGapTolerance,
            MaxIterations = parsed.GetValue(steps) ?? defaults.MaxIterations,
            Seed = parsed.GetValue(seed) ?? defaults.Seed,
        };
    }

    /// <summary>What projected gradient records.</summary>
    public TrajectoryOptions Recording(ParseResult parsed, TrajectoryTarget? target) =>
        parsed.GetValue(records) is { } number ? new TrajectoryOptions { RecordsPerDecade = number, Target = target } : new TrajectoryOptions { Target = target };

    private static void Refuse(ParseResult parsed, string where, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
        {
            if (parsed.GetResult(option) is OptionResult { Implicit: false } given)
            {
                throw new UsageException($"{option.Name} '{string.Join(' ', given.Tokens.Select(token => token.Value))}' has no meaning with {where}.");
            }
        }
    }
}
