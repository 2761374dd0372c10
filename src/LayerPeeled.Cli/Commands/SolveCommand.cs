using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Solve;
using LayerPeeled.Cli.Relatives;
using LayerPeeled.Data;
using LayerPeeled.Data.Numpy;
using LayerPeeled.Data.Targets;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled solve</c>.</summary>
internal sealed class SolveCommand
{
    private static readonly string Methods = string.Join(", ", SolverCatalog.All.Select(entry => entry.Name));
    private readonly SolveOptions options = new(Methods, SolverCatalog.Default);

    private readonly Option<string?> output = new("--out")
    {
        HelpName = "file.json|file.npz",
        Description = "Writes the solution with its matrices, for 'verify' and for other programs, as JSON or as NumPy arrays. With --targets a file.npz with 'classifier' (V×q) and 'contexts' (m×q), with models other than lpm and ufm one with 'weight' (K×p) and 'means' (p×K).",
    };

    private readonly Option<bool> json = new("--json") { Description = "Prints the result as one JSON document and nothing else." };

    private readonly Option<bool> allGroups = new("--all-groups") { Description = "Shows every group (every token with --targets), however many there are." };

    private SolveCommand()
    {
    }

    public static Command Create(Terminal terminal, Func<CancellationToken> listen)
    {
        var self = new SolveCommand();
        var command = new Command("solve",
            "Solves the Layer-Peeled Model, or one of its relatives, and certifies the solution where there is a certificate. The classes come from exactly one of --classes, --counts, --labels and --long-tail; --targets gives distributions over tokens instead.")
        {
            self.output, self.json, self.allGroups,
        };
        self.options.AddTo(command);
        command.Add(self.options.Targets.Symmetry);
        command.SetAction(parsed => self.Run(parsed, terminal, listen));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        if (options.Targets.AreGiven(parsed))
        {
            return RunTargets(parsed, terminal, listen);
        }

        ModelEntry model = options.Regulariser.Entry(parsed);
        return model.Create is { } create ? RunRelative(parsed, terminal, listen, model, create(options)) : RunModel(parsed, terminal, listen, model);
    }

    private int RunModel(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen, ModelEntry model)
    {
        if (GivenOption.First(parsed, options.Relatives.All) is { } given)
        {
            IEnumerable<ModelEntry> owners = ModelCatalog.All.Where(entry => entry.Create?.Invoke(options).Takes.Contains(given.Option) == true);
            throw new UsageException($"{given.Text} has no meaning with --model {model.Name}; it is an option of --model {ModelCatalog.Names(owners)}.");
        }

        (SolverEntry entry, SolverOptions limits) = Method(parsed);
        ClassInput input = options.Regulariser.Model(parsed, terminal, parsed.GetValue(options.Dimension));
        LayerPeeledModel problem = input.Model;
        OutputFile? file = parsed.GetValue(output) is { } path ? new OutputFile("--out", path) : null;
        LayerPeeledSolution solution = Solve(terminal, $"--method '{entry.Name}'", progress => entry.Create(limits).Solve(problem, progress, listen()));
        Finish(parsed, terminal, file, stream => SolutionFile.Write(stream, SolutionFile.FormatOf(parsed.GetValue(output)!), solution, JsonOptions(input)),
            () => SolutionJson.ToText(solution, JsonOptions(input)), sheet => new SolutionReport(sheet, input, solution, parsed.GetValue(allGroups)).Write());
        return ExitCode.Of(solution.Status);
    }

    private int RunRelative(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen, ModelEntry model, Relative relative)
    {
        relative.RequireOwnOptions(parsed, [options.Regulariser.Kind, output, json, allGroups]);
        OutputFile? file = Archive(parsed, $"--model {model.Name}, whose solutions 'verify' does not read");
        long start = TimeProvider.System.GetTimestamp();
        RelativeResult result = Solve(terminal, $"--model '{model.Name}'", progress =>
            relative.Solve(new RelativeRun(parsed, options, terminal, progress, listen, file is not null)));
        var report = new RelativeReport(model, result, TimeProvider.System.GetElapsedTime(start), parsed.GetValue(allGroups));
        Finish(parsed, terminal, file, stream => WriteArrays(stream, result.Arrays()), report.ToJson, report.Write);
        return ExitCode.Of(result.Status);
    }

