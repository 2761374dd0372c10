using System.CommandLine;
using LayerPeeled.Solver.Analysis.Comparison;
using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Cli.Input;

/// <summary>The options that say which members of the family are laid side by side, and with which losses.</summary>
internal sealed class ComparisonOptions
{
    private static readonly (string Name, FamilyMemberKind Kind)[] NamedKinds =
    [
        ("lpm", FamilyMemberKind.LayerPeeled), ("ufm", FamilyMemberKind.UnconstrainedFeatures), ("svm", FamilyMemberKind.MaxMargin),
        ("relu", FamilyMemberKind.Rectified), ("supcon", FamilyMemberKind.Contrastive), ("sphere", FamilyMemberKind.Spherical),
    ];

    private static readonly string AllNames = string.Join(", ", NamedKinds.Select(member => member.Name));

    private readonly Option<string?> models = new("--models")
    {
        HelpName = "list",
        Description = $"Members to lay side by side: a comma list of {AllNames}. Default: all.",
    };

    private readonly Option<string[]> losses = new("--loss")
    {
        HelpName = "name[:param=value,…]",
        Description = "Further losses for the lpm, which has cross-entropy first; may be given several times. 'solve --help' lists them.",
    };

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => [models, losses];

    /// <summary>The members in the order they were asked for; the lpm with each of its losses.</summary>
    /// <exception cref="UsageException">An option is wrong.</exception>
    public ComparedModel[] Models(ParseResult parsed)
    {
        FamilyMemberKind[] kinds = Kinds(parsed.GetValue(models));
        ILoss[] further = [.. (parsed.GetValue(losses) ?? []).Select(Loss)];
        if (further.Length > 0 && !kinds.Contains(FamilyMemberKind.LayerPeeled))
        {
            throw new UsageException($"{losses.Name} '{further[0].Name}' has no meaning without lpm in {models.Name}.");
        }

        return [.. from kind in kinds
                   from loss in further.Where(_ => kind == FamilyMemberKind.LayerPeeled).Prepend(CrossEntropyLoss.Instance)
                   select new ComparedModel(kind, loss)];
    }

    /// <summary>The options as they are written.</summary>
    public string Text(IReadOnlyList<ComparedModel> chosen) =>
        $"{models.Name} {string.Join(',', chosen.Select(model => NameOf(model.Kind)).Distinct())}"
        + string.Concat(chosen.Where(model => model.Kind == FamilyMemberKind.LayerPeeled).Skip(1).Select(model => $" {losses.Name} {model.Loss.Name}"));

    /// <summary>The name of a member on the command line.</summary>
    public static string NameOf(FamilyMemberKind kind) => NamedKinds.First(member => member.Kind == kind).Name;

    private FamilyMemberKind[] Kinds(string? list)
    {
        if (list is null)
        {
            return [.. NamedKinds.Select(member => member.Kind)];
        }

        string[] names = list.Split(',', StringSplitOptions.TrimEntries);
        string? unknown = Array.Find(names, name => !NamedKinds.Any(member => member.Name == name));
        return unknown is null && names.Distinct().Count() == names.Length
            ? [.. names.Select(name => NamedKinds.First(member => member.Name == name).Kind)]
            : throw new UsageException($"{models.Name} '{list}' is not allowed: a comma list of {AllNames} is expected, each once.");
    }

    private ILoss Loss(string text) => LossCatalog.TryParse(text, out ILoss? loss, out string? error) ? loss
        : throw new UsageException($"{losses.Name} '{text}' is not allowed: {error}");
}
