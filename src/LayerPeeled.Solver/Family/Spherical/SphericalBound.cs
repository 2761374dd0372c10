using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Losses;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>
/// A lower bound of the optimum in exact arithmetic, whatever p. With any dual Y in the logits, any multipliers d_j of ‖w_j‖² and e_k of ‖h_k‖² (the same for all vectors and not
/// negative where a budget holds them) and S = [[diag d, Y/τ], [Yᵀ/τ, diag e]] ⪰ 0: f* ≥ −Σ_k ω_k·L*(y_k/ω_k) − ½·(Σ_j d_j·‖w_j‖² + Σ_k e_k·‖h_k‖²), since
/// ⟨Y, Z⟩ + ½·(Σ d_j·‖w_j‖² + Σ e_k·‖h_k‖²) is half the inner product of S with a Gram matrix. A negative eigenvalue is lifted by larger multipliers.
/// </summary>
public static class SphericalBound
{
    private const int Roundings = 16;

    /// <summary>The bound from classifiers and class means, which are placed on their sets by scaling first. Of a good point it is close to the loss, of any point it is true.</summary>
    /// <param name="model">The model; its p may be another one.</param>
    /// <param name="classifier">W, K×p.</param>
    /// <param name="classMeans">H̄, p×K.</param>
    /// <returns>A number not above the least loss for any p; −∞ of a model with q ≠ 2, for whose sets there are no multipliers.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, a vector is zero or an entry not finite.</exception>
    public static double Below(SphericalModel model, Matrix<double> classifier, Matrix<double> classMeans)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(classMeans);
        int n = model.ClassCount, p = classifier.ColumnCount;
        if (classifier.RowCount != n || classMeans.ColumnCount != n || classMeans.RowCount != p)
        {
            throw new ArgumentException($"W must be K×p and H̄ p×K with K = {n}; got {classifier.RowCount}×{p} and {classMeans.RowCount}×{classMeans.ColumnCount}.", nameof(classifier));
        }

        double[] point = [.. classifier.ToRowMajorArray(), .. classMeans.ToColumnMajorArray()];
        if (point.Chunk(p).Any(vector => !(TensorPrimitives.Norm<double>(vector) is > 0 and < double.PositiveInfinity)))
        {
            throw new ArgumentException("Every vector must be finite and not zero.", nameof(classifier));
        }

