using System.CommandLine;
using System.Text;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Networks;
using LayerPeeled.Data;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

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

    private readonly Option<string?> counts = new("--counts")
    {
        HelpName = "file",
        Description = "The examples of each class, in the order of the rows of 'weight', of a network without its features: its classifiers alone are compared.",
    };

    private readonly FamilyOptions family = new();

    private readonly TargetOptions targets = new();

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
            "classes, which classes are too small to keep a direction of their own, and what re-weighting would separate them. Ranks the members of the model's " +
            "family by how well they describe it.")
        {
            self.counts, self.weights, self.groups, self.tolerance, self.noRemedies, self.plot,
        };
        self.family.AddTo(command);
        self.network.AddTo(command);
        self.targets.AddTo(command);
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

        if (targets.AreGiven(parsed))
        {
            return RunLanguageModel(parsed, terminal, listen);
        }

        if (parsed.GetValue(counts) is { } countsFile)
        {
            return RunClassifier(parsed, countsFile, terminal, listen);
        }

        GlobalMean convention = network.Convention(parsed);
        OutputFile? rows = output.File(parsed), figure = parsed.GetValue(plot) is { } path ? OutputFile.ForFigure(plot.Name, path) : null;
        using NetworkFile file = network.Open(parsed);
        var options = new NetworkDiagnosisOptions
        {
            GlobalMean = convention,
            MostGroups = parsed.GetValue(groups),
            Loss = family.Loss(parsed),
            LossWeights = WeightsSyntax.Read(parsed.GetValue(weights), file.Classifier!.RowCount, "row of 'weight'"),
        };
        FamilyDiagnosisOptions known = family.Read(parsed, options, file.Bias is not null);
        FeatureStatistics statistics;
        SecondPassStatistics second;
        using (var progress = new RedrawnLine(terminal, TimeProvider.System))
        {
            statistics = file.First(progress);
            second = file.Second(statistics, new NeuralCollapseOptions { GlobalMean = convention }, progress);
        }

        CancellationToken token = listen();
        NetworkDiagnosis diagnosis;
        FamilyDiagnosis? members = null;
        (string, NetworkDiagnosis)? nearest = null;
        var remedies = new List<MitigationOutcome>();
        WeakestReweighting? weakest = null;
        using (var progress = new ProgressLine(terminal, TimeProvider.System))
        {
            if (known.Families != ModelFamilies.LayerPeeled)
            {
                members = Checked(() => FamilyDiagnosis.Of(statistics, file.Classifier!, file.Bias, known, progress, token));
            }

            NetworkDiagnosis Against(FamilyMember member) => NetworkDiagnosis.Against(member.Solution, statistics, file.Classifier!, file.Bias, second, options);
            bool isPlain = members?.Best is null || members.Members.Any(IsLayerPeeled);
            diagnosis = isPlain ? Checked(() => NetworkDiagnosis.Of(statistics, file.Classifier!, file.Bias, second, options, progress, token)) : Against(members!.Best!);
            nearest = isPlain && members?.Best is { } best && !IsLayerPeeled(best) ? (best.Title, Against(best)) : null;
            if (!parsed.GetValue(noRemedies) && isPlain && options.Loss is null && diagnosis.CollapsedClasses.Any(c => c.Count > 0) && !token.IsCancellationRequested)
            {
                MitigationAnalysis analysis = Mitigation(diagnosis);
                remedies.AddRange(analysis.Compare([ReweightingRule.SquareRootInverse, ReweightingRule.InverseFrequency], progress, token));
                weakest = token.IsCancellationRequested ? null : analysis.FindWeakestPower(parsed.GetValue(tolerance) ?? DefaultTolerance, progress, token);
            }
        }

        output.Print(parsed, terminal, new DiagnosisReport(diagnosis, remedies, weakest, file.Notes, members, nearest), rows);
        figure?.Write(stream => stream.Write(Encoding.UTF8.GetBytes(new DiagnosisFigure(diagnosis).Draw())));
        bool certified = remedies.All(remedy => remedy.Solution.Status == SolverStatus.Optimal) && weakest is null or { IsCertified: true }
            && members?.Members.All(member => member.Solution.Status == SolverStatus.Optimal) != false;
        int exitCode = ExitCode.Of(diagnosis.Solution.Status);
        return token.IsCancellationRequested ? ExitCode.Cancelled : exitCode != ExitCode.Certified || certified ? exitCode : ExitCode.NotCertified;
    }

    // Without features there is nothing to measure but W.
    private int RunClassifier(ParseResult parsed, string countsFile, Terminal terminal, Func<CancellationToken> listen)
    {
        foreach (Option option in new Option[] { tolerance, noRemedies, plot })
        {
            NetworkOptions.RequireAbsent(parsed, option);
        }

        OutputFile? rows = output.File(parsed);
        ClassifierFile file = network.OpenClassifier(parsed);
        ClassCounts classes = ClassFileSyntax.Read(counts.Name, countsFile, new ClassCountOptions(), terminal.OpenInput);
        if (classes.Count != file.Classifier.RowCount)
        {
            throw new UsageException($"{counts.Name} '{countsFile}' has {classes.Count} classes and 'weight' {file.Classifier.RowCount} rows; as many are expected, in the same order.");
        }

        var options = new NetworkDiagnosisOptions
        {
            MostGroups = parsed.GetValue(groups),
            Loss = family.Loss(parsed),
            LossWeights = WeightsSyntax.Read(parsed.GetValue(weights), classes.Count, "row of 'weight'"),
        };
        FamilyDiagnosisOptions known = family.Read(parsed, options, file.HasBias);
        CancellationToken token = listen();
        FamilyDiagnosis members;
        using (var progress = new ProgressLine(terminal, TimeProvider.System))
        {
            members = Checked(() => FamilyDiagnosis.OfClassifier(classes, file.Classifier, file.HasBias, known, progress, token));
        }

        output.Print(parsed, terminal, new FamilyReport(members, [.. classes.Notes.Select(note => $"{counts.Name}: {note}")]), rows);
        return token.IsCancellationRequested ? ExitCode.Cancelled
            : members.Best is not null && members.Members.All(member => member.Solution.Status == SolverStatus.Optimal) ? ExitCode.Certified : ExitCode.NotCertified;
    }

    // Tokens and contexts in the place of classes and examples
    private int RunLanguageModel(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        foreach (Option option in new Option[] { counts, weights, groups, tolerance, noRemedies, plot }.Concat(family.All))
        {
            NetworkOptions.RequireAbsent(parsed, option, "with --targets, whose model has no classes");
        }

        OutputFile? rows = output.File(parsed);
        (SoftTargets given, _, string source) = targets.Read(parsed);
        (Matrix<double> classifier, Matrix<double> contexts) = network.OpenLanguageModel(parsed);
        CancellationToken token = listen();
        TargetDiagnosis diagnosis = Checked(() => TargetDiagnosis.Of(given, classifier, contexts.Transpose(), cancellationToken: token));
        output.Print(parsed, terminal, new TargetDiagnosisReport(diagnosis, classifier, source), rows);
        return token.IsCancellationRequested ? ExitCode.Cancelled : ExitCode.Of(diagnosis.Optimum.Status);
    }

    private static bool IsLayerPeeled(FamilyMember member) => member.Model.Regulariser is Budgets { FeatureNorm: FeatureNorm.PerClass };

    private static T Checked<T>(Func<T> compare)
    {
        try
        {
            return compare();
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
