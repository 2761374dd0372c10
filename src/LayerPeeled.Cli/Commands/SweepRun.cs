using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Cli.Shards;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Commands;

/// <summary>How the commands that sweep are run: as a whole or a shard, on how many threads, and how they continue.</summary>
internal sealed class SweepRun
{
    private readonly SweepOutputs outputs = new();

    private readonly Option<string?> state = new("--state")
    {
        HelpName = "file",
        Description = "Keeps what is done, so that the same command continues there after an interruption of any kind.",
    };

    private readonly Option<int?> threads = NumberSyntax.Integer(
        "--threads", "n", "Points computed at the same time; the results do not depend on it. Default: the number of processors.",
        "a whole number of at least 1", 1);

    private readonly Option<SweepShard?> shard = ShardSyntax.Option(
        "--shard", "Computes only the i-th of n shares, for a job of its own; 'merge' makes the result of all. Goes on where it was when it is run again.");

    private readonly Option<string?> into = new("--into") { HelpName = "folder", Description = "With --shard: the folder of the shards, the same for all. Required." };

    /// <summary>The options.</summary>
    public IEnumerable<Option> Options => [.. outputs.All, state, threads, shard, into];

    /// <summary>Checks where the result goes, computes it and writes it.</summary>
    /// <returns>The exit code.</returns>
    public int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen, SweepPlan plan)
    {
        if (plan.InstantBecause is { } because)
        {
            Refuse(parsed, $"is not allowed {because}, which computes nothing that takes time", state, threads, shard, into);
        }

        return parsed.GetValue(shard) is { } part ? RunShard(parsed, terminal, listen, plan, part) : RunWhole(parsed, terminal, listen, plan);
    }

    private int RunWhole(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen, SweepPlan plan)
    {
        Refuse(parsed, "has no meaning without --shard", into);
        string? statePath = parsed.GetValue(state);
        Action<ISweepReport> write = outputs.Writer(parsed, terminal, state);
        ISweepReport report;
        using (SweepStateFile? store = statePath is null ? null : new SweepStateFile(statePath))
        {
            report = Compute(parsed, terminal, listen, plan, new SweepOptions { Store = store });
        }

        (int done, int total, int restored) = report.Progress;
        if (restored > 0)
        {
            terminal.Tell($"layerpeeled: {restored} of {total} points were already in '{statePath}'.");
        }

        write(report);
        if (done < total)
        {
            terminal.Tell(statePath is null
                ? $"layerpeeled: interrupted; {done} of {total} points are done and were written. With --state they would be kept for the next run."
                : $"layerpeeled: interrupted; {done} of {total} points are done and kept in '{statePath}': the same command continues there.");
            return ExitCode.Cancelled;
        }

        return report.NotCertified == 0 ? ExitCode.Certified : ExitCode.NotCertified;
    }

    // Whether its points are certified is the verdict of the merge: a batch system takes any other exit code for a job that has to be repeated.
    private int RunShard(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen, SweepPlan plan, SweepShard part)
    {
        Refuse(parsed, "is not for --shard, which writes its points into the folder of --into; merge writes the result", [.. outputs.All, state]);
        string folder = parsed.GetValue(into) is { Length: > 0 } path ? path : throw new UsageException($"{into.Name} is required with {shard.Name}: the folder of the shards.");
        using var store = new ShardStore(folder, part, plan.CommandLine);
        if (store.WasDamaged)
        {
            terminal.Tell($"layerpeeled: '{store.Path}' was damaged; its points are computed again.");
        }

        var watch = Stopwatch.StartNew();
        ISweepReport report;
        try
        {
            report = Compute(parsed, terminal, listen, plan, new SweepOptions { Store = store, Shard = part });
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{shard.Name} '{part}' is not allowed: {error.Message}");
        }

        (int done, int total, int restored) = report.Progress;
        string kept = restored > 0 ? $", {restored} of them from an earlier run" : "";
        if (done < total)
        {
            terminal.Tell($"layerpeeled: interrupted; {done} of {total} points of shard {part} are done and kept in '{folder}'{kept}: the same command continues there.");
            return ExitCode.Cancelled;
        }

        if (store.IsFinished)
        {
            terminal.Output.WriteLine($"Shard {part} was finished before: {total} points in '{store.Path}'. Nothing was done.");
            return ExitCode.Certified;
        }

        int computed = total - restored;
        double seconds = watch.Elapsed.TotalSeconds * Threads(parsed, computed) / computed;
        store.Finish(total, seconds);
        terminal.Output.WriteLine($"Shard {part} is finished: {total} points in '{store.Path}'{kept}{(report.NotCertified > 0 ? $"; {report.NotCertified} are not certified" : "")}.");
        if (computed > 0)
        {
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Time of one thread for a point: {seconds:g2} s"));
        }

        return ExitCode.Certified;
    }

    private ISweepReport Compute(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen, SweepPlan plan, SweepOptions options)
    {
        using var progress = new SweepProgressLine(terminal, TimeProvider.System);
        options = options with { Progress = progress };
        return plan.Compute(parsed.GetValue(threads) is { } number ? options with { MaxDegreeOfParallelism = number } : options, listen());
    }

    // As many as there are chunks to keep them busy
    private int Threads(ParseResult parsed, int points) =>
        Math.Min(parsed.GetValue(threads) ?? Environment.ProcessorCount, (points + ParameterSweep.ChunkLength - 1) / ParameterSweep.ChunkLength);

    private static void Refuse(ParseResult parsed, string because, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
        {
            if (parsed.GetResult(option) is OptionResult { Implicit: false } given)
            {
                throw new UsageException($"{option.Name}{(given.Tokens.Count > 0 ? $" '{given.Tokens[0].Value}'" : "")} {because}.");
            }
        }
    }
}
