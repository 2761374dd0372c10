using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Verify;
using LayerPeeled.Data;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled verify</c>.</summary>
internal sealed class VerifyCommand
{
    private readonly Argument<string> file = new("file") { HelpName = "file", Description = "A solution (JSON or .npz) written by 'solve --out'; - reads standard input." };
    private readonly Option<bool> json = new("--json") { Description = "Prints the verdict as one JSON document and nothing else." };

    private VerifyCommand()
    {
    }

    public static Command Create(Terminal terminal)
    {
        var self = new VerifyCommand();
        var command = new Command("verify",
            "Recomputes feasibility, objective, certificate and geometry of a saved solution from its matrices, and says whether its claim holds.")
        {
            self.file, self.json,
        };
        command.SetAction(parsed => self.Run(parsed, terminal));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal)
    {
        string path = parsed.GetRequiredValue(file);
        VerificationReport report;
        using (Stream stream = InputFile.Open(path, terminal))
        {
            if (stream.CanSeek && !SolutionFile.IsSolution(stream))
            {
                throw new UsageException($"'{path}' is an archive of arrays, which claims nothing that could be verified; a solution of lpm or ufm, as 'solve --out' writes it, is expected.");
            }

            try
            {
                report = VerificationReport.Of(path, SolutionVerifier.Verify(SolutionFile.Read(stream)));
            }
            catch (SolutionFormatException error)
            {
                report = VerificationReport.Unreadable(path, error.Message);
            }
        }

        if (parsed.GetValue(json))
        {
            terminal.Output.Write(report.ToJson());
        }
        else
        {
            report.Write(new Sheet(terminal));
        }

        terminal.Output.Flush();
        return report.ExitCode;
    }
}
