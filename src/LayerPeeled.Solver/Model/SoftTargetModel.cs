namespace LayerPeeled.Solver.Model;

/// <summary>
/// The Layer-Peeled Model of a language model (Du, He, Su 2026): minimise Σ_c ω_c·[log Σ_j exp(w_j·h_c) − Σ_j t_jc·w_j·h_c] over output vectors W (V×p) of V tokens and embeddings
/// H (p×m) of m contexts, under ‖W‖_F² ≤ V·E_W and ‖H‖_F² ≤ m·E_H. Its convex form in the logits Z = W·H, V×m, is ‖Z‖_* ≤ r = √(V·E_W·m·E_H), exact for p ≥ rank Z*. Immutable and thread-safe.
/// </summary>
public sealed class SoftTargetModel
{
    /// <summary>A model.</summary>
    /// <param name="targets">The target distributions and weights.</param>
    /// <param name="classifierBudget">E_W, between 1e-150 and 1e150.</param>
    /// <param name="featureBudget">E_H, between 1e-150 and 1e150.</param>
    /// <param name="featureDimension">p, at least 1; min(V, m) when null, which is always enough.</param>
    /// <exception cref="ArgumentException">A budget or the dimension is out of range.</exception>
    public SoftTargetModel(SoftTargets targets, double classifierBudget, double featureBudget, int? featureDimension = null)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ModelValidation.BudgetInRange(classifierBudget, nameof(classifierBudget));
        ModelValidation.BudgetInRange(featureBudget, nameof(featureBudget));
        if (featureDimension < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(featureDimension), featureDimension, "The feature dimension must be at least 1.");
        }

        (Targets, ClassifierBudget, FeatureBudget) = (targets, classifierBudget, featureBudget);
        FeatureDimension = featureDimension ?? Math.Min(targets.Tokens, targets.Contexts);
    }

    /// <summary>The target distributions and weights.</summary>
    public SoftTargets Targets { get; }

    /// <summary>E_W, the bound on (1/V)·Σ_j ‖w_j‖².</summary>
    public double ClassifierBudget { get; }

    /// <summary>E_H, the bound on (1/m)·Σ_c ‖h_c‖².</summary>
    public double FeatureBudget { get; }

    /// <summary>p.</summary>
    public int FeatureDimension { get; }

    /// <summary>r = √(V·E_W·m·E_H), the bound of ‖Z‖_*.</summary>
    public double Radius => Math.Sqrt(Targets.Tokens * ClassifierBudget) * Math.Sqrt(Targets.Contexts * FeatureBudget);
}
