using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Data;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled convert</c>.</summary>
internal sealed class ConvertCommand
{
    private readonly Argument<string> file = new("file") { Description = "A solution (JSON or .npz) written by 'solve --out'; - reads standard input." };
    private readonly Argument<string> target = new("target") { HelpName = "file.json|file.npz", Description = "The file to write; its end says in which format." };

    private ConvertCommand()
    {
    }

    public static Command Create(Terminal terminal)
    {
        var self = new ConvertCommand();
        var command = new Command("convert", "Writes a saved solution as JSON or as an archive of NumPy arrays; no digit and no field is lost.") { self.file, self.target };
        command.SetAction(parsed => self.Run(parsed, terminal));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal)
    {
        string path = parsed.GetRequiredValue(file), to = parsed.GetRequiredValue(target);
        var output = new OutputFile("target", to);
        try
        {
            using Stream stream = InputFile.Open(path, terminal);
            output.Write(destination => SolutionFile.Convert(stream, destination, SolutionFile.FormatOf(to)));
        }
        catch (SolutionFormatException error)
        {
            throw new UsageException($"The file '{path}' is no saved solution: {error.Message}");
        }

        new Sheet(terminal).Line($"{to}: the solution of {path}");
        terminal.Output.Flush();
        return ExitCode.Certified;
    }
}
