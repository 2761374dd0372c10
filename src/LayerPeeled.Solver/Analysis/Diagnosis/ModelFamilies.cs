namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>Which members of the family to compare a network with.</summary>
[Flags]
public enum ModelFamilies
{
    /// <summary>The Layer-Peeled Model: budgets, features that count per class, no bias.</summary>
    LayerPeeled = 1,

    /// <summary>The unconstrained-features model: features that count per sample, without a bias and, where the network has one, with it.</summary>
    UnconstrainedFeatures = 2,

    /// <summary>All of them.</summary>
    All = LayerPeeled | UnconstrainedFeatures,
}
