namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>Where the projected gradient method starts when no point is given.</summary>
public enum ProjectedGradientStart
{
    /// <summary>Gaussian entries from the seed of the options, scaled onto the budgets.</summary>
    Random,

    /// <summary>The simplex ETF, optimal for balanced classes. Needs p ≥ K − 1. At sample level its classes have no variability from the outset.</summary>
    SimplexEtf,
}
