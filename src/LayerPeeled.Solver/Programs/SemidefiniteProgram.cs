using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// The model as a semidefinite program (Fang, He, Long, Su 2021): X ∈ S^{2K}, X ⪰ 0, minimise Σ_k ω_k·L(z_k, k) with z_k = X(k, K+1..2K)
/// subject to tr X(1..K, 1..K) ≤ K·E_H and tr X(K+1..2K, K+1..2K) ≤ K·E_W. Features come first: X = [H̄ᵀ; W]·[H̄, Wᵀ], so the lower left
/// block is Z = W·H̄. Immutable and thread-safe.
/// </summary>
public sealed class SemidefiniteProgram
{
    /// <summary>The semidefinite program of a model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">The model has penalties, features that count per sample, or a loss that is not convex.</exception>
    public SemidefiniteProgram(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelScope.RequireBudgetsPerClass(model, "sdp");
        ModelScope.RequireConvex(model, "sdp");
        NuclearNorm = NuclearNormProgram.ForClasses(model);
    }

    /// <summary>The model.</summary>
    public LayerPeeledModel Model => NuclearNorm.Model;

    /// <summary>The same program with the diagonal blocks eliminated: f(Z) over ‖Z‖_* ≤ K√(E_W·E_H), class by class.</summary>
    public NuclearNormProgram NuclearNorm { get; }

    /// <summary>2K, the order of X.</summary>
    public int Order => MatrixShape.Length(2, Model.ClassCount);

    /// <summary>K·E_H, the bound on the trace of the upper left block.</summary>
    public double FeatureTraceBound => Model.ClassCount * Model.FeatureBudget;

    /// <summary>K·E_W, the bound on the trace of the lower right block.</summary>
    public double ClassifierTraceBound => Model.ClassCount * Model.ClassifierBudget;

    /// <summary>The objective Σ_k ω_k·L(z_k, k) at a point.</summary>
    /// <param name="x">X, 2K×2K. Only its lower left block counts.</param>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public double Objective(Matrix<double> x)
    {
        RequireOrder(x);
        int k = Model.ClassCount;
        GroupedMatrix logits = NuclearNorm.CreateMatrix();
        x.SubMatrix(k, k, 0, k).ToColumnMajorArray().CopyTo(logits.Core, 0);
        return NuclearNorm.Value(logits);
    }

    /// <summary>
    /// The largest relative violation at a point: of a trace bound, of symmetry and of X ⪰ 0 (relative to the largest eigenvalue). Zero when feasible.
    /// </summary>
    /// <param name="x">X, 2K×2K.</param>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public double Violation(Matrix<double> x)
    {
        RequireOrder(x);
        int k = Model.ClassCount;
        double features = (x.SubMatrix(0, k, 0, k).Trace() / FeatureTraceBound) - 1;
        double classifiers = (x.SubMatrix(k, k, k, k).Trace() / ClassifierTraceBound) - 1;
        double asymmetry = (x - x.Transpose()).FrobeniusNorm() / Math.Max(x.FrobeniusNorm(), double.Epsilon);
        double[] symmetric = ((x + x.Transpose()) / 2).ToColumnMajorArray(), values = new double[Order];
        LinearAlgebraProvider.Backend.SymmetricEigen(Order, symmetric, values);
        double indefinite = -values[0] / Math.Max(values[^1], double.Epsilon);
        return Math.Max(0, Math.Max(Math.Max(features, classifiers), Math.Max(asymmetry, indefinite)));
    }

    /// <summary>The matrix [[μ_H·I, Yᵀ/2], [Y/2, μ_W·I]] of dual variables, 2K×2K; positive semidefinite iff 4·μ_H·μ_W ≥ σ_max(Y)².</summary>
    /// <param name="featureMultiplier">μ_H.</param>
    /// <param name="classifierMultiplier">μ_W.</param>
    /// <param name="dual">Y, K×K; the gradient in the logits at the optimum.</param>
    /// <exception cref="ArgumentException">The shape of Y is another.</exception>
    public Matrix<double> DualMatrix(double featureMultiplier, double classifierMultiplier, Matrix<double> dual)
    {
        ArgumentNullException.ThrowIfNull(dual);
        int k = Model.ClassCount;
        if (dual.RowCount != k || dual.ColumnCount != k)
        {
            throw new ArgumentException($"Y must be {k}×{k}, got {dual.RowCount}×{dual.ColumnCount}.", nameof(dual));
        }

        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(k);
        return Matrix<double>.Build.DenseOfMatrixArray(new[,]
        {
            { featureMultiplier * identity, dual.Transpose() / 2 },
            { dual / 2, classifierMultiplier * identity },
        });
    }

    private void RequireOrder(Matrix<double> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.RowCount != Order || x.ColumnCount != Order)
        {
            throw new ArgumentException($"X must be {Order}×{Order}, got {x.RowCount}×{x.ColumnCount}.", nameof(x));
        }
    }
}
