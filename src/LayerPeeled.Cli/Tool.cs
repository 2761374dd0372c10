using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using LayerPeeled.Cli.Commands;

namespace LayerPeeled.Cli;

/// <summary>The command line as a whole: the one place where arguments come in, errors are worded and exit codes go out.</summary>
internal static class Tool
{
    /// <summary>The version, with the commit it was built from where that is known.</summary>
    public static string Version { get; } =
        typeof(Tool).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Runs one command.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="terminal">Where results and errors go.</param>
    /// <param name="listen">Called when a solve begins; its token ends the solve early.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, Terminal terminal, Func<CancellationToken> listen)
    {
        SweepingCommand[] sweeps = [new Figure3Command(), new SweepCommand(), new PhaseCommand(), new GridCommand()];
        var root = new RootCommand("Solves the Layer-Peeled Model from class counts, with a proof of global optimality.")
        {
            SolveCommand.Create(terminal, listen),
            VerifyCommand.Create(terminal),
            ConvertCommand.Create(terminal),
            ThresholdCommand.Create(terminal, listen),
            MitigateCommand.Create(terminal, listen),
            EtfCommand.Create(terminal),
            MetricsCommand.Create(terminal),
            DiagnoseCommand.Create(terminal, listen),
            ExampleCommand.Create(terminal, listen),
            sweeps[0].Create(terminal, listen),
            sweeps[1].Create(terminal, listen),
            sweeps[2].Create(terminal, listen),
            CompareCommand.Create(terminal, listen),
            sweeps[3].Create(terminal, listen),
            MergeCommand.Create(terminal, sweeps),
            TrajectoryCommand.Create(terminal, listen),
            InfoCommand.Create(terminal),
        };
        HelpWithExitCodes.AddTo(root, terminal);
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction or null)
        {
            bool isRoot = parsed.CommandResult.Command is RootCommand;
            string message = !isRoot ? parsed.Errors[0].Message
                : parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is not a command; one of {Names(root)} is expected (see layerpeeled --help)."
                : $"A command is needed: one of {Names(root)} (see layerpeeled --help).";
            return Fail(terminal, ExitCode.Usage, message);
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (UsageException error)
        {
            return Fail(terminal, ExitCode.Usage, error.Message);
        }
        catch (InsufficientMemoryException error)
        {
            return Fail(terminal, ExitCode.Failure, error.Message);
        }
        catch (OutOfMemoryException)
        {
            return Fail(terminal, ExitCode.Failure, "There is not enough memory for this problem; --method auto keeps to a budget, which --memory sets.");
        }
        catch (ArgumentException error)
        {
            return Fail(terminal, ExitCode.Failure, UsageException.WithoutParameter(error));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArithmeticException or NotSupportedException or InvalidOperationException)
        {
            return Fail(terminal, ExitCode.Failure, error.Message);
        }
    }

    private static string Names(RootCommand root) => string.Join(", ", root.Subcommands.Select(command => command.Name));

    private static int Fail(Terminal terminal, int exitCode, string message)
    {
        // What a file holds must not reach the terminal as an escape sequence.
        terminal.Tell("layerpeeled: " + string.Concat(message.ReplaceLineEndings(" ").Select(c => char.IsControl(c) ? '?' : c)));
        return exitCode;
    }
}
