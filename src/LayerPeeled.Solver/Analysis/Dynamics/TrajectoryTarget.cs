using System.Numerics.Tensors;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>The geometry that a trajectory is compared with: the Gram matrices of classifiers and class means, up to a factor each. Immutable.</summary>
public sealed class TrajectoryTarget
{
    private readonly double[] classifiers;
    private readonly double[] means;

    /// <summary>A geometry from its Gram matrices.</summary>
    /// <param name="classifierGram">WWᵀ up to a positive factor, K×K.</param>
    /// <param name="meanGram">H̄ᵀH̄ up to a positive factor, K×K.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other, an entry is not finite, or all are zero.</exception>
    public TrajectoryTarget(Matrix<double> classifierGram, Matrix<double> meanGram)
    {
        ArgumentNullException.ThrowIfNull(classifierGram);
        ArgumentNullException.ThrowIfNull(meanGram);
        ClassCount = classifierGram.RowCount;
        classifiers = Normalised(classifierGram, ClassCount, nameof(classifierGram));
        means = Normalised(meanGram, ClassCount, nameof(meanGram));
    }

    /// <summary>K.</summary>
    public int ClassCount { get; }

    /// <summary>The largest margin over ‖W‖² + ‖H‖² that any point has, where it is known; NaN otherwise.</summary>
    public double NormalisedMargin { get; private init; } = double.NaN;

    /// <summary>WWᵀ/‖WWᵀ‖_F; a copy.</summary>
    public Matrix<double> ClassifierGram => Matrix<double>.Build.Dense(ClassCount, ClassCount, (double[])classifiers.Clone());

    /// <summary>H̄ᵀH̄/‖H̄ᵀH̄‖_F; a copy.</summary>
    public Matrix<double> MeanGram => Matrix<double>.Build.Dense(ClassCount, ClassCount, (double[])means.Clone());

    /// <summary>
    /// The minimiser of ½(‖W‖² + ‖H‖²) with every margin at least 1: Z = I − J/K, whatever the counts (Thrampoulidis, Kini, Vakilian, Behnia 2022), so with n_k
    /// columns of class k Z̃ = (I − J/K)·diag(√n) = USVᵀ, WWᵀ = USUᵀ and H̄ᵀH̄ = diag(n)^{−½}·VSVᵀ·diag(n)^{−½}. A simplex ETF where all n_k are equal.
    /// </summary>
    /// <param name="program">The program whose columns count: one a class, or one an example. Its budgets and loss weights do not matter.</param>
    /// <exception cref="ArgumentException">A class has no column, or p is below K − 1.</exception>
    public static TrajectoryTarget MaxMargin(FactorizedProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        int k = program.Model.ClassCount;
        if (program.FeatureDimension < k - 1)
        {
            throw new ArgumentException($"The geometry of the largest margin needs p ≥ {k - 1}; the program has p = {program.FeatureDimension}.", nameof(program));
        }

        double[] counts = [.. Enumerable.Range(0, k).Select(c => (double)program.ColumnsOf(c).Count)];
        int empty = Array.IndexOf(counts, 0);
        if (empty >= 0)
        {
            throw new ArgumentException($"Class {empty} has no examples; every class needs some.", nameof(program));
        }

        var seli = SeliGeometry.Of(LayerPeeledModel.FromClassCounts(
            counts, new Penalties(1, 1) { FeatureNorm = FeatureNorm.PerSample }, featureDimension: program.FeatureDimension));
        // ½·(‖W‖² + ‖H‖²) = Σs of Z̃ with columns √n_k, where the norm of the geometry has √(n_k·K/N)
        return new TrajectoryTarget(seli.ClassifierGram(), seli.FeatureGram()) { NormalisedMargin = 0.5 / (seli.NuclearNorm * Math.Sqrt(TensorPrimitives.Sum<double>(counts) / k)) };
    }

    /// <summary>The geometry of a solution: of the constrained model, to whose optimum its trajectories lead.</summary>
    /// <param name="solution">The solution.</param>
    /// <exception cref="ArgumentException">Its classifiers or its class means are all zero.</exception>
    public static TrajectoryTarget Of(LayerPeeledSolution solution)
    {
        ArgumentNullException.ThrowIfNull(solution);
        return new TrajectoryTarget(solution.ClassifierGram(), solution.FeatureGram());
    }

    /// <summary>The distances of the normalised Gram matrices of p×K vectors from those of this geometry; NaN where all vectors are zero.</summary>
    internal (double Classifier, double Mean) Distances(double[] classifierColumns, double[] meanColumns, int dimension) =>
        (Distance(classifierColumns, dimension, classifiers), Distance(meanColumns, dimension, means));

    private double Distance(double[] columns, int dimension, double[] target)
    {
        var gram = new double[target.Length];
        LinearAlgebraProvider.Backend.SymmetricProduct(true, ClassCount, dimension, 1, columns, dimension, 0, gram, ClassCount);
        TensorPrimitives.Divide(gram, TensorPrimitives.Norm<double>(gram), gram);
        return TensorPrimitives.Distance<double>(gram, target);
    }

    private static double[] Normalised(Matrix<double> gram, int classes, string name)
    {
        if (gram.RowCount != classes || gram.ColumnCount != classes)
        {
            throw new ArgumentException($"Both Gram matrices must be K×K with K = {classes}; got {gram.RowCount}×{gram.ColumnCount}.", name);
        }

        double[] values = gram.ToColumnMajorArray();
        double norm = TensorPrimitives.Norm<double>(values);
        if (!(norm > 0 && double.IsFinite(norm)))
        {
            throw new ArgumentException($"The norm of a Gram matrix must be positive and finite, got {norm}.", name);
        }

        TensorPrimitives.Divide(values, norm, values);
        return values;
    }
}
