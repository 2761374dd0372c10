using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Threshold;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled threshold</c>.</summary>
internal sealed class ThresholdCommand
{
    private readonly Option<int?> majority = NumberSyntax.Integer("--majority", "K_A", "Classes with many examples.", "a whole number of at least 1", 1);

    private readonly Option<int?> minority = NumberSyntax.Integer(
        "--minority", "K_B", "Classes with few examples.", "a whole number of at least 2 (a single class has no other to collapse with)", 2);

    private readonly Option<double?> ratio = NumberSyntax.Ratio(
        "--at-ratio", "Says what happens at this ratio of examples, and what would avoid collapse there; inf for minority classes without examples.");

    private readonly ModelOptions model = new();

    private readonly ReportOptions output = new();

    private ThresholdCommand()
    {
    }

    public static Command Create(Terminal terminal, Func<CancellationToken> listen)
    {
        var self = new ThresholdCommand();
        var command = new Command("threshold",
            "Says where minority classes collapse. With --majority and --minority: the exact imbalance ratio R_0 of two groups. With the classes of --classes, " +
            "--counts, --labels or --long-tail: the critical class size n*, and which classes are at or below it.")
        {
            self.majority, self.minority, self.ratio,
        };
        self.model.AddTo(command);
        self.output.AddTo(command);
        command.SetAction(parsed => self.Run(parsed, terminal, listen));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        string[] own = new Option[] { majority, minority, ratio }.Where(option => parsed.GetResult(option) is not null).Select(option => option.Name).ToArray();
        string[] classes = model.GivenForClasses(parsed).ToArray();
        if (own.Length == 0)
        {
            return RunCounts(parsed, terminal, listen);
        }

        if (classes.Length > 0)
        {
            throw new UsageException($"{own[0]} belongs to two groups of classes and {classes[0]} gives classes of its own; one or the other is expected.");
        }

        int many = parsed.GetValue(majority) ?? throw new UsageException($"{own[0]} needs {majority.Name} too: a whole number of at least 1.");
        int few = parsed.GetValue(minority) ?? throw new UsageException($"{own[0]} needs {minority.Name} too: a whole number of at least 2.");
        double ew = model.ClassifierBudget(parsed), eh = model.FeatureBudget(parsed);
        OutputFile? file = output.File(parsed);
        output.Print(parsed, terminal, new ThresholdReport(MinorityCollapseThreshold.At(many, few, ew * eh), ew, eh, parsed.GetValue(ratio)), file);
        return ExitCode.Certified;
    }

    private int RunCounts(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        if (!model.HasClasses(parsed))
        {
            throw new UsageException("The classes are missing: --majority and --minority for two groups, or one of --classes, --counts, --labels and --long-tail.");
        }

        ClassInput input = model.Model(parsed, terminal);
        OutputFile? file = output.File(parsed);
        CollapseAnalysis analysis;
        using (var progress = new ProgressLine(terminal, TimeProvider.System))
        {
            analysis = CollapseAnalysis.Of(input.Model, null, progress, listen());
        }

        output.Print(parsed, terminal, new CollapseReport(input, analysis), file);
        return ExitCode.Of(analysis.Solution.Status);
    }
}
