namespace LayerPeeled.Solver.Certificates;

/// <summary>How a dual point was made.</summary>
public enum DualKind
{
    /// <summary>Y = ∇f(Z), the Frank–Wolfe gap: first order in the error of the point.</summary>
    Gradient,

    /// <summary>Y = ∇f(Z) with its active singular values set to λ: second order in the error of the point.</summary>
    Levelled,

    /// <summary>Y aligned with the singular directions of Z: second order in the error of the point.</summary>
    Aligned,

    /// <summary>A dual point that was found at another point of the same model and bounds this one too.</summary>
    Inherited,

    /// <summary>
    /// No dual point with a finite conjugate was found: the only bound is 0 for a loss that cannot be negative, and −∞ for others.
    /// </summary>
    None,
}
