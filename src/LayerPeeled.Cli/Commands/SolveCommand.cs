using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Solve;
using LayerPeeled.Data;
using LayerPeeled.Data.Numpy;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled solve</c>.</summary>
internal sealed class SolveCommand
{
    private static readonly string Methods = string.Join(", ", SolverCatalog.All.Select(entry => entry.Name));
    private const double LongestTime = 1e9;
    private const double MostMemory = 1e6;

    private readonly ModelOptions classes = new(budgetDefault: "Required with --model lpm.");

    private readonly RegulariserOptions model;

    private readonly TargetOptions targets = new();

    private readonly Option<int?> dimension = NumberSyntax.Integer(
        "--dimension", "p", "Feature dimension. Default: the number of classes (one less is always enough).", "a whole number of at least 1", 1);

    private readonly Option<string?> method = new("--method")
    {
        HelpName = "name",
        Description = $"One of {Methods}. Default: {SolverCatalog.Default}.",
    };

    private readonly Option<double?> gap = NumberSyntax.Number(
        "--gap", "gap", "Relative duality gap at which the optimum counts as certified. Default: the method's own.", "a number from 0 to 1",
        value => value is >= 0 and <= 1);

    private readonly Option<double?> accuracy = NumberSyntax.Number(
        "--accuracy", "error",
        "How accurate norms and cosines are to be, by estimate, once the gap has closed. Default: 1e-8; with a larger --gap than the default one, as the gap leaves them.",
        "a number from 0 to 1", value => value is >= 0 and <= 1);

    private readonly Option<int?> maxIterations = NumberSyntax.Integer(
        "--max-iterations", "n", "Most iterations. Default: the method's own.", "a whole number of at least 1", 1);

    private readonly Option<double?> timeLimit = NumberSyntax.Number(
        "--time-limit", "seconds", "Longest time; the best point so far is returned. Default: none.", $"a positive number of seconds up to {LongestTime:0}",
        value => value is > 0 and <= LongestTime);

    private readonly Option<double?> memory = NumberSyntax.Number(
        "--memory", "GB", "Most memory; classes are held together as far as that takes. Default: half of the machine's.", $"a number of gigabytes from 0.001 to {MostMemory:0}",
        value => value is >= 0.001 and <= MostMemory);

    private readonly Option<int?> seed = NumberSyntax.Integer(
        "--seed", "n", "Seed of random starting points, where the method draws one. Default: 0.", "a whole number of at least 0", 0);

    private readonly Option<string?> output = new("--out")
    {
        HelpName = "file.json|file.npz",
        Description = "Writes the solution with its matrices, for 'verify' and for other programs, as JSON or as NumPy arrays; with --targets a file.npz with 'classifier' (V×q) and 'contexts' (m×q).",
    };

    private readonly Option<bool> json = new("--json") { Description = "Prints the result as one JSON document and nothing else." };

    private readonly Option<bool> allGroups = new("--all-groups") { Description = "Shows every group (every token with --targets), however many there are." };

    private SolveCommand() => model = new(classes);

    public static Command Create(Terminal terminal, Func<CancellationToken> listen)
    {
        var self = new SolveCommand();
        var command = new Command("solve",
            "Solves the Layer-Peeled Model, or the unconstrained-features model, and certifies the solution. The classes come from exactly one of --classes, --counts, --labels and --long-tail; --targets gives distributions over tokens instead.")
        {
            self.dimension, self.method, self.gap, self.accuracy, self.maxIterations, self.timeLimit, self.memory, self.seed, self.output, self.json,
            self.allGroups,
        };
        self.classes.AddTo(command);
        self.model.AddTo(command);
        self.targets.AddTo(command);
        command.SetAction(parsed => self.Run(parsed, terminal, listen));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        SolverEntry entry = Method(parsed.GetValue(method) ?? SolverCatalog.Default);
        SolverOptions options = Options(parsed, entry.Defaults);
        if (targets.AreGiven(parsed))
        {
            return RunTargets(parsed, terminal, entry, options, listen);
        }

        ClassInput input = model.Model(parsed, terminal, parsed.GetValue(dimension));
        LayerPeeledModel problem = input.Model;
        OutputFile? file = parsed.GetValue(output) is { } path ? new OutputFile("--out", path) : null;
        LayerPeeledSolution solution = Solve(terminal, entry, progress => entry.Create(options).Solve(problem, progress, listen()));

        try
        {
            file?.Write(stream => SolutionFile.Write(stream, SolutionFile.FormatOf(parsed.GetValue(output)!), solution, JsonOptions(input)));
        }
        finally
        {
            Print(parsed, terminal, input, solution);
        }

        return ExitCode.Of(solution.Status);
    }

