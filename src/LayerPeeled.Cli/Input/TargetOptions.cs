using System.CommandLine;
using LayerPeeled.Data.Targets;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Input;

/// <summary>The options that give a command target distributions in the place of classes.</summary>
internal sealed class TargetOptions
{
    private readonly Option<string?> targets = new("--targets")
    {
        HelpName = "file",
        Description = "Target distributions or co-occurrence counts, a row a token and a column a context: .npy, Matrix Market, an archive of scipy.sparse, or a table from pandas.",
    };

    private readonly Option<string?> weights = new("--context-weights")
    {
        HelpName = "file",
        Description = "With --targets: how often each context occurs (.npy or a column of a table). Default: the sums of the columns of counts, else equal.",
    };

    private readonly Option<string?> names = new("--token-names")
    {
        HelpName = "file",
        Description = "With --targets: names of the tokens, one a line.",
    };

    private readonly Option<string?> symmetry = new("--symmetry")
    {
        HelpName = "auto|none|cyclic|file",
        Description = "With --targets: which permutations of tokens and contexts leave the targets as they are, found (auto), a step of all of them (cyclic), or given by a file of generators. Default: auto.",
    };

    private Option[] All => [targets, weights, names];

    /// <summary>The option that says which symmetry a solve uses.</summary>
    public Option<string?> Symmetry => symmetry;

    /// <summary>Gives them to a command, behind the options it has already.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>Whether there are targets.</summary>
    /// <exception cref="UsageException">There are none, but what belongs to them.</exception>
    public bool AreGiven(ParseResult parsed)
    {
        bool given = parsed.GetValue(targets) is not null;
        return given || All.Append(symmetry).FirstOrDefault(option => parsed.GetResult(option) is not null) is not { } lone ? given
            : throw new UsageException($"{lone.Name} has no meaning without --targets.");
    }

    /// <summary>The model.</summary>
    /// <exception cref="UsageException">A file cannot be read or does not fit.</exception>
    public TargetInput Model(ParseResult parsed, double classifierBudget, double featureBudget, int? dimension)
    {
        (SoftTargets given, IReadOnlyList<string>? tokens, string source) = Read(parsed);
        return new TargetInput(new SoftTargetModel(given, classifierBudget, featureBudget, dimension), tokens, source);
    }

    /// <summary>The symmetry of given targets.</summary>
    /// <exception cref="UsageException">A file cannot be read or does not fit, or what is given is no symmetry of the targets.</exception>
    public TargetSymmetry SymmetryOf(ParseResult parsed, SoftTargets given)
    {
        string text = parsed.GetValue(symmetry) ?? TargetSymmetry.Automatic.Name;
        TargetSymmetry result = new[] { TargetSymmetry.Automatic, TargetSymmetry.None, TargetSymmetry.Cyclic }.FirstOrDefault(known => known.Name == text)
            ?? TargetSymmetry.Generated(Read(symmetry.Name, text, path => PermutationReader.ReadFile(path, given.Tokens, given.GivenContexts)));
        try
        {
            result.Require(given);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{symmetry.Name} '{text}': {UsageException.WithoutParameter(error)}");
        }

        return result;
    }

    /// <summary>The targets, names of the tokens if they have some, and the name of the file.</summary>
    /// <exception cref="UsageException">A file cannot be read or does not fit.</exception>
    public (SoftTargets Targets, IReadOnlyList<string>? Tokens, string Source) Read(ParseResult parsed)
    {
        string path = parsed.GetValue(targets)!;
        TargetTable table = Read(targets.Name, path, TargetReader.ReadFile);
        double[]? contextWeights = parsed.GetValue(weights) is { } file
            ? Read(weights.Name, file, name => TargetReader.ReadContextWeights(name, table))
            : null;
        IReadOnlyList<string>? tokens = parsed.GetValue(names) is { } list ? Read(names.Name, list, NameList.ReadFile) : table.Tokens;
        if (tokens is not null && tokens.Count != table.Values.RowCount)
        {
            throw new UsageException($"{names.Name} '{parsed.GetValue(names)}' has {tokens.Count} names; one for each of the {table.Values.RowCount} tokens is expected.");
        }

        try
        {
            return (SoftTargets.From(table.Values, contextWeights), tokens, Path.GetFileName(path));
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{targets.Name} '{path}': {UsageException.WithoutParameter(error)}");
        }
    }

    private static T Read<T>(string option, string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (TargetFormatException error)
        {
            throw new UsageException($"{option} '{path}': {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{option} '{path}' cannot be read: {error.Message}");
        }
    }
}
