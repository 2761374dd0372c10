using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Networks;
using LayerPeeled.Solver.Analysis.Metrics;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled metrics</c>.</summary>
internal sealed class MetricsCommand
{
    private readonly NetworkOptions network = new(needsClassifier: false);

    private readonly Option<double?> rankTolerance = NumberSyntax.Number(
        "--rank-tolerance", "tol", "Directions of the class means relatively smaller than this count as empty in NC1. Default: roundoff; 1e-6 suits single precision.",
        "a number of at least 0 and below 1", value => value is >= 0 and < 1);

    private readonly ReportOptions output = new();

    private MetricsCommand()
    {
    }

    public static Command Create(Terminal terminal)
    {
        var self = new MetricsCommand();
        var command = new Command("metrics",
            "Measures neural collapse and minority collapse of a trained network: NC1 to NC5, uniformity of directions, norms and angles of each group of classes, and " +
            "the budgets. The features are read twice, in blocks of rows.")
        {
            self.rankTolerance,
        };
        self.network.AddTo(command);
        self.output.AddTo(command);
        command.SetAction(parsed => self.Run(parsed, terminal));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal)
    {
        var options = new NeuralCollapseOptions { GlobalMean = network.Convention(parsed), RankTolerance = parsed.GetValue(rankTolerance) };
        OutputFile? rows = output.File(parsed);
        using NetworkFile file = network.Open(parsed);
        NeuralCollapseReport report;
        OutOfDistributionMetrics? other;
        using (var progress = new RedrawnLine(terminal, TimeProvider.System))
        {
            FeatureStatistics statistics = file.First(progress);
            SecondPassStatistics second = file.Second(statistics, options, progress);
            other = file.Other(statistics, progress);
            report = NeuralCollapse.Measure(statistics, file.Classifier, file.Bias, second, options);
        }

        output.Print(parsed, terminal, new MetricsReport(report, file.Notes, other), rows);
        return ExitCode.Certified;
    }
}
