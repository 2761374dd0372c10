using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data;

/// <summary>What regularisers, feature norms and losses are called in a saved solution.</summary>
internal static class ModelNames
{
    public const string Budgets = "budgets";
    public const string Penalties = "penalties";
    private const string PerClass = "per-class";
    private const string PerSample = "per-sample";

    public static string Of(FeatureNorm norm) => norm == FeatureNorm.PerSample ? PerSample : PerClass;

    public static FeatureNorm ReadFeatureNorm(JsonField field) => field.Text() switch
    {
        PerClass => FeatureNorm.PerClass,
        PerSample => FeatureNorm.PerSample,
        _ => throw field.Wrong($"\"{PerClass}\" or \"{PerSample}\""),
    };

    /// <summary>A loss by its name, which says its parameters too.</summary>
    public static ILoss ReadLoss(JsonField field) => LossCatalog.TryParse(field.Text(), out ILoss? loss, out _) ? loss
        : throw field.Wrong($"a loss with its parameters, {string.Join(", ", LossCatalog.Entries.Select(entry => $"\"{entry.Syntax}\""))}");
}
