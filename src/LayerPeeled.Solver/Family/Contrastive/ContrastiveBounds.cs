using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Family.Contrastive;

/// <summary>
/// Bounds of e(X) from both sides in exact arithmetic, from the factors of a point and from a dual point alone. Weights, multiplicities and t are rounded: all terms
/// of e are positive and log(1 + c·s) is at most c·log(1 + s) for c ≥ 1, so that each rounding changes e by a unit relatively at most.
/// </summary>
internal static class ContrastiveBounds
{
    // Roundings of a weight (a sum over the groups besides), a multiplicity and their products with a value
    private const int DataRoundings = 16;

    // From an entry of the product to a logit, and from a dual to an entry of the matrix; on the diagonal more
    private const int EntryRoundings = 12;

    /// <summary>A number not below e at the point with the factors s and V (G×q), scaled back into the budget where its trace exceeds t.</summary>
    /// <param name="program">The program.</param>
    /// <param name="spread">s_g: the spread of X is s_g².</param>
    /// <param name="core">V, column-major: the core of X is V·Vᵀ.</param>
    public static double Above(ContrastiveProgram program, ReadOnlySpan<double> spread, ReadOnlySpan<double> core)
    {
        int n = program.Sizes.Length, rank = core.Length / n;
        GroupedMatrix point = program.CreateMatrix();
        ManagedBackend.ForProofs(n).SymmetricProduct(false, n, rank, 1, core, n, 0, point.Core, n);
        double trace = Rounding.SumOfProducts(core, core);
        for (int g = 0; g < n; g++)
        {
            point.Spread[g] = program.Sizes[g] == 1 ? 0 : spread[g] * spread[g];
            trace += (program.Sizes[g] - 1) * point.Spread[g];
        }

        trace *= 1 + Rounding.Gamma(n + 12);
        double scale = trace <= program.Radius ? 1 : Rounding.Down(program.Radius / trace, 4);
        double product = scale * Rounding.Gamma(ManagedBackend.ProductDepth(n, n, rank) + 4);
        double[] lengths = new double[n], column = new double[n], errors = new double[n], multiplicities = new double[n];
        for (int i = 0; i < rank; i++)
        {
            ReadOnlySpan<double> v = core.Slice(i * n, n);
            TensorPrimitives.MultiplyAdd(v, v, lengths, lengths);
        }

        for (int g = 0; g < n; g++)
        {
            lengths[g] = Math.Sqrt(lengths[g] / program.Sizes[g]) * (1 + Rounding.Gamma(rank + 8));
        }

        point.Scale(scale);
        double step = EntryRoundings * Rounding.Unit, sum = 0;
        for (int h = 0; h < n; h++)
        {
            if (program.Weights[h] == 0)
            {
                continue;
            }

            program.Multiplicities(h, multiplicities);
            double own = program.ReadColumn(point, h, column);
            for (int g = 0; g < n; g++)
            {
                errors[g] = (product * lengths[g] * lengths[h]) + (step * Math.Abs(column[g]));
            }

            errors[h] += step * (Math.Abs(own) + point.Spread[h] + (Math.Abs(point.Core[h * (n + 1)]) / program.Sizes[h]));
            sum += program.Sizes[h] * program.Weights[h] * CrossEntropyLoss.Instance.ValueAbove(own, column, multiplicities, errors[h], errors);
        }

        return sum * (1 + Rounding.Gamma((2 * n) + DataRoundings));
    }

    /// <summary>
    /// A number not above the optimum: e* ≥ −Σ_k ω_k·L*(y_k/ω_k) − t·max(0, −λ_min(sym Y)) for any dual Y whose columns are probabilities less the own unit vector. What
    /// is not one is moved there first. Also a number not below max(0, −λ_min(sym Y)).
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="dual">Y.</param>
    public static (double Value, double Lambda) Below(ContrastiveProgram program, GroupedMatrix dual)
    {
        int n = program.Sizes.Length;
        GroupedMatrix matrix = program.CreateMatrix();
        double[] column = new double[n], multiplicities = new double[n];
        double values = 0, lambda = 0, diagonal = 0;
        for (int h = 0; h < n; h++)
        {
            if (program.Weights[h] == 0)
            {
                continue;
            }

            program.Multiplicities(h, multiplicities);
            program.ReadDual(dual, h, column);
            double own = 0;
            CrossEntropyLoss.Instance.RepairDual(multiplicities, ref own, column);
            double value = CrossEntropyLoss.Instance.DualValueBelow(multiplicities, own, column);
            if (double.IsNegativeInfinity(value))
            {
                // At the border of the domain: a little inside
                TensorPrimitives.Multiply(column, 1 - (16 * Rounding.Unit * (n + 8)), column);
                value = CrossEntropyLoss.Instance.DualValueBelow(multiplicities, own, column);
            }

            own = -Rounding.SumOfProducts(multiplicities, column);
            program.WriteColumn(matrix, h, own, column);
            double siblings = Math.Abs(matrix.Core[h * (n + 1)] - (program.Weights[h] * own)), size = (program.Weights[h] * Math.Abs(own)) + siblings;
            diagonal = Math.Max(diagonal, EntryRoundings * Rounding.Unit * size);
            lambda = program.Sizes[h] == 1 ? lambda : Math.Max(lambda, -matrix.Spread[h] + (EntryRoundings * Rounding.Unit * size));
            values += program.Sizes[h] * program.Weights[h] * value;
        }

        lambda = Math.Max(lambda, LeastEigenvalue.NegatedAbove(n, Symmetric(n, matrix.Core), EntryRoundings * Rounding.Unit, diagonal));
        double radius = program.Radius * (1 + (8 * Rounding.Unit)), slack = Rounding.Gamma((2 * n) + DataRoundings);
        double bound = (values * (1 - slack)) - (radius * lambda * (1 + (2 * Rounding.Unit)));
        return (bound > 0 ? bound * (1 - (2 * slack)) : bound * (1 + (2 * slack)), lambda);
    }

    /// <summary>(A + Aᵀ)/2.</summary>
    internal static double[] Symmetric(int n, double[] matrix)
    {
        double[] result = new double[matrix.Length];
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++)
            {
                result[i + (j * n)] = (matrix[i + (j * n)] + matrix[j + (i * n)]) / 2;
            }
        }

        return result;
    }
}
