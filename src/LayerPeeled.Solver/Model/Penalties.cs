namespace LayerPeeled.Solver.Model;

/// <summary>
/// Weight decay, as the regularised unconstrained-features model has it: (λ_W/2)·‖W‖_F² + (λ_H/2)·Σ_k n_k·‖h_k‖² is added to the mean loss, or
/// (λ_H/2)·Σ_k ‖h_k‖² with <see cref="FeatureNorm.PerClass"/> (Hong, Ling, JMLR 25, 2024). Per sample unless said otherwise.
/// </summary>
public sealed record Penalties : Regulariser
{
    /// <summary>Penalties.</summary>
    /// <param name="classifier">λ_W, between 1e-100 and 1e100.</param>
    /// <param name="feature">λ_H, between 1e-100 and 1e100.</param>
    public Penalties(double classifier, double feature)
    {
        (Classifier, Feature) = (classifier, feature);
        FeatureNorm = FeatureNorm.PerSample;
    }

    /// <summary>λ_W.</summary>
    public double Classifier { get; init; }

    /// <summary>λ_H.</summary>
    public double Feature { get; init; }

    /// <summary>
    /// λ_b: the classifier has a bias vector b, one number a class, that costs (λ_b/2)·‖b‖²; 0 leaves it free. Null: there is no bias. Otherwise 0, or
    /// between 1e-100 and 1e100.
    /// </summary>
    public double? Bias { get; init; }

    internal override void Validate()
    {
        ModelValidation.PenaltyInRange(Classifier, "classifierPenalty");
        ModelValidation.PenaltyInRange(Feature, "featurePenalty");
        if (Bias is { } bias and not 0)
        {
            ModelValidation.PenaltyInRange(bias, "biasPenalty");
        }
    }
}
