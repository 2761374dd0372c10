using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>What is known of how a network was trained, and which members of the family to compare it with.</summary>
public sealed record FamilyDiagnosisOptions
{
    private readonly ModelFamilies families = ModelFamilies.All;
    private readonly double? classifierDecay;
    private readonly double? biasDecay;
    private readonly double? featurePenalty;

    /// <summary>Origin, groups, loss and loss weights.</summary>
    public NetworkDiagnosisOptions Network { get; init; } = new();

    /// <summary>The members; all by default.</summary>
    public ModelFamilies Families
    {
        get => families;
        init => families = value is not 0 && (value & ~ModelFamilies.All) == 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Families), value, "At least one family, and none but those that have a name, is expected.");
    }

    /// <summary>λ_W, the weight decay of the classifiers, for a loss averaged over the examples; between 1e-100 and 1e100. Null: not known.</summary>
    public double? ClassifierDecay
    {
        get => classifierDecay;
        init => classifierDecay = Penalty(value, nameof(ClassifierDecay));
    }

    /// <summary>
    /// λ_b, the weight decay of the bias; 0 for a bias that is free, else between 1e-100 and 1e100. Null: not known, then that of the classifiers where it is known, else both
    /// one equal to λ_W and none are tried. Only where the network has a bias.
    /// </summary>
    public double? BiasDecay
    {
        get => biasDecay;
        init => biasDecay = value is 0 ? value : Penalty(value, nameof(BiasDecay));
    }

    /// <summary>
    /// λ_H of a penalty (λ_H/2)·Σ‖h‖² over all examples on the features themselves; between 1e-100 and 1e100. Null: λ_W·‖W‖²/Σ‖h‖² with the norms of the network, which every
    /// optimum satisfies.
    /// </summary>
    public double? FeaturePenalty
    {
        get => featurePenalty;
        init => featurePenalty = Penalty(value, nameof(FeaturePenalty));
    }

    private static double? Penalty(double? value, string name)
    {
        if (value is { } penalty)
        {
            ModelValidation.PenaltyInRange(penalty, name);
        }

        return value;
    }
}
