using System.CommandLine;
using System.Text;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Networks;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled diagnose</c>.</summary>
internal sealed class DiagnoseCommand
{
    private const double DefaultTolerance = 1e-3;

    private readonly NetworkOptions network = new(needsClassifier: true);

    private readonly Option<string?> weights = new("--weights")
    {
        HelpName = "list|file",
        Description = "The loss weights (or oversampling rates) that the network was trained with, one a class: a comma list, or a file of one a line. Default: 1.",
    };

    private readonly Option<int?> groups = NumberSyntax.Integer(
        "--groups", "n", "Most groups of classes to show; neighbouring counts share one where there are more. Default: half the classes, at most 12.", "a whole number of at least 1", 1);

    private readonly Option<double?> tolerance = NumberSyntax.Number(
        "--tolerance", "width", "How closely the exponent τ of the weakest re-weighting is bracketed. Default: 1e-3.", "a number from 1e-9 to 1", value => value is >= 1e-9 and <= 1);

    private readonly Option<bool> noRemedies = new("--no-remedies") { Description = "Does not look for re-weightings that would separate the classes; saves some ten solves." };

    private readonly Option<string?> plot = new("--plot") { HelpName = "file.svg", Description = "Draws measured and predicted cosines and norms as SVG." };

    private readonly ReportOptions output = new();

    private DiagnoseCommand()
    {
    }

    public static Command Create(Terminal terminal, Func<CancellationToken> listen)
    {
        var self = new DiagnoseCommand();
        var command = new Command("diagnose",
            "Puts a trained network next to the optimum of the Layer-Peeled Model at its class counts and measured budgets: norms and angles of each group of " +
            "classes, which classes are too small to keep a direction of their own, and what re-weighting would separate them.")
        {
            self.weights, self.groups, self.tolerance, self.noRemedies, self.plot,
        };
        self.network.AddTo(command);
        self.output.AddTo(command);
        command.SetAction(parsed => self.Run(parsed, terminal, listen));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        if (parsed.GetValue(noRemedies) && parsed.GetValue(tolerance) is { } width)
        {
            throw new UsageException($"{tolerance.Name} '{width}' has no meaning with {noRemedies.Name}.");
        }

        GlobalMean convention = network.Convention(parsed);
        OutputFile? rows = output.File(parsed), figure = parsed.GetValue(plot) is { } path ? OutputFile.ForFigure(plot.Name, path) : null;
        using NetworkFile file = network.Open(parsed);
        var options = new NetworkDiagnosisOptions
        {
            GlobalMean = convention,
            MostGroups = parsed.GetValue(groups),
            LossWeights = WeightsSyntax.Read(parsed.GetValue(weights), file.Classifier!.RowCount, "row of 'weight'"),
        };
        FeatureStatistics statistics;
        SecondPassStatistics second;
        using (var progress = new RedrawnLine(terminal, TimeProvider.System))
        {
            statistics = file.First(progress);
            second = file.Second(statistics, new NeuralCollapseOptions { GlobalMean = convention }, progress);
        }

        CancellationToken token = listen();
        NetworkDiagnosis diagnosis;
        var remedies = new List<MitigationOutcome>();
        WeakestReweighting? weakest = null;
        using (var progress = new ProgressLine(terminal, TimeProvider.System))
        {
            diagnosis = Diagnose(file, statistics, second, options, progress, token);
            if (!parsed.GetValue(noRemedies) && diagnosis.CollapsedClasses.Any(c => c.Count > 0) && !token.IsCancellationRequested)
            {
                MitigationAnalysis analysis = Mitigation(diagnosis);
                remedies.AddRange(analysis.Compare([ReweightingRule.SquareRootInverse, ReweightingRule.InverseFrequency], progress, token));
                weakest = token.IsCancellationRequested ? null : analysis.FindWeakestPower(parsed.GetValue(tolerance) ?? DefaultTolerance, progress, token);
            }
        }

        output.Print(parsed, terminal, new DiagnosisReport(diagnosis, remedies, weakest, file.Notes), rows);
        figure?.Write(stream => stream.Write(Encoding.UTF8.GetBytes(new DiagnosisFigure(diagnosis).Draw())));
        bool certified = remedies.All(remedy => remedy.Solution.Status == SolverStatus.Optimal) && weakest is null or { IsCertified: true };
        int exitCode = ExitCode.Of(diagnosis.Solution.Status);
        return token.IsCancellationRequested ? ExitCode.Cancelled : exitCode != ExitCode.Certified || certified ? exitCode : ExitCode.NotCertified;
    }

    private static NetworkDiagnosis Diagnose(
        NetworkFile file, FeatureStatistics statistics, SecondPassStatistics second, NetworkDiagnosisOptions options, ProgressLine progress, CancellationToken token)
    {
        try
        {
            return NetworkDiagnosis.Of(statistics, file.Classifier!, file.Bias, second, options, progress, token);
        }
        catch (ArgumentException error)
        {
            throw new UsageException(UsageException.WithoutParameter(error));
        }
    }

    private static MitigationAnalysis Mitigation(NetworkDiagnosis diagnosis)
    {
        LayerPeeledModel model = diagnosis.Solution.Model;
        return new MitigationAnalysis(
            diagnosis.Measured.Counts.Select(n => (double)n), model.ClassifierBudget, model.FeatureBudget, Math.Max(2, diagnosis.CollapsedClasses.Count));
    }
}