    private int RunTargets(ParseResult parsed, Terminal terminal, SolverEntry entry, SolverOptions options, Func<CancellationToken> listen)
    {
        if (classes.GivenForClasses(parsed).Concat(model.Given(parsed)).FirstOrDefault() is { } given)
        {
            throw new UsageException($"{given} has no meaning with --targets, whose model has budgets and cross-entropy.");
        }

        TargetInput input = targets.Model(parsed, classes.ClassifierBudget(parsed), classes.FeatureBudget(parsed), parsed.GetValue(dimension));
        OutputFile? file = parsed.GetValue(output) is not { } path ? null
            : path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? new OutputFile("--out", path)
            : throw new UsageException($"--out '{path}' is not allowed with --targets: it must end in .npz.");
        SoftTargetSolution solution = Solve(terminal, entry, progress => new SoftTargetSolver(entry.Create(options)).Solve(input.Model, progress, listen()));
        var report = new TargetReport(input, solution, options.RelativeGapTolerance, parsed.GetValue(allGroups));
        try
        {
            file?.Write(stream => WriteMatrices(stream, solution));
        }
        finally
        {
            if (parsed.GetValue(json))
            {
                terminal.Output.Write(report.ToJson());
            }
            else
            {
                report.Write(new Sheet(terminal));
            }

            terminal.Output.Flush();
        }

        return ExitCode.Of(solution.Status);
    }

    private static T Solve<T>(Terminal terminal, SolverEntry entry, Func<ProgressLine, T> solve)
    {
        using var progress = new ProgressLine(terminal, TimeProvider.System);
        try
        {
            return solve(progress);
        }
        catch (ArgumentException error)
        {
            // The method does not take this model, for its memory above all.
            throw new UsageException($"--method '{entry.Name}': {UsageException.WithoutParameter(error)}");
        }
    }

    private static void WriteMatrices(Stream stream, SoftTargetSolution solution)
    {
        Matrix<double> w = solution.Classifier, h = solution.Features;
        int rank = Math.Max(1, solution.Rank);
        using var archive = new NpzWriter(stream);
        archive.Add("classifier", w.SubMatrix(0, w.RowCount, 0, rank));
        archive.Add("contexts", h.SubMatrix(0, rank, 0, h.ColumnCount).Transpose());
    }

    private void Print(ParseResult parsed, Terminal terminal, ClassInput input, LayerPeeledSolution solution)
    {
        if (parsed.GetValue(json))
        {
            terminal.Output.Write(SolutionJson.ToText(solution, JsonOptions(input)));
        }
        else
        {
            new SolutionReport(new Sheet(terminal), input, solution, parsed.GetValue(allGroups)).Write();
        }

        terminal.Output.Flush();
    }

    private static SolutionJsonOptions JsonOptions(ClassInput input) => new() { ClassNames = input.Names, Source = input.Source, Notes = input.Notes };

    private static SolverEntry Method(string name) => SolverCatalog.Find(name)
        ?? throw new UsageException($"--method '{name}' is not known; one of {Methods} is expected.");

    private SolverOptions Options(ParseResult parsed, SolverOptions defaults)
    {
        SolverOptions options = defaults with
        {
            RelativeGapTolerance = parsed.GetValue(gap) ?? defaults.RelativeGapTolerance,
            MaxIterations = parsed.GetValue(maxIterations) ?? defaults.MaxIterations,
            TimeLimit = parsed.GetValue(timeLimit) is { } seconds ? TimeSpan.FromTicks(Math.Max(1, (long)(seconds * TimeSpan.TicksPerSecond))) : defaults.TimeLimit,
            MemoryBudget = parsed.GetValue(memory) is { } gigabytes ? (long)(gigabytes * 1e9) : defaults.MemoryBudget,
            Seed = parsed.GetValue(seed) ?? defaults.Seed,
        };
        return parsed.GetValue(accuracy) is { } error ? options with { GeometryErrorTolerance = error } : options;
    }
}
