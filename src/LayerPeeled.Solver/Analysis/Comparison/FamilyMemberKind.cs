namespace LayerPeeled.Solver.Analysis.Comparison;

/// <summary>Members of the family that can be laid side by side on the same classes and budgets.</summary>
public enum FamilyMemberKind
{
    /// <summary>The Layer-Peeled Model itself, features counted per class (Fang, He, Long, Su 2021).</summary>
    LayerPeeled,

    /// <summary>The same with features counted per sample: the optimum of the unconstrained-features model whose penalties use these budgets (Hong, Ling 2024).</summary>
    UnconstrainedFeatures,

    /// <summary>The limit of large budgets, features counted per sample: the largest margin (Thrampoulidis et al. 2022).</summary>
    MaxMargin,

    /// <summary>Features that cannot be negative, as after a ReLU (Dang et al. 2024).</summary>
    Rectified,

    /// <summary>The supervised contrastive loss of the features alone (Khosla et al. 2020).</summary>
    Contrastive,

    /// <summary>Classifiers and features of equal norms, √E_W and √E_H each: a local solution.</summary>
    Spherical,
}
