using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using LayerPeeled.Cli.Output;

namespace LayerPeeled.Cli;

/// <summary>The help of a command, with the table of exit codes at its end.</summary>
internal sealed class HelpWithExitCodes : SynchronousCommandLineAction
{
    private readonly HelpAction help;
    private readonly Sheet sheet;

    private HelpWithExitCodes(Terminal terminal)
    {
        sheet = new Sheet(terminal);
        help = new HelpAction { MaxWidth = terminal.Width ?? int.MaxValue };
    }

    /// <summary>Gives the help of a command and all its subcommands that end.</summary>
    public static void AddTo(RootCommand root, Terminal terminal) => root.Options.OfType<HelpOption>().Single().Action = new HelpWithExitCodes(terminal);

    public override int Invoke(ParseResult parseResult)
    {
        // A command below another takes none of its arguments.
        for (var above = parseResult.CommandResult.Parent as CommandResult; above is not null; above = above.Parent as CommandResult)
        {
            foreach (Argument argument in above.Command.Arguments)
            {
                argument.Hidden = true;
            }
        }

        int result = help.Invoke(parseResult);
        sheet.Line("Exit codes:");
        sheet.Facts(ExitCode.Table.Select(code => ($"  {code.Code}", code.Meaning)));
        return result;
    }
}
