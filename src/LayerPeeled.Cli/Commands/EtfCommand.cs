using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Etf;
using LayerPeeled.Data;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled etf</c>.</summary>
internal sealed class EtfCommand
{
    private readonly Argument<string?> file = new("file")
    {
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "point.npz|solution",
        Description = "Arrays 'weight' (K×p) and 'means' (p×K or K×p), or a solution written by 'solve --out'.",
    };

    private readonly Option<int?> balanced = NumberSyntax.Integer(
        "--balanced", "K", "Instead of a file: the optimum of K balanced classes in closed form, at --ew and --eh.", "a whole number of at least 2", 2);

    private readonly ModelOptions model = new(budgetDefault: "Default: what the arrays use.");

    private readonly Option<bool> meansRows = new("--means-rows") { Description = "Says that 'means' is K×p, one row a class, where K = p leaves it open." };

    private readonly Option<double?> tolerance = NumberSyntax.Number(
        "--tolerance", "tol", "The largest distance and deviation in budget use that pass for zero. Default: 1e-6.", "a number from 0 to 1", value => value is >= 0 and <= 1);

    private readonly Option<double?> gap = NumberSyntax.Number(
        "--gap", "gap", "Relative duality gap at which the optimum counts as certified. Default: 1e-8.", "a number from 0 to 1", value => value is >= 0 and <= 1);

    private readonly ReportOptions output = new();

    private EtfCommand()
    {
    }

    public static Command Create(Terminal terminal)
    {
        var self = new EtfCommand();
        var command = new Command("etf",
            "Says whether classifiers and class means are a simplex ETF, and whether they are optimal. For arrays the model has balanced classes, or those of " +
            "--classes, --counts, --labels or --long-tail, and the budgets that the arrays use, or --ew and --eh.")
        {
            self.file, self.balanced, self.meansRows, self.tolerance, self.gap,
        };
        self.model.AddTo(command);
        self.output.AddTo(command);
        command.SetAction(parsed => self.Run(parsed, terminal));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal)
    {
        if (parsed.GetValue(balanced) is { } classes)
        {
            return RunBalanced(parsed, terminal, classes);
        }

        string path = parsed.GetValue(file) ?? throw new UsageException("A file with the point is expected, or --balanced K.");
        bool isSolution = IsSolution(path);
        if (isSolution && (model.Given(parsed).FirstOrDefault() ?? (parsed.GetValue(meansRows) ? meansRows.Name : null)) is { } option)
        {
            throw new UsageException($"{option} has no meaning for a saved solution: '{path}' holds its own model.");
        }

        OutputFile? rows = output.File(parsed);
        SavedSolution? saved = isSolution ? Read(path) : null;
        if (saved is not null && saved.Model.Regulariser is not Budgets { FeatureNorm: FeatureNorm.PerClass })
        {
            throw new UsageException($"'{path}' is a solution with {(saved.Model.Regulariser is Penalties ? "penalties" : "features that count per sample")}; "
                + "one with budgets for classifiers and class means is expected.");
        }

        EtfPoint point = saved is not null ? EtfPoint.Of(path, saved) : EtfPoint.OfArrays(path, parsed.GetValue(meansRows));
        EtfOptimality verdict;
        ClassInput input = saved is not null ? new ClassInput(saved.Model, saved.ClassNames, null, []) : Model(parsed, terminal, path, point);
        try
        {
            verdict = EtfOptimality.Of(input.Model, point.Classifier, point.ClassMeans, parsed.GetValue(tolerance) ?? 1e-6, parsed.GetValue(gap) ?? 1e-8);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{path}: {UsageException.WithoutParameter(error)}");
        }

        output.Print(parsed, terminal, new EtfReport(input, point.Note, verdict), rows);
        return verdict.IsOptimal ? ExitCode.Certified : ExitCode.NotCertified;
    }

    private int RunBalanced(ParseResult parsed, Terminal terminal, int classes)
    {
        string? other = parsed.GetValue(file) is { } path ? $"the file '{path}'"
            : model.GivenForClasses(parsed).Concat(
                new Option[] { meansRows, tolerance, gap }.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name)).FirstOrDefault();
        if (other is not null)
        {
            throw new UsageException($"--balanced '{classes}' is a closed form and needs nothing but --ew and --eh; {other} is given too.");
        }

        double ew = model.ClassifierBudget(parsed), eh = model.FeatureBudget(parsed);
        OutputFile? rows = output.File(parsed);
        output.Print(parsed, terminal, new BalancedReport(LayerPeeledModel.FromClassGroups([new ClassGroup(classes, 1)], ew, eh)), rows);
        return ExitCode.Certified;
    }

    private ClassInput Model(ParseResult parsed, Terminal terminal, string path, EtfPoint arrays)
    {
        int classes = arrays.Classifier.RowCount, dimension = arrays.Classifier.ColumnCount;
        double ew = model.ClassifierBudgetIfGiven(parsed) ?? MeasuredBudget(path, "--ew", "weight", arrays.Classifier.FrobeniusNorm(), classes);
        double eh = model.FeatureBudgetIfGiven(parsed) ?? MeasuredBudget(path, "--eh", "means", arrays.ClassMeans.FrobeniusNorm(), classes);
        if (!model.GivenForClasses(parsed).Any())
        {
            return new ClassInput(LayerPeeledModel.FromClassGroups([new ClassGroup(classes, 1)], ew, eh, dimension), null, "balanced, as no counts are given", []);
        }

        ClassInput given = model.Model(parsed, terminal, ew, eh, dimension);
        return given.Model.ClassCount == classes ? given
            : throw new UsageException($"{path}: 'weight' has {classes} rows and the model {given.Model.ClassCount} classes; one row a class is expected.");
    }

    private static bool IsSolution(string path)
    {
        using Stream stream = Open(path);
        return SolutionFile.IsSolution(stream);
    }

    private static SavedSolution Read(string path)
    {
        using Stream stream = Open(path);
        try
        {
            return SolutionFile.Read(stream);
        }
        catch (SolutionFormatException error)
        {
            throw new UsageException($"The file '{path}' is neither an .npz archive nor a saved solution: {error.Message}");
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"The file '{path}' cannot be read: {error.Message}");
        }
    }

    private static double MeasuredBudget(string path, string option, string array, double norm, int classes)
    {
        double budget = norm * norm / classes;
        return budget > 0 && double.IsFinite(budget) ? budget
            : throw new UsageException($"{path}: the mean squared norm of '{array}' is {budget}, which is no budget; finite numbers that are not all zero, or {option}, are expected.");
    }
}
