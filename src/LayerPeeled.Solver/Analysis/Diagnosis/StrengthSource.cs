namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>Where the strength of a member's regulariser comes from.</summary>
public enum StrengthSource
{
    /// <summary>The optimum uses the measured budgets of classifiers and features.</summary>
    Budgets,

    /// <summary>The weight decay that the network was trained with.</summary>
    WeightDecay,

    /// <summary>Chosen for the least misfit, since there are no features to measure.</summary>
    Fit,
}
