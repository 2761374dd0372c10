namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>The norm in which gradients are taken and points are projected.</summary>
public enum ProjectedGradientMetric
{
    /// <summary>The Euclidean norm of (W, H): the projected gradient method proper.</summary>
    Euclidean,

    /// <summary>
    /// ‖W‖²/(K·E_W) + Σ_k a_k·‖h‖²/(K·E_H): both budgets are unit balls and projections are scalings. Another trajectory to the same
    /// optima, far shorter at sample level with unequal counts and for budgets of different size.
    /// </summary>
    Budgets,
}
