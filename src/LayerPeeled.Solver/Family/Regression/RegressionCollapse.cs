using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.Regression;

/// <summary>
/// Regression with free features and weight decay in closed form: minimise (1/2N)·Σ_i ‖W·h_i + b − y_i‖² + (λ_W/2)·‖W‖_F² + (λ_H/2)·Σ_i ‖h_i‖² (Andriopoulos et al.,
/// NeurIPS 2024, neural regression collapse; their λ_H is N times this one). With Σ = Q·diag(τ)·Qᵀ the covariance of the targets the predictions shrink in each of its
/// directions by the same amount, √τ → (√τ − c)₊ with c = √(N·λ_W·λ_H), the least directions go to zero, and where p is smaller than what is left, only the p largest
/// stay. Features are linear in the targets. Immutable.
/// </summary>
public sealed class RegressionCollapse
{
    private readonly Matrix<double> directions;
    private readonly Vector<double>? mean;
    private readonly double[] deviations;
    private readonly double[] values;
    private readonly double examples;
    private readonly int dimension;

    private RegressionCollapse(Matrix<double> directions, double[] deviations, Vector<double>? mean, double examples, Penalties penalties, int? dimension)
    {
        if (dimension < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "The feature dimension must be at least 1.");
        }

        (this.directions, this.deviations, this.mean, this.examples, Penalties) = (directions, deviations, mean, examples, penalties);
        this.dimension = dimension ?? directions.RowCount;
        Shrinkage = Math.Sqrt(examples) * Math.Sqrt(penalties.Classifier) * Math.Sqrt(penalties.Feature);
        values = new double[deviations.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double root = deviations[i], shrunk = Math.Min(root, Shrinkage);
            values[i] = i < this.dimension ? Math.Max(0, root - Shrinkage) : 0;
            Objective += (0.5 * (root - values[i]) * (root - values[i])) + (Shrinkage * values[i]);
            LowerBound += (shrunk * root) - (0.5 * shrunk * shrunk);
        }
    }

    /// <summary>λ_W and λ_H; with a bias of 0 (free) the targets are centred.</summary>
    public Penalties Penalties { get; }

    /// <summary>c = √(N·λ_W·λ_H).</summary>
    public double Shrinkage { get; }

    /// <summary>√τ_i, the standard deviations of the targets along the principal directions, largest first.</summary>
    public IReadOnlyList<double> TargetDeviations => deviations;

    /// <summary>Those of the predictions: (√τ_i − c)₊.</summary>
    public IReadOnlyList<double> PredictionDeviations => values;

    /// <summary>How many directions are predicted.</summary>
    public int Rank => values.Count(value => value > 0);

    /// <summary>The optimal objective, penalties included.</summary>
    public double Objective { get; }

    /// <summary>The optimum of the convex relaxation, to rounding: the objective itself unless p is smaller than the number of directions above c.</summary>
    public double LowerBound { get; }

    /// <summary>Q, n×n: the principal directions of the targets as columns. A copy.</summary>
    public Matrix<double> Directions => directions.Clone();

    /// <summary>b, length n, the mean of the targets; null without a bias. A copy.</summary>
    public Vector<double>? Bias => mean?.Clone();

    /// <summary>W, n×p, up to a rotation of the feature space: (λ_H/λ_W)^{1/4}·Q·diag(√N·(√τ − c)₊)^{1/2}. Formed at each call.</summary>
    public Matrix<double> Classifier
    {
        get
        {
            double unit = Math.Sqrt(Math.Sqrt(Penalties.Feature / Penalties.Classifier));
            return Matrix<double>.Build.Dense(directions.RowCount, dimension, (j, i) => i < values.Length ? unit * Math.Sqrt(Math.Sqrt(examples) * values[i]) * directions[j, i] : 0);
        }
    }

    /// <summary>W·Wᵀ = √(λ_H/λ_W)·√N·Q·diag((√τ − c)₊)·Qᵀ, n×n. Formed at each call.</summary>
    public Matrix<double> ClassifierGram() => Classifier * Classifier.Transpose();

    /// <summary>The p×n map from centred targets to features: h_i = map·(y_i − b). Formed at each call.</summary>
    public Matrix<double> FeatureMap()
    {
        double unit = Math.Sqrt(Math.Sqrt(Penalties.Classifier / Penalties.Feature)), root = Math.Sqrt(examples);
        return Matrix<double>.Build.Dense(dimension, directions.RowCount, (i, j) =>
            i < values.Length && values[i] > 0 ? unit * Math.Sqrt(root * values[i]) / (root * deviations[i]) * directions[j, i] : 0);
    }

    /// <summary>H, p×N: the features of targets.</summary>
    /// <param name="targets">Y, n×N, those of the fit or others.</param>
    /// <exception cref="ArgumentException">The targets have another dimension.</exception>
    public Matrix<double> Features(Matrix<double> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return targets.RowCount == directions.RowCount
            ? FeatureMap() * Centred(targets, mean)
            : throw new ArgumentException($"Targets must have {directions.RowCount} rows, got {targets.RowCount}.", nameof(targets));
    }

    /// <summary>The optimum for given targets.</summary>
    /// <param name="targets">Y, n×N, one column an example, all finite.</param>
    /// <param name="penalties">λ_W and λ_H per sample; a bias is free (0) or there is none (null).</param>
    /// <param name="dimension">p, at least 1; n when null.</param>
    /// <exception cref="ArgumentException">A target is not finite, there are none, or the penalties are others.</exception>
    public static RegressionCollapse Of(Matrix<double> targets, Penalties penalties, int? dimension = null)
    {
        ArgumentNullException.ThrowIfNull(targets);
        Require(penalties);
        ModelValidation.Finite(targets, nameof(targets));

        int n = targets.RowCount, examples = targets.ColumnCount;
        Vector<double>? mean = penalties.Bias is null ? null : targets.RowSums() / examples;
        double[] scaled = (Centred(targets, mean) / Math.Sqrt(examples)).ToColumnMajorArray();
        int q = Math.Min(n, examples);
        double[] left = new double[MatrixShape.Length(n, n)], found = new double[n];
        ManagedBackend.ForProofs(n).SingularValueDecomposition(n, examples, scaled, left.AsSpan(0, n * q), found.AsSpan(0, q), new double[MatrixShape.Length(q, examples)]);
        return new RegressionCollapse(Matrix<double>.Build.Dense(n, n, left), found, mean, examples, penalties, dimension);
    }

    /// <summary>The optimum for targets of which the covariance is known; without a bias, their second moments.</summary>
    /// <param name="covariance">Σ, n×n, symmetric and positive semidefinite: with a bias (1/N)·Σ_i (y_i − ȳ)(y_i − ȳ)ᵀ, without one (1/N)·Σ_i y_i·y_iᵀ.</param>
    /// <param name="examples">N, at least 1.</param>
    /// <param name="penalties">λ_W and λ_H per sample; a bias is free (0) or there is none (null).</param>
    /// <param name="mean">ȳ, length n, with a bias; 0 when null.</param>
    /// <param name="dimension">p, at least 1; n when null.</param>
    /// <exception cref="ArgumentException">The matrix is not symmetric or not positive semidefinite, to rounding, or another argument is out of range.</exception>
    public static RegressionCollapse OfCovariance(Matrix<double> covariance, long examples, Penalties penalties, Vector<double>? mean = null, int? dimension = null)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        Require(penalties);
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        int n = covariance.RowCount;
        double scale = covariance.ForAll(double.IsFinite) ? covariance.Enumerate().Max(Math.Abs) : double.NaN;
        if (covariance.ColumnCount != n || !((covariance - covariance.Transpose()).Enumerate().Max(Math.Abs) <= 1e-12 * scale))
        {
            throw new ArgumentException($"The covariance must be symmetric and finite; it is {n}×{covariance.ColumnCount} with a largest entry of {scale}.", nameof(covariance));
        }

        if (mean is not null && (mean.Count != n || penalties.Bias is null))
        {
            throw new ArgumentException($"A mean of length {n} goes with a bias; got the length {mean.Count} and {(penalties.Bias is null ? "no" : "a")} bias.", nameof(mean));
        }

        double[] vectors = covariance.ToColumnMajorArray(), eigenvalues = new double[n];
        ManagedBackend.ForProofs(n).SymmetricEigen(n, vectors, eigenvalues);
        if (eigenvalues[0] < -1e-12 * n * scale)
        {
            throw new ArgumentException($"The covariance must be positive semidefinite; its least eigenvalue is {eigenvalues[0]}.", nameof(covariance));
        }

        Matrix<double> ascending = Matrix<double>.Build.Dense(n, n, vectors);
        return new RegressionCollapse(
            Matrix<double>.Build.Dense(n, n, (j, i) => ascending[j, n - 1 - i]), eigenvalues.Reverse().Select(value => Math.Sqrt(Math.Max(0, value))).ToArray(),
            penalties.Bias is null ? null : mean?.Clone() ?? Vector<double>.Build.Dense(n), examples, penalties, dimension);
    }

    private static Matrix<double> Centred(Matrix<double> targets, Vector<double>? mean) =>
        mean is null ? targets : Matrix<double>.Build.Dense(targets.RowCount, targets.ColumnCount, (j, i) => targets[j, i] - mean[j]);

    private static void Require(Penalties penalties)
    {
        ArgumentNullException.ThrowIfNull(penalties);
        penalties.Validate();
        if (penalties.FeatureNorm != FeatureNorm.PerSample || penalties.Bias is not (null or 0))
        {
            throw new ArgumentException("The closed form is for features that count per sample, and for a free bias or none.", nameof(penalties));
        }
    }
}
