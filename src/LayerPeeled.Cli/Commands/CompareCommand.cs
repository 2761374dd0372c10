using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Compare;
using LayerPeeled.Cli.Relatives;
using LayerPeeled.Solver.Analysis.Comparison;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled compare</c>.</summary>
internal sealed class CompareCommand
{
    private readonly ModelOptions classes = new();

    private readonly Option<string?> models = new("--models")
    {
        HelpName = "list",
        Description = $"Members to lay side by side: a comma list of {ModelCatalog.Names(ModelCatalog.Compared)}. Default: all.",
    };

    private readonly Option<string[]> losses = new("--loss")
    {
        HelpName = "name[:param=value,…]",
        Description = "Further losses for the lpm, which has cross-entropy first; may be given several times. 'solve --help' lists them.",
    };

    private readonly Option<double?> gap = NumberSyntax.Number(
        "--gap", "gap", "Relative duality gap at which an optimum counts as certified. Default: 1e-10.", "a number from 0 to 1", value => value is >= 0 and <= 1);

    private readonly Option<int?> dimension = NumberSyntax.Integer(
        "--dimension", "p", "Feature dimension. Default: the number of classes.", "a whole number of at least 1", 1);

    private readonly ReportOptions report = new();

    private CompareCommand()
    {
    }

    public static Command Create(Terminal terminal, Func<CancellationToken> listen)
    {
        var self = new CompareCommand();
        var command = new Command("compare", "Lays models and losses side by side on the same classes and budgets: what becomes of the largest and of the smallest classes in each.")
        {
            self.models, self.losses, self.dimension, self.gap,
        };
        self.classes.AddTo(command);
        self.report.AddTo(command);
        command.SetAction(parsed => self.Run(parsed, terminal, listen));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        FamilyMemberKind[] kinds = Kinds(parsed.GetValue(models));
        ILoss[] further = [.. (parsed.GetValue(losses) ?? []).Select(Loss)];
        if (further.Length > 0 && !kinds.Contains(FamilyMemberKind.LayerPeeled))
        {
            throw new UsageException($"{losses.Name} '{further[0].Name}' has no meaning without lpm in {models.Name}.");
        }

        OutputFile? file = report.File(parsed);
        ClassInput input = classes.Model(parsed, terminal, parsed.GetValue(dimension));
        ClassInput[] others = [.. further.Select(loss =>
            classes.Model(parsed, terminal, new Budgets(input.Model.ClassifierBudget, input.Model.FeatureBudget), loss, parsed.GetValue(dimension)))];
        var options = new AutomaticOptions();
        options = options with { RelativeGapTolerance = parsed.GetValue(gap) ?? options.RelativeGapTolerance };
        CancellationToken token = listen();
        var members = new List<ComparedMember>();
        foreach (FamilyMemberKind kind in kinds.TakeWhile(_ => !token.IsCancellationRequested))
        {
            members.Add(FamilyComparison.Of(input.Model, kind, options, token));
            members.AddRange(kind != FamilyMemberKind.LayerPeeled ? []
                : others.TakeWhile(_ => !token.IsCancellationRequested).Select(other => FamilyComparison.Of(other.Model, kind, options, token)));
        }

        report.Print(parsed, terminal, new ComparisonReport(input, members), file);
        return token.IsCancellationRequested ? ExitCode.Cancelled
            : members.All(member => member.Status == SolverStatus.Optimal) ? ExitCode.Certified : ExitCode.NotCertified;
    }

    private FamilyMemberKind[] Kinds(string? list)
    {
        if (list is null)
        {
            return [.. ModelCatalog.Compared.Select(entry => entry.Compared!.Value)];
        }

        string[] names = list.Split(',', StringSplitOptions.TrimEntries);
        ModelEntry?[] entries = Array.ConvertAll(names, name => ModelCatalog.Compared.FirstOrDefault(entry => entry.Name == name));
        return !entries.Contains(null) && names.Distinct().Count() == names.Length
            ? [.. entries.Select(entry => entry!.Compared!.Value)]
            : throw new UsageException($"{models.Name} '{list}' is not allowed: a comma list of {ModelCatalog.Names(ModelCatalog.Compared)} is expected, each once.");
    }

    private ILoss Loss(string text) => LossCatalog.TryParse(text, out ILoss? loss, out string? error) ? loss
        : throw new UsageException($"{losses.Name} '{text}' is not allowed: {error}");
}
