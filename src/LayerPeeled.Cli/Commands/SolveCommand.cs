using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Data;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled solve</c>.</summary>
internal sealed class SolveCommand
{
    private const double LongestTime = 1e9;

    private readonly Option<string?> classes = new("--classes")
    {
        HelpName = "5x1000,5x10",
        Description = "Groups of equal classes: number of classes x examples of each; counts may be fractional or 0.",
    };

    private readonly Option<string?> counts = new("--counts")
    {
        HelpName = "file.csv",
        Description = "A file with one count a line, or class,count with or without a header; - reads standard input.",
    };

    private readonly Option<string?> longTail = new("--long-tail")
    {
        HelpName = "K,largest,ratio",
        Description = "K classes with an exponential profile of counts, from the largest down to largest/ratio.",
    };

    private readonly Option<string?> weights = new("--weights")
    {
        HelpName = "list|file",
        Description = "Loss weights, one a group for --classes, else one a class: a comma list, or a file like that of --counts. Default: 1.",
    };

    private readonly Option<double?> classifierBudget = NumberSyntax.Number(
        "--ew", "E_W", "Classifier budget: the mean of ‖w_k‖² is at most this. Required.", "a positive finite number", value => value > 0);

    private readonly Option<double?> featureBudget = NumberSyntax.Number(
        "--eh", "E_H", "Feature budget: the mean of ‖h_k‖² is at most this. Required.", "a positive finite number", value => value > 0);

    private readonly Option<int?> dimension = NumberSyntax.Integer(
        "--dimension", "p", "Feature dimension. Default: the number of classes (one less is always enough).", "a whole number of at least 1", 1);

    private readonly Option<string?> method = new("--method")
    {
        HelpName = "name",
        Description = $"One of {MethodCatalog.Names}. Default: {MethodCatalog.Default}.",
    };

    private readonly Option<double?> gap = NumberSyntax.Number(
        "--gap", "gap", "Relative duality gap at which the optimum counts as certified. Default: the method's own.", "a number from 0 to 1",
        value => value is >= 0 and <= 1);

    private readonly Option<int?> maxIterations = NumberSyntax.Integer(
        "--max-iterations", "n", "Most iterations. Default: the method's own.", "a whole number of at least 1", 1);

    private readonly Option<double?> timeLimit = NumberSyntax.Number(
        "--time-limit", "seconds", "Longest time; the best point so far is returned. Default: none.", $"a positive number of seconds up to {LongestTime:0}",
        value => value is > 0 and <= LongestTime);

    private readonly Option<int?> seed = NumberSyntax.Integer(
        "--seed", "n", "Seed of random starting points, where the method draws one. Default: 0.", "a whole number of at least 0", 0);

    private readonly Option<string?> output = new("--out")
    {
        HelpName = "file.json",
        Description = "Writes the solution with its matrices, for 'verify' and for other programs.",
    };

    private readonly Option<bool> json = new("--json") { Description = "Prints the result as one JSON document and nothing else." };

    private readonly Option<bool> allGroups = new("--all-groups") { Description = "Shows every group, however many there are." };

    private SolveCommand()
    {
    }

    public static Command Create(Terminal terminal, Func<CancellationToken> listen)
    {
        var self = new SolveCommand();
        var command = new Command("solve",
            "Solves the Layer-Peeled Model and certifies the solution. The classes come from exactly one of --classes, --counts and --long-tail.\n\n" + ExitCode.Table)
        {
            self.classes, self.counts, self.longTail, self.weights, self.classifierBudget, self.featureBudget, self.dimension,
            self.method, self.gap, self.maxIterations, self.timeLimit, self.seed, self.output, self.json, self.allGroups,
        };
        command.SetAction(parsed => self.Run(parsed, terminal, listen));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        MethodEntry entry = Method(parsed.GetValue(method) ?? MethodCatalog.Default);
        SolverOptions options = Options(parsed, entry.Defaults);
        var source = new ClassSource(parsed.GetValue(classes), parsed.GetValue(counts), parsed.GetValue(longTail), parsed.GetValue(weights));
        LayerPeeledModel model = source.ToModel(
            Budget(parsed, classifierBudget), Budget(parsed, featureBudget), parsed.GetValue(dimension), terminal.OpenInput);
        if (model.ClassCount > entry.MaximumClasses)
        {
            throw new UsageException($"--method '{entry.Name}' works class by class and takes at most {entry.MaximumClasses} classes, not {model.ClassCount}; auto and reduced take any number.");
        }

        OutputFile? file = parsed.GetValue(output) is { } path ? new OutputFile("--out", path) : null;
        LayerPeeledSolution solution;
        using (var progress = new ProgressLine(terminal, TimeProvider.System))
        {
            solution = entry.Create(options).Solve(model, progress, listen());
        }

        try
        {
            file?.Write(stream => SolutionJson.Write(stream, solution, new SolutionJsonOptions { IncludeMatrices = true }));
        }
        finally
        {
            Print(parsed, terminal, solution);
        }

        return solution.Status switch
        {
            SolverStatus.Optimal => ExitCode.Certified,
            SolverStatus.Cancelled => ExitCode.Cancelled,
            SolverStatus.NumericalError => ExitCode.Failure,
            _ => ExitCode.NotCertified,
        };
    }

    private void Print(ParseResult parsed, Terminal terminal, LayerPeeledSolution solution)
    {
        if (parsed.GetValue(json))
        {
            terminal.Output.Write(SolutionJson.ToText(solution));
        }
        else
        {
            new SolutionReport(new Sheet(terminal), solution, parsed.GetValue(allGroups)).Write();
        }

        terminal.Output.Flush();
    }

    private static MethodEntry Method(string name) => MethodCatalog.Find(name)
        ?? throw new UsageException($"--method '{name}' is not known; one of {MethodCatalog.Names} is expected.");

    private static double Budget(ParseResult parsed, Option<double?> option) => parsed.GetValue(option)
        ?? throw new UsageException($"{option.Name} is required: a positive finite number.");

    private SolverOptions Options(ParseResult parsed, SolverOptions defaults) => defaults with
    {
        RelativeGapTolerance = parsed.GetValue(gap) ?? defaults.RelativeGapTolerance,
        MaxIterations = parsed.GetValue(maxIterations) ?? defaults.MaxIterations,
        TimeLimit = parsed.GetValue(timeLimit) is { } seconds ? TimeSpan.FromTicks(Math.Max(1, (long)(seconds * TimeSpan.TicksPerSecond))) : defaults.TimeLimit,
        Seed = parsed.GetValue(seed) ?? defaults.Seed,
    };
}
