using System.CommandLine;
using System.Text;

namespace LayerPeeled.Cli.Output;

/// <summary>The options that say how a report is printed, and the printing.</summary>
internal sealed class ReportOptions
{
    private readonly Option<bool> json = new("--json") { Description = "Prints the result as one JSON document and nothing else." };

    private readonly Option<string?> csv = new("--csv") { HelpName = "file.csv", Description = "Writes the rows of the result's main table." };

    /// <summary>Gives them to a command, behind the options it has already.</summary>
    public void AddTo(Command command)
    {
        command.Add(csv);
        command.Add(json);
    }

    /// <summary>Where the rows go, checked; to be called before the work begins.</summary>
    public OutputFile? File(ParseResult parsed) => parsed.GetValue(csv) is { } path ? new OutputFile(csv.Name, path) : null;

    /// <summary>Prints a report, and writes its rows.</summary>
    public void Print(ParseResult parsed, Terminal terminal, IReport report, OutputFile? file)
    {
        try
        {
            file?.Write(stream => stream.Write(Encoding.UTF8.GetBytes(CsvText.Table(report.ToRows().First(), report.ToRows().Skip(1)))));
        }
        finally
        {
            if (parsed.GetValue(json))
            {
                terminal.Output.Write(report.ToJson());
            }
            else
            {
                report.Write(new Sheet(terminal));
            }

            terminal.Output.Flush();
        }
    }
}
