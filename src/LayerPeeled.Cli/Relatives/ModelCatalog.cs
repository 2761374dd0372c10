using System.CommandLine;
using LayerPeeled.Solver.Analysis.Comparison;

namespace LayerPeeled.Cli.Relatives;

/// <summary>The Layer-Peeled Model and its relatives by name.</summary>
internal static class ModelCatalog
{
    /// <summary>The Layer-Peeled Model.</summary>
    public static ModelEntry LayerPeeled { get; } = new("lpm", "the Layer-Peeled Model, with budgets", FamilyMemberKind.LayerPeeled, null);

    /// <summary>Unconstrained features.</summary>
    public static ModelEntry UnconstrainedFeatures { get; } = new("ufm", "unconstrained features, with penalties", FamilyMemberKind.UnconstrainedFeatures, null);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ModelEntry> All { get; } =
    [
        LayerPeeled,
        UnconstrainedFeatures,
        new("svm", "the largest margin, the limit of large budgets", FamilyMemberKind.MaxMargin, options => new MaxMarginRelative(options)),
        new("relu", "features that are not negative", FamilyMemberKind.Rectified, options => new RectifiedRelative(options)),
        new("supcon", "the contrastive loss of the features alone", FamilyMemberKind.Contrastive, options => new ContrastiveRelative(options)),
        new("sphere", "norms that are given", FamilyMemberKind.Spherical, options => new SphereRelative(options)),
        new("qnorm", "features with a budget in the q-norm", null, options => new PowerNormRelative(options)),
        new("deep", "several linear layers, with penalties", null, options => new DeepRelative(options)),
        new("regression", "targets that are numbers, with penalties", null, options => new RegressionRelative(options)),
    ];

    /// <summary>Those that <c>compare</c> lays side by side.</summary>
    public static IReadOnlyList<ModelEntry> Compared { get; } = [.. All.Where(entry => entry.Compared is not null)];

    /// <summary>The one that is this to <c>compare</c>.</summary>
    public static ModelEntry Of(FamilyMemberKind kind) => All.First(entry => entry.Compared == kind);

    /// <summary>Names, as they stand in messages.</summary>
    public static string Names(IEnumerable<ModelEntry> entries) => string.Join(", ", entries.Select(entry => entry.Name));

    /// <summary>An option that is one of them.</summary>
    public static Option<ModelEntry?> Option(string name) => new(name)
    {
        HelpName = string.Join('|', All.Select(entry => entry.Name)),
        Description = $"{string.Join("; ", All.Select(entry => $"{entry.Name}: {entry.Summary}"))}. Default: {LayerPeeled.Name}.",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (All.FirstOrDefault(entry => entry.Name == text) is { } found)
            {
                return found;
            }

            result.AddError($"{name} '{text}' is not allowed: one of {Names(All)} is expected.");
            return null;
        },
    };
}
