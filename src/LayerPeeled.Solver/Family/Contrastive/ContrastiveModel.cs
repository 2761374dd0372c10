using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Family.Contrastive;

/// <summary>
/// The supervised contrastive loss of all examples as one batch, minimised over their features alone (Fang, He, Long, Su, PNAS 2021; the loss is that of Khosla
/// et al., NeurIPS 2020): Σ_i ω_i·(1/|P(i)|)·Σ_{j ∈ P(i)} [log Σ_{l ∈ A(i)} exp(⟨h_i, h_l⟩/τ) − ⟨h_i, h_j⟩/τ] under (1/K)·Σ_k (1/n_k)·Σ_i ‖h_{k,i}‖² ≤ E_H. A(i) are
/// the samples that the anchor i looks at, P(i) those of its class among them. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Features of one class are equal at an optimum, so that with X = H̄ᵀH̄ of the class means the program is convex: minimise
/// Σ_k ω_k·log(m_k + Σ_{j ≠ k} n_j·exp((X_jk − X_kk)/τ)) over X ⪰ 0, tr X ≤ K·E_H, where m_k = n_k, or n_k − 1 without the anchor. docs/contrastive-and-spheres.md has
/// the proof. K − 1 dimensions are enough.
/// </remarks>
public sealed class ContrastiveModel
{
    // Below, budgets hardly change the loss, and no gap says anything of the geometry; above, losses of e^{−2·300} come near the smallest double.
    private const double SmallestSharpness = 1e-4;
    private const double LargestSharpness = 300;
    private const double LargestCount = 1e12;

    private ContrastiveModel(LayerPeeledModel classes, double featureBudget, double temperature, ContrastiveDenominator denominator)
    {
        ModelValidation.BudgetInRange(featureBudget, nameof(featureBudget));
        if (!(temperature > 0) || !double.IsFinite(temperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be a positive finite number.");
        }

        if (!(featureBudget / temperature is >= SmallestSharpness and <= LargestSharpness))
        {
            throw new ArgumentOutOfRangeException(
                nameof(temperature), featureBudget / temperature, $"E_H/τ must be between {SmallestSharpness} and {LargestSharpness}.");
        }

        if (!Enum.IsDefined(denominator))
        {
            throw new ArgumentOutOfRangeException(nameof(denominator), denominator, "The denominator is AllSamples or OtherSamples.");
        }

        foreach (ClassGroup group in classes.Groups)
        {
            if (!(group.Count >= 1 && group.Count <= LargestCount && group.Count == Math.Floor(group.Count)))
            {
                throw new ArgumentException($"The contrastive loss compares examples: counts must be whole numbers from 1 to {LargestCount}, got {group.Count}.", nameof(classes));
            }
        }

        if (denominator == ContrastiveDenominator.OtherSamples && !classes.Groups.Any(g => g.Count >= 2 && g.LossWeight > 0))
        {
            throw new ArgumentException("Without the anchor only classes of at least two examples have a loss, and there is none with a weight.", nameof(classes));
        }

        (Classes, FeatureBudget, Temperature, Denominator) = (classes, featureBudget, temperature, denominator);
    }

    /// <summary>Number of classes K.</summary>
    public int ClassCount => Classes.ClassCount;

    /// <summary>The groups of classes with equal count and weight; a loss weight is one of the anchors.</summary>
    public IReadOnlyList<ClassGroup> Groups => Classes.Groups;

    /// <summary>Index into <see cref="Groups"/> of each class.</summary>
    public ReadOnlySpan<int> GroupOfClass => Classes.GroupOfClass;

    /// <summary>E_H, the bound on (1/K)·Σ_k ‖h_k‖².</summary>
    public double FeatureBudget { get; }

    /// <summary>τ. Only E_H/τ changes the geometry.</summary>
    public double Temperature { get; }

    /// <summary>Which samples an anchor looks at.</summary>
    public ContrastiveDenominator Denominator { get; }

    /// <summary>The same classes with two budgets, for what is made of groups.</summary>
    internal LayerPeeledModel Classes { get; }

    /// <summary>A model from one count per class.</summary>
    /// <param name="counts">Examples n_k of each class: whole numbers, at least 1.</param>
    /// <param name="featureBudget">E_H, positive; E_H/τ between 1e-4 and 300.</param>
    /// <param name="temperature">τ, positive.</param>
    /// <param name="denominator">Which samples an anchor looks at.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static ContrastiveModel FromClassCounts(
        IEnumerable<double> counts, double featureBudget, double temperature = 1, ContrastiveDenominator denominator = ContrastiveDenominator.AllSamples) =>
        new(LayerPeeledModel.FromClassCounts(counts, featureBudget, featureBudget), featureBudget, temperature, denominator);

    /// <summary>A model from groups of equal classes; those with the same count and weight are merged into the first of them.</summary>
    /// <param name="groups">The groups: counts are whole numbers, at least 1.</param>
    /// <param name="featureBudget">E_H, positive; E_H/τ between 1e-4 and 300.</param>
    /// <param name="temperature">τ, positive.</param>
    /// <param name="denominator">Which samples an anchor looks at.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static ContrastiveModel FromClassGroups(
        IEnumerable<ClassGroup> groups, double featureBudget, double temperature = 1, ContrastiveDenominator denominator = ContrastiveDenominator.AllSamples) =>
        new(LayerPeeledModel.FromClassGroups(groups, featureBudget, featureBudget), featureBudget, temperature, denominator);
}
