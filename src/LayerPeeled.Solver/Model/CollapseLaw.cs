namespace LayerPeeled.Solver.Model;

/// <summary>
/// Which classes share one classifier: with cross-entropy, two or more equal ones do if and only if κ_k·ω_k/√ρ_k ≤ λ, ρ_k what features of the class cost and κ_k the factor of the loss (<see cref="Losses.ILoss.CollapseFactor"/>). Where
/// every class costs alike that is κ_k·n_k·w_k ≤ n* = λ·Σ n·w. Where features count per sample, ρ_k = n_k·K/N, it is κ_k²·n_k·w_k² ≤ n* = λ²·(Σ n·w)²·K/N, which
/// without weights is N²·λ_W·λ_H.
/// </summary>
public static class CollapseLaw
{
    // Roundings of λ: with budgets of next to nothing λ is the weight of the largest classes but for less than that, and they stand apart.
    private const double Rounding = 1e-15;

    /// <summary>n*.</summary>
    /// <param name="model">The model.</param>
    /// <param name="multiplier">λ.</param>
    public static double CriticalSize(LayerPeeledModel model, double multiplier)
    {
        double size = multiplier * model.EffectiveTotal;
        return model.Regulariser.FeatureNorm == FeatureNorm.PerClass ? size : size * size * (model.ClassCount / model.Examples);
    }

    /// <summary>log₁₀ n* from log₁₀ λ.</summary>
    internal static double Log10CriticalSize(LayerPeeledModel model, double log10Multiplier)
    {
        double size = log10Multiplier + Math.Log10(model.EffectiveTotal);
        return model.Regulariser.FeatureNorm == FeatureNorm.PerClass ? size : (2 * size) + Math.Log10(model.ClassCount / model.Examples);
    }

    /// <summary>The size of a class of a group that is compared with n*: at most n*, and equal classes share one classifier.</summary>
    /// <param name="model">The model.</param>
    /// <param name="group">Index into <see cref="LayerPeeledModel.Groups"/>.</param>
    public static double SizeOf(LayerPeeledModel model, int group)
    {
        ClassGroup classes = model.Groups[group];
        double factor = model.LossOf(group).CollapseFactor;
        return model.Regulariser.FeatureNorm == FeatureNorm.PerClass ? factor * classes.EffectiveCount : factor * factor * classes.EffectiveCount * classes.LossWeight;
    }

    /// <summary>Whether classes of a size are at or below n*, by more than the rounding of n*.</summary>
    /// <param name="size">Their size, <see cref="SizeOf"/>.</param>
    /// <param name="criticalSize">n*, <see cref="CriticalSize"/>.</param>
    public static bool IsBelow(double size, double criticalSize) => size <= criticalSize * (1 - Rounding);

    /// <summary>ρ of a class of a group: what ‖h_k‖² counts.</summary>
    internal static double FeatureCost(LayerPeeledModel model, ClassGroup group) =>
        model.Regulariser.FeatureNorm == FeatureNorm.PerClass || group.Count == 0 ? 1 : group.Count * (model.ClassCount / model.Examples);
}
