using System.CommandLine;
using System.Text;

namespace LayerPeeled.Cli.Output;

/// <summary>The options that say how a report is printed, and the printing.</summary>
internal sealed class ReportOptions
{
    private const string StandardOutput = "-";

    private readonly Option<bool> json = new("--json") { Description = "Prints the result as one JSON document and nothing else." };

    private readonly Option<string?> csv = new("--csv")
    {
        HelpName = "file.csv",
        Description = "Writes the rows of the main table as comma-separated values; - prints them and nothing else.",
    };

    /// <summary>Gives them to a command, behind the options it has already.</summary>
    public void AddTo(Command command)
    {
        command.Add(csv);
        command.Add(json);
    }

    /// <summary>Where the rows go, checked; to be called before the work begins.</summary>
    /// <exception cref="UsageException">The file cannot be written, or the options contradict each other.</exception>
    public OutputFile? File(ParseResult parsed)
    {
        string? path = parsed.GetValue(csv);
        if (path == StandardOutput && parsed.GetValue(json))
        {
            throw new UsageException($"{csv.Name} '{path}' and {json.Name} both print the result; only one of them can.");
        }

        return path is null or StandardOutput ? null : new OutputFile(csv.Name, path);
    }

    /// <summary>Prints a report, and writes its rows.</summary>
    public void Print(ParseResult parsed, Terminal terminal, IReport report, OutputFile? file)
    {
        try
        {
            file?.Write(stream => stream.Write(Encoding.UTF8.GetBytes(Rows(report))));
        }
        finally
        {
            if (parsed.GetValue(json) || parsed.GetValue(csv) == StandardOutput)
            {
                terminal.Output.Write(parsed.GetValue(json) ? report.ToJson() : Rows(report));
            }
            else
            {
                report.Write(new Sheet(terminal));
            }

            terminal.Output.Flush();
        }
    }

    private static string Rows(IReport report)
    {
        string[][] rows = report.ToRows().ToArray();
        return CsvText.Table(rows[0], rows.Skip(1));
    }
}
