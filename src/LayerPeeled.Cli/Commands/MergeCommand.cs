using System.CommandLine;
using System.Globalization;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Cli.Shards;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled merge</c>.</summary>
internal static class MergeCommand
{
    public static Command Create(Terminal terminal, IReadOnlyList<SweepingCommand> sweeps)
    {
        var shards = new Argument<string[]>("shards")
        {
            HelpName = "folder|file",
            Description = "Folders of --into, or shards by their names.",
            Arity = ArgumentArity.OneOrMore,
        };
        var outputs = new SweepOutputs();
        var command = new Command("merge",
            $"Makes the result of a sweep from all its shards ({string.Join(", ", sweeps.Select(sweep => sweep.Name))} with --shard), as one process would have written it.") { shards };
        foreach (Option option in outputs.All)
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            Action<ISweepReport> write = outputs.Writer(parsed, terminal);
            return Run(ShardSet.Read(parsed.GetRequiredValue(shards)), sweeps, write, terminal);
        });
        return command;
    }

    private static int Run(ShardSet set, IReadOnlyList<SweepingCommand> sweeps, Action<ISweepReport> write, Terminal terminal)
    {
        string[] line = set.Shards[0].Header.CommandLine.Split(' ');
        SweepingCommand sweep = sweeps.FirstOrDefault(sweep => sweep.Name == line[0]) ?? throw new UsageException(
            $"The shards cannot be merged: '{line[0]}' is no sweep; {string.Join(", ", sweeps.Select(sweep => sweep.Name))} are.");
        ISweepReport report = sweep.PlanOf(line.Skip(1)).Compute(new SweepOptions { Store = set }, CancellationToken.None);
        if (set.Shards.Sum(shard => shard.Header.Points) != report.Progress.Total)
        {
            throw new UsageException("The shards cannot be merged: their numbers of points do not add up.");
        }

        string[] arithmetics = set.Shards.Select(shard => shard.Header.Arithmetic).Distinct().ToArray();
        if (arithmetics.Length > 1)
        {
            terminal.Tell($"layerpeeled: the shards were computed on different processors ({string.Join("; ", arithmetics)}): last digits may differ from those of one process.");
        }

        double[] seconds = set.Shards.Select(shard => shard.Header.SecondsPerPoint).Where(double.IsFinite).ToArray();
        string times = seconds.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {seconds.Average():g2} s of one thread a point, {seconds.Max():g2} s in the slowest");
        terminal.Tell($"layerpeeled: merged {set.Shards.Count} shards with {report.Progress.Total} points{times}.");
        write(report);
        return report.NotCertified == 0 ? ExitCode.Certified : ExitCode.NotCertified;
    }
}
