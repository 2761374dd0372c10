using System.CommandLine;
using System.Text;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Commands;

/// <summary>What the commands that sweep have in common: where the result goes, how it is computed and how it continues.</summary>
internal sealed class SweepOutputs
{
    private readonly Option<bool> json = new("--json") { Description = "Prints the result as one JSON document and nothing else." };

    private readonly Option<string?> csv = new("--csv")
    {
        HelpName = "file.csv",
        Description = "Writes one row a point as comma-separated values; - prints them and nothing else.",
    };

    private readonly Option<string?> plot = new("--plot") { HelpName = "file.svg", Description = "Draws the figure as SVG." };

    private readonly Option<string?> state = new("--state")
    {
        HelpName = "file",
        Description = "Keeps what is done, so that the same command continues there after an interruption of any kind.",
    };

    private readonly Option<int?> threads = NumberSyntax.Integer(
        "--threads", "n", "Points computed at the same time; the results do not depend on it. Default: the number of processors.",
        "a whole number of at least 1", 1);

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [json, csv, plot, state, threads];

    /// <summary>Refuses the options that are about the way the points are computed, for a result that is there at once.</summary>
    public void RequireNoSweep(ParseResult parsed, string because)
    {
        if (parsed.GetValue(state) is { } path)
        {
            throw new UsageException($"{state.Name} '{path}' is not allowed {because}: there is nothing to continue.");
        }

        if (parsed.GetValue(threads) is { } number)
        {
            throw new UsageException($"{threads.Name} '{number}' is not allowed {because}: there is nothing to compute in parallel.");
        }
    }

    /// <summary>Checks where the result goes, computes it and writes it.</summary>
    /// <returns>The exit code.</returns>
    public int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen, Func<SweepOptions, CancellationToken, ISweepReport> compute)
    {
        bool asJson = parsed.GetValue(json);
        string? csvPath = parsed.GetValue(csv), plotPath = parsed.GetValue(plot), statePath = parsed.GetValue(state);
        RequireSense(asJson, csvPath, plotPath, statePath);
        OutputFile? csvFile = csvPath is null or "-" ? null : new OutputFile(csv.Name, csvPath);
        OutputFile? plotFile = plotPath is null ? null : OutputFile.ForFigure(plot.Name, plotPath);
        ISweepReport report;
        using (SweepStateFile? store = statePath is null ? null : new SweepStateFile(statePath))
        using (var progress = new SweepProgressLine(terminal, TimeProvider.System))
        {
            var options = new SweepOptions { Store = store, Progress = progress };
            report = compute(parsed.GetValue(threads) is { } number ? options with { MaxDegreeOfParallelism = number } : options, listen());
        }

        (int done, int total, int restored) = report.Progress;
        if (restored > 0)
        {
            terminal.Tell($"layerpeeled: {restored} of {total} points were already in '{statePath}'.");
        }

        try
        {
            csvFile?.Write(stream => stream.Write(Encoding.UTF8.GetBytes(report.ToCsv())));
            plotFile?.Write(stream => stream.Write(Encoding.UTF8.GetBytes(report.ToSvg())));
        }
        finally
        {
            Print(terminal, report, asJson, csvPath == "-");
        }

        if (done < total)
        {
            terminal.Tell(statePath is null
                ? $"layerpeeled: interrupted; {done} of {total} points are done and were written. With --state they would be kept for the next run."
                : $"layerpeeled: interrupted; {done} of {total} points are done and kept in '{statePath}': the same command continues there.");
            return ExitCode.Cancelled;
        }

        return report.NotCertified == 0 ? ExitCode.Certified : ExitCode.NotCertified;
    }

    private static void Print(Terminal terminal, ISweepReport report, bool asJson, bool asCsv)
    {
        if (asJson || asCsv)
        {
            terminal.Output.Write(asJson ? report.ToJson() : report.ToCsv());
        }
        else
        {
            report.Write(new Sheet(terminal));
        }

        terminal.Output.Flush();
    }

    private void RequireSense(bool asJson, string? csvPath, string? plotPath, string? statePath)
    {
        if (asJson && csvPath == "-")
        {
            throw new UsageException("--csv '-' and --json both print the result; only one of them can.");
        }

        var seen = new Dictionary<string, Option>(StringComparer.Ordinal);
        foreach ((Option option, string? path) in new (Option, string?)[] { (csv, csvPath), (plot, plotPath), (state, statePath) })
        {
            if (path is { Length: > 0 } && !seen.TryAdd(Path.GetFullPath(path), option))
            {
                throw new UsageException($"{option.Name} '{path}' is the file of {seen[Path.GetFullPath(path)].Name}, too.");
            }
        }
    }
}
