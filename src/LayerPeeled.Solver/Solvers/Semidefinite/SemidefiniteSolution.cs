using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Solvers.Semidefinite;

/// <summary>A solution of the semidefinite program with its own dual variables, from the last iteration.</summary>
public sealed record SemidefiniteSolution
{
    /// <summary>The point recovered from X, rescaled onto the budgets, with its certificate.</summary>
    public required LayerPeeledSolution Solution { get; init; }

    /// <summary>X, 2K×2K, features first. Positive semidefinite; its traces are within the bounds up to the primal residual.</summary>
    public required Matrix<double> X { get; init; }

    /// <summary>
    /// [[μ_H·I, Yᵀ/2], [Y/2, μ_W·I]], 2K×2K, the multiplier of X ⪰ 0, with Y the gradient in the logits. Positive semidefinite up to the
    /// dual residual.
    /// </summary>
    public required Matrix<double> DualMatrix { get; init; }

    /// <summary>μ_H, the multiplier of tr X(1..K, 1..K) ≤ K·E_H.</summary>
    public required double FeatureMultiplier { get; init; }

    /// <summary>μ_W, the multiplier of tr X(K+1..2K, K+1..2K) ≤ K·E_W.</summary>
    public required double ClassifierMultiplier { get; init; }

    /// <summary>Distance between the two copies of X, relative to X.</summary>
    public required double PrimalResidual { get; init; }

    /// <summary>Change of X in the last iteration times the penalty, relative to the multiplier of X ⪰ 0.</summary>
    public required double DualResidual { get; init; }
}
