using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Output.Solve;

/// <summary>The model for people, unless it is the Layer-Peeled Model with cross-entropy, which goes without saying.</summary>
internal static class ModelFacts
{
    /// <summary>One fact a line, none of them longer than a line of 80 columns holds.</summary>
    public static IEnumerable<(string Name, string Value)> Of(LayerPeeledModel model)
    {
        if (model is { Regulariser: Budgets { FeatureNorm: FeatureNorm.PerClass }, Loss: CrossEntropyLoss })
        {
            yield break;
        }

        string counted = model.Regulariser.FeatureNorm == FeatureNorm.PerSample ? "counted per sample" : "counted per class";
        if (model.Regulariser is Penalties penalties)
        {
            string bias = penalties.Bias switch { null => "no bias", 0 => "bias free", { } value => $"λ_b = {Sheet.Short(value)}" };
            yield return ("model", $"unconstrained features, {counted}");
            yield return ("penalties", $"λ_W = {Sheet.Short(penalties.Classifier)}, λ_H = {Sheet.Short(penalties.Feature)}, {bias}");
        }
        else
        {
            yield return ("model", $"Layer-Peeled Model, features {counted}");
            yield return ("budgets", $"E_W = {Sheet.Short(model.ClassifierBudget)}, E_H = {Sheet.Short(model.FeatureBudget)}");
        }

        yield return ("loss function", model.Loss is SquaredErrorLoss ? "squared error" : model.Loss.Name);
    }
}
