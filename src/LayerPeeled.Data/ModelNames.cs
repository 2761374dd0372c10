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

    // Losses have no parameters: a name says all.
    private static readonly ILoss[] Losses = [CrossEntropyLoss.Instance, SquaredErrorLoss.Instance];

    public static string Of(FeatureNorm norm) => norm == FeatureNorm.PerSample ? PerSample : PerClass;

    public static FeatureNorm ReadFeatureNorm(JsonField field) => field.Text() switch
    {
        PerClass => FeatureNorm.PerClass,
        PerSample => FeatureNorm.PerSample,
        _ => throw field.Wrong($"\"{PerClass}\" or \"{PerSample}\""),
    };

    public static ILoss ReadLoss(JsonField field)
    {
        string name = field.Text();
        return Array.Find(Losses, loss => loss.Name == name) ?? throw field.Wrong(string.Join(" or ", Losses.Select(loss => $"\"{loss.Name}\"")));
    }
}
