namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>When Nesterov's momentum is dropped.</summary>
public enum MomentumRestart
{
    /// <summary>Never. Values then oscillate, and the program being nonconvex nothing brings them back.</summary>
    Never,

    /// <summary>When the objective rises; the step is taken again from the last point, without momentum.</summary>
    Function,

    /// <summary>When momentum and gradient step disagree: ⟨y − x⁺, x⁺ − x⟩ > 0.</summary>
    Gradient,

    /// <summary>On either sign.</summary>
    Either,
}
