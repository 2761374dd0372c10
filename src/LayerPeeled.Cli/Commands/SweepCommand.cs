using System.CommandLine;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled sweep</c>.</summary>
internal sealed class SweepCommand() : SweepingCommand("sweep", "Norms and cosines of majority and minority classes along the imbalance ratio R.")
{
    private readonly RatioLineOptions line = new(largest: 10_000, count: 41);

    protected override IEnumerable<Option> Settings => line.All;

    protected override SweepPlan Plan(ParseResult parsed)
    {
        RatioLine asked = line.Read(parsed);
        var sweep = ParameterSweep.AlongRatio(asked.MajorityClasses, asked.MinorityClasses, asked.ClassifierBudget, asked.FeatureBudget, asked.Ratios);
        return new SweepPlan($"sweep {asked.Text}", (options, token) => new PathReport(sweep.Lines[0], sweep.Run(options, token)));
    }
}
