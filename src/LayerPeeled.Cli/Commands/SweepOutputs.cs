using System.CommandLine;
using System.Text;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Sweeps;

namespace LayerPeeled.Cli.Commands;

/// <summary>Where the result of a sweep goes.</summary>
internal sealed class SweepOutputs
{
    private readonly Option<bool> json = new("--json") { Description = "Prints the result as one JSON document and nothing else." };

    private readonly Option<string?> csv = new("--csv")
    {
        HelpName = "file.csv",
        Description = "Writes one row a point as comma-separated values; - prints them and nothing else.",
    };

    private readonly Option<string?> plot = new("--plot") { HelpName = "file.svg", Description = "Draws the figure as SVG." };

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => [json, csv, plot];

    /// <summary>Checks where the result goes, before the work begins.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where the result is printed.</param>
    /// <param name="other">Another option that names a file.</param>
    /// <returns>Writes the result.</returns>
    /// <exception cref="UsageException">The options contradict each other, or a file cannot be written.</exception>
    public Action<ISweepReport> Writer(ParseResult parsed, Terminal terminal, Option<string?>? other = null)
    {
        bool asJson = parsed.GetValue(json);
        string? csvPath = parsed.GetValue(csv), plotPath = parsed.GetValue(plot);
        if (asJson && csvPath == "-")
        {
            throw new UsageException("--csv '-' and --json both print the result; only one of them can.");
        }

        RequireDifferent([(csv, csvPath), (plot, plotPath), .. other is null ? [] : new (Option, string?)[] { (other, parsed.GetValue(other)) }]);
        OutputFile? csvFile = csvPath is null or "-" ? null : new OutputFile(csv.Name, csvPath);
        OutputFile? plotFile = plotPath is null ? null : OutputFile.ForFigure(plot.Name, plotPath);
        return report =>
        {
            try
            {
                csvFile?.Write(stream => stream.Write(Encoding.UTF8.GetBytes(report.ToCsv())));
                plotFile?.Write(stream => stream.Write(Encoding.UTF8.GetBytes(report.ToSvg())));
            }
            finally
            {
                Print(terminal, report, asJson, csvPath == "-");
            }
        };
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

    private static void RequireDifferent(IEnumerable<(Option Option, string? Path)> files)
    {
        var seen = new Dictionary<string, Option>(StringComparer.Ordinal);
        foreach ((Option option, string? path) in files)
        {
            if (path is { Length: > 0 } && !seen.TryAdd(Path.GetFullPath(path), option))
            {
                throw new UsageException($"{option.Name} '{path}' is the file of {seen[Path.GetFullPath(path)].Name}, too.");
            }
        }
    }
}
