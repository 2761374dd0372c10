using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Compare;
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

    private readonly ComparisonOptions comparison = new();

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
            self.dimension, self.gap,
        };
        foreach (Option option in self.comparison.All.Reverse())
        {
            command.Options.Insert(0, option);
        }

        self.classes.AddTo(command);
        self.report.AddTo(command);
        command.SetAction(parsed => self.Run(parsed, terminal, listen));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        ComparedModel[] compared = comparison.Models(parsed);
        OutputFile? file = report.File(parsed);
        ClassInput input = classes.Model(parsed, terminal, parsed.GetValue(dimension));
        LayerPeeledModel[] models = [.. compared.Select(model => model.Loss == CrossEntropyLoss.Instance ? input.Model
            : classes.Model(parsed, terminal, new Budgets(input.Model.ClassifierBudget, input.Model.FeatureBudget), model.Loss, parsed.GetValue(dimension)).Model)];
        var options = new AutomaticOptions();
        options = options with { RelativeGapTolerance = parsed.GetValue(gap) ?? options.RelativeGapTolerance };
        CancellationToken token = listen();
        var members = new List<ComparedMember>();
        foreach ((ComparedModel member, LayerPeeledModel model) in compared.Zip(models).TakeWhile(_ => !token.IsCancellationRequested))
        {
            members.Add(FamilyComparison.Of(model, member.Kind, options, token));
        }

        report.Print(parsed, terminal, new ComparisonReport(input, members), file);
        return token.IsCancellationRequested ? ExitCode.Cancelled
            : members.All(member => member.Status == SolverStatus.Optimal) ? ExitCode.Certified : ExitCode.NotCertified;
    }
}
