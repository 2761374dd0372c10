using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// A proof of how far a feasible point is from the global optimum, recomputed from the raw data of the program: a primal value f(Z) at a
/// point with ‖Z‖_* ≤ r, and a dual point Y whose value −f*(Y) − r·σ_max(Y) bounds the optimum from below. Valid for the nonconvex
/// program too, since each of its points (W, H̄) maps to Z = W·H̄ in the ball.
/// </summary>
public sealed record DualityCertificate
{
    internal const double SmallestValue = 1e-303;
    private readonly GroupedMatrix dual = null!;

    /// <summary>f(Z), the average loss of the point.</summary>
    public required double PrimalValue { get; init; }

    /// <summary>A lower bound on the global optimum, rounding allowed for.</summary>
    public required double LowerBound { get; init; }

    /// <summary>Primal value minus lower bound, computed without cancellation where both come from the same dual point; never negative.</summary>
    public required double AbsoluteGap { get; init; }

    /// <summary>
    /// (primal − dual)/max(|primal|, |dual|): meaningful for losses of 1e-300 as for losses of order one. NaN below 1e-303, where the terms
    /// of the loss leave the range in which double precision has all its digits: nothing is proven then.
    /// </summary>
    public double RelativeGap =>
        Math.Max(Math.Abs(PrimalValue), Math.Abs(LowerBound)) is var scale && scale >= SmallestValue ? AbsoluteGap / scale : double.NaN;

    /// <summary>λ = −⟨∇f(Z), Z⟩/r, the multiplier of the constraint ‖Z‖_* ≤ r; equal to σ_max(Y) at an optimum.</summary>
    public required double Multiplier { get; init; }

    /// <summary>σ_max(Y), over-estimated by at most a few roundings.</summary>
    public required double DualNorm { get; init; }

    /// <summary>How the dual point was made.</summary>
    public required DualKind Kind { get; init; }

    /// <summary>
    /// Largest relative excess of the point over a budget before it was scaled back into the feasible set; the primal value is the one after.
    /// </summary>
    public required double ConstraintViolation { get; init; }

    /// <summary>
    /// μ_W, the multiplier of ‖W‖_F² ≤ K·E_W in the semidefinite program: (σ/2)·√(E_H/E_W), σ = σ_max(Y). With μ_H it makes [[μ_H·I, Yᵀ/2], [Y/2, μ_W·I]] ⪰ 0.
    /// </summary>
    public required double ClassifierMultiplier { get; init; }

    /// <summary>μ_H, the multiplier of ‖H̄‖_F² ≤ K·E_H in the semidefinite program: (σ/2)·√(E_W/E_H).</summary>
    public required double FeatureMultiplier { get; init; }

    /// <summary>The dual point Y, over the groups of the program it was computed in; a copy.</summary>
    public required GroupedMatrix Dual
    {
        get => dual.Clone();
        init => dual = value;
    }

    /// <summary>Y itself, not to be changed.</summary>
    internal GroupedMatrix SharedDual => dual;

    /// <summary>Whether the relative gap is at most a tolerance.</summary>
    /// <param name="relativeGap">The tolerance.</param>
    public bool Closes(double relativeGap) => RelativeGap <= relativeGap;
}