        SphericalModel own = model.WithDimension(p);
        var objective = new SphericalObjective(own);
        _ = objective.Evaluate(point, new double[point.Length]);
        return Below(own, objective);
    }

    /// <summary>The bound from a point, at which d and e are what stationarity says; closed at optima whose S has no negative eigenvalue. −∞ of sets without multipliers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="objective">The objective, evaluated at the point.</param>
    internal static double Below(SphericalModel model, SphericalObjective objective)
    {
        if (!model.Classifiers.IsEuclidean || !model.Features.IsEuclidean)
        {
            return double.NegativeInfinity;
        }

        (double[] dual, double values) = Dual(objective.LogitGradient, objective.Weights);
        return Lifted(model, dual, values, Multipliers(model, objective.Vectors, dual));
    }

    /// <summary>The bound of a dual point and of multipliers, with as much added to those as S needs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dual">Y, K×K, its columns over ω_k probabilities less the own unit vector.</param>
    /// <param name="values">A number not above −Σ_k ω_k·L*(y_k/ω_k).</param>
    /// <param name="multipliers">d and then e; those of a side with a budget are equal and not negative.</param>
    internal static double Lifted(SphericalModel model, double[] dual, double values, double[] multipliers)
    {
        int n = model.ClassCount;
        double[] norms2 = [.. model.Classifiers.Norms2(n), .. model.Features.Norms2(n)];
        // In units in which both sides are of length one on average, a lift costs the same on both.
        double classifier = Math.Sqrt(norms2.Take(n).Average()), feature = Math.Sqrt(norms2.Skip(n).Average());
        double[] s = new double[MatrixShape.Length(2 * n, 2 * n)];
        for (int k = 0; k < n; k++)
        {
            for (int j = 0; j < n; j++)
            {
                s[j + ((n + k) * 2 * n)] = s[n + k + (j * 2 * n)] = dual[j + (k * n)] * (classifier * feature / model.Temperature);
            }

            s[k * ((2 * n) + 1)] = multipliers[k] * (classifier * classifier);
            s[(n + k) * ((2 * n) + 1)] = multipliers[n + k] * (feature * feature);
        }

        double lift = LeastEigenvalue.NegatedAbove(2 * n, s, Roundings * Rounding.Unit, 0);
        double cost = 0, size = 0;
        for (int k = 0; k < 2 * n; k++)
        {
            double unit = k < n ? classifier * classifier : feature * feature, term = multipliers[k] * norms2[k] / 2, extra = lift / unit * norms2[k] / 2;
            cost += term + extra;
            size += Math.Abs(term) + extra;
        }

        double slack = Rounding.Gamma((4 * n) + (2 * Roundings));
        return (values * (1 - slack)) - cost - (slack * (size + values));
    }

    /// <summary>Y with y_k/ω_k = p_k − e_k from the gradient, p_k in the simplex, and a number not above −Σ ω_k·L*.</summary>
    internal static (double[] Dual, double Values) Dual(ReadOnlySpan<double> gradient, double[] weights)
    {
        int n = weights.Length;
        double[] dual = new double[MatrixShape.Length(n, n)], column = new double[n], ones = new double[n];
        Array.Fill(ones, 1);
        double values = 0;
        for (int k = 0; k < n; k++)
        {
            if (weights[k] == 0)
            {
                continue;
            }

            TensorPrimitives.Divide(gradient.Slice(k * n, n), weights[k], column);
            (ones[k], column[k]) = (0, 0);
            double own = 0;
            CrossEntropyLoss.Instance.RepairDual(ones, ref own, column);
            double value = CrossEntropyLoss.Instance.DualValueBelow(ones, own, column);
            if (double.IsNegativeInfinity(value))
            {
                // At the border of the domain: a little inside
                TensorPrimitives.Multiply(column, 1 - (16 * Rounding.Unit * (n + 8)), column);
                value = CrossEntropyLoss.Instance.DualValueBelow(ones, own, column);
            }

            values += weights[k] * value;
            column[k] = -Rounding.SumOfProducts(ones, column);
            ones[k] = 1;
            TensorPrimitives.Multiply(column, weights[k], dual.AsSpan(k * n, n));
        }

        return (dual, values);
    }

    /// <summary>Σ_k Y_jk·h_k/τ + d_j·w_j = 0 and Σ_j Y_jk·w_j/τ + e_k·h_k = 0 at a stationary point; within a budget one number for all, which is not negative.</summary>
    internal static double[] Multipliers(SphericalModel model, ReadOnlySpan<double> vectors, double[] dual)
    {
        int n = model.ClassCount, p = model.Dimension, half = n * p;
        double[] norms2 = [.. model.Classifiers.Norms2(n), .. model.Features.Norms2(n)];
        double[] pulls = new double[2 * half], multipliers = new double[2 * n];
        LinearAlgebraProvider.Backend.Multiply(false, true, p, n, n, 1 / model.Temperature, vectors[half..], p, dual, n, 0, pulls.AsSpan(0, half), p);
        LinearAlgebraProvider.Backend.Multiply(false, false, p, n, n, 1 / model.Temperature, vectors[..half], p, dual, n, 0, pulls.AsSpan(half), p);
        for (int k = 0; k < 2 * n; k++)
        {
            multipliers[k] = -TensorPrimitives.Dot(vectors.Slice(k * p, p), pulls.AsSpan(k * p, p)) / norms2[k];
        }

        for (int side = 0; side < 2; side++)
        {
            Span<double> own = multipliers.AsSpan(side * n, n);
            if ((side == 0 ? model.Classifiers : model.Features).IsBudget)
            {
                own.Fill(Math.Max(0, TensorPrimitives.Sum<double>(own) / n));
            }
        }

        return multipliers;
    }
}
