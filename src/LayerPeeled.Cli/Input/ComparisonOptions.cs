using System.CommandLine;
using LayerPeeled.Cli.Relatives;
using LayerPeeled.Solver.Analysis.Comparison;
using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Cli.Input;

/// <summary>The options that say which members of the family are laid side by side, and with which losses.</summary>
internal sealed class ComparisonOptions
{
    private static readonly string AllNames = ModelCatalog.Names(ModelCatalog.Compared);

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
        $"{models.Name} {string.Join(',', chosen.Select(model => ModelCatalog.Of(model.Kind).Name).Distinct())}"
        + string.Concat(chosen.Where(model => model.Kind == FamilyMemberKind.LayerPeeled).Skip(1).Select(model => $" {losses.Name} {model.Loss.Name}"));

    private FamilyMemberKind[] Kinds(string? list)
    {
        if (list is null)
        {
            return [.. ModelCatalog.Compared.Select(entry => entry.Compared!.Value)];
        }

        string[] names = list.Split(',', StringSplitOptions.TrimEntries);
        ModelEntry?[] entries = Array.ConvertAll(names, name => ModelCatalog.Compared.FirstOrDefault(entry => entry.Name == name));
        return !entries.Contains(null) && names.Distinct().Count() == names.Length
            ? [.. entries.Select(entry => entry!.Compared!.Value)]
            : throw new UsageException($"{models.Name} '{list}' is not allowed: a comma list of {AllNames} is expected, each once.");
    }

    private ILoss Loss(string text) => LossCatalog.TryParse(text, out ILoss? loss, out string? error) ? loss
        : throw new UsageException($"{losses.Name} '{text}' is not allowed: {error}");
}
