namespace LayerPeeled.Solver.Model;

/// <summary>Which models a method or a program is for; the reduced, the low-rank and the automatic method take all of them.</summary>
internal static class ModelScope
{
    private const string Instead = "The methods reduced, low-rank and auto solve it.";

    /// <summary>Whether groups of nearly equal classes may be merged.</summary>
    public static bool MayMerge(LayerPeeledModel model) => HasBudgetsPerClass(model) && model.Loss is { DependsOnClass: false, NeedsLogits: false };

    /// <summary>Whether the model is the Layer-Peeled Model itself.</summary>
    public static bool HasBudgetsPerClass(LayerPeeledModel model) => model.Regulariser is Budgets { FeatureNorm: FeatureNorm.PerClass };

    /// <summary>Refuses penalties.</summary>
    public static void RequireBudgets(LayerPeeledModel model, string method) =>
        Require(model, model.Regulariser is Budgets, method, "budgets", "The model has penalties.");

    /// <summary>Refuses penalties, and features that count per sample.</summary>
    public static void RequireBudgetsPerClass(LayerPeeledModel model, string method)
    {
        RequireBudgets(model, method);
        Require(model, HasBudgetsPerClass(model), method, "features that count per class", "Those of the model count per sample.");
    }

    /// <summary>Refuses a bias.</summary>
    public static void RequireNoBias(LayerPeeledModel model, string method) =>
        Require(model, model.Regulariser is not Penalties { Bias: not null }, method, "models without a bias", "The model has one.");

    /// <summary>Refuses a loss that is not convex.</summary>
    public static void RequireConvex(LayerPeeledModel model, string method) =>
        Require(model, model.Loss.IsConvex, method, "convex losses", $"'{model.Loss.Name}' is not.");

    private static void Require(LayerPeeledModel model, bool holds, string method, string what, string given)
    {
        if (!holds)
        {
            throw new ArgumentException($"The {method} method is for {what}. {given} {Instead}", nameof(model));
        }
    }
}