    private int RunTargets(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        (SolverEntry entry, SolverOptions limits) = Method(parsed);
        if (options.Classes.GivenForClasses(parsed).Concat(options.Regulariser.Given(parsed)).FirstOrDefault() is { } given)
        {
            throw new UsageException($"{given} has no meaning with --targets, whose model has budgets and cross-entropy.");
        }

        if (GivenOption.First(parsed, options.Relatives.All) is { } other)
        {
            throw new UsageException($"{other.Text} has no meaning with --targets.");
        }

        TargetInput input = options.Targets.Model(parsed, options.Classes.ClassifierBudget(parsed), options.Classes.FeatureBudget(parsed), parsed.GetValue(options.Dimension));
        OutputFile? file = Archive(parsed, "--targets");
        TargetSymmetry symmetry = options.Targets.SymmetryOf(parsed, input.Model.Targets);
        if (parsed.GetValue(options.Targets.Symmetry) is { } asked && entry.Name != SolverCatalog.Default)
        {
            throw new UsageException($"{options.Targets.Symmetry.Name} '{asked}' has no meaning with --method '{entry.Name}': only '{SolverCatalog.Default}' uses a symmetry.");
        }

        SoftTargetSolution solution = Solve(terminal, $"--method '{entry.Name}'", progress => new SoftTargetSolver(entry.Create(limits), symmetry).Solve(input.Model, progress, listen()));
        var report = new TargetReport(input, solution, limits.RelativeGapTolerance, parsed.GetValue(allGroups));
        Finish(parsed, terminal, file, stream => TargetSolutionNpz.Write(stream, solution), report.ToJson, report.Write);
        return ExitCode.Of(solution.Status);
    }

    private void Finish(ParseResult parsed, Terminal terminal, OutputFile? file, Action<Stream> write, Func<string> document, Action<Sheet> report)
    {
        try
        {
            file?.Write(write);
        }
        finally
        {
            if (parsed.GetValue(json))
            {
                terminal.Output.Write(document());
            }
            else
            {
                report(new Sheet(terminal));
            }

            terminal.Output.Flush();
        }
    }

    private OutputFile? Archive(ParseResult parsed, string with) => parsed.GetValue(output) is not { } path ? null
        : path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? new OutputFile("--out", path)
        : throw new UsageException($"--out '{path}' is not allowed with {with}: it must end in .npz.");

    private static T Solve<T>(Terminal terminal, string what, Func<ProgressLine, T> solve)
    {
        using var progress = new ProgressLine(terminal, TimeProvider.System);
        try
        {
            return solve(progress);
        }
        catch (ArgumentException error)
        {
            // The method does not take this model, for its memory above all, or the model not these classes.
            throw new UsageException($"{what}: {UsageException.WithoutParameter(error)}");
        }
    }

    private static void WriteArrays(Stream stream, IEnumerable<(string Name, Matrix<double> Values)> arrays)
    {
        using var archive = new NpzWriter(stream);
        foreach ((string name, Matrix<double> values) in arrays)
        {
            archive.Add(name, values);
        }
    }

    private static SolutionJsonOptions JsonOptions(ClassInput input) => new() { ClassNames = input.Names, Source = input.Source, Notes = input.Notes };

    private (SolverEntry Entry, SolverOptions Options) Method(ParseResult parsed)
    {
        string name = parsed.GetValue(options.Method) ?? SolverCatalog.Default;
        SolverEntry entry = SolverCatalog.Find(name) ?? throw new UsageException($"--method '{name}' is not known; one of {Methods} is expected.");
        return (entry, options.Limits.Apply(parsed, entry.Defaults));
    }
}
