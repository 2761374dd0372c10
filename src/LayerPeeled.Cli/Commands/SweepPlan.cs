using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Commands;

/// <summary>What a command line asks for, read but not yet computed.</summary>
/// <param name="CommandLine">The command with all that decides the points and the report, defaults too; parsed again it gives the same plan. Its parts hold no blanks.</param>
/// <param name="Compute">Computes it.</param>
internal sealed record SweepPlan(string CommandLine, Func<SweepOptions, CancellationToken, ISweepReport> Compute)
{
    /// <summary>The options with which there is no sweep but a result that is there at once, for messages; null for a sweep.</summary>
    public string? InstantBecause { get; private init; }

    /// <summary>A plan without a sweep.</summary>
    public static SweepPlan Instant(string because, Func<ISweepReport> compute) => new("", (_, _) => compute()) { InstantBecause = because };
}
