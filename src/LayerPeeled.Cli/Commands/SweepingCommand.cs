using System.CommandLine;

namespace LayerPeeled.Cli.Commands;

/// <summary>A command that sweeps: its settings make a plan, which is run as a whole or in shards, or made again to merge those.</summary>
/// <param name="name">The name of the command.</param>
/// <param name="description">What it is for.</param>
internal abstract class SweepingCommand(string name, string description)
{
    private readonly Command command = new(name, description);

    /// <summary>The name of the command.</summary>
    public string Name => command.Name;

    /// <summary>The options that say what is computed.</summary>
    protected abstract IEnumerable<Option> Settings { get; }

    /// <summary>The command itself; to be called once.</summary>
    public Command Create(Terminal terminal, Func<CancellationToken> listen)
    {
        var run = new SweepRun();
        foreach (Option option in Settings.Concat(run.Options))
        {
            command.Add(option);
        }

        command.SetAction(parsed => run.Run(parsed, terminal, listen, Plan(parsed)));
        return command;
    }

    /// <summary>The plan of a command line that <see cref="SweepPlan.CommandLine"/> gave.</summary>
    /// <exception cref="UsageException">It is not one.</exception>
    public SweepPlan PlanOf(IEnumerable<string> arguments)
    {
        ParseResult parsed = command.Parse([.. arguments], new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Errors.Count == 0 ? Plan(parsed) : throw new UsageException(parsed.Errors[0].Message);
    }

    /// <summary>What a command line asks for, checked.</summary>
    /// <exception cref="UsageException">An option is missing or wrong.</exception>
    protected abstract SweepPlan Plan(ParseResult parsed);
}
