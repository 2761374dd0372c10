using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Family.Contrastive;

/// <summary>
/// A dual point whose bound is second order in the error of the point: at an optimum sym(G) is −λ on the range of X, so that the eigenvalues there are made equal.
/// What that does to the sums of the columns, which must stay zero, is undone by a part that is antisymmetric, and by one of rank one outside of the range.
/// </summary>
internal sealed class LevelledContrast
{
    // A direction of X counts from this share of the largest eigenvalue on: which one is right is not known, and the best bound decides.
    private static readonly double[] Cuts = [1e-2, 1e-4, 1e-6, 1e-8, 1e-10];
    private readonly ContrastiveProgram program;
    private readonly GroupedMatrix point;
    private readonly GroupedMatrix gradient;
    private readonly double[] symmetric;
    private readonly double[] vectors;
    private readonly double[] values;
    private readonly double lambda;
    private readonly int n;

    /// <param name="program">The program.</param>
    /// <param name="point">X, with all of the budget.</param>
    /// <param name="gradient">∇e(X).</param>
    public LevelledContrast(ContrastiveProgram program, GroupedMatrix point, GroupedMatrix gradient)
    {
        (this.program, this.point, this.gradient, n) = (program, point, gradient, program.Sizes.Length);
        symmetric = ContrastiveBounds.Symmetric(n, gradient.Core);
        (vectors, values) = ((double[])point.Core.Clone(), new double[n]);
        LinearAlgebraProvider.Backend.SymmetricEigen(n, vectors, values);
        lambda = -gradient.Inner(point) / ContrastiveProgram.Trace(point);
    }

    /// <summary>Dual points, one for each number of directions that a cut leaves.</summary>
    public IEnumerable<GroupedMatrix> Candidates()
    {
        int last = -1;
        foreach (double cut in Cuts)
        {
            double least = cut * Math.Max(values[^1], GroupedSpectrum.LargestSpread(point));
            int active = values.Count(value => value > least);
            if (active != last)
            {
                yield return Level(active, least);
            }

            last = active;
        }
    }

    private GroupedMatrix Level(int active, double least)
    {
        GroupedMatrix dual = gradient.Clone();
        for (int g = 0; g < n; g++)
        {
            dual.Spread[g] = program.Sizes[g] == 1 ? 0 : point.Spread[g] > least ? -lambda : Math.Max(-lambda, gradient.Spread[g]);
        }

        double[] range = vectors[((n - active) * n)..], rest = vectors[..((n - active) * n)];
        double[] level = Outside(rest, n - active);
        LinearAlgebraProvider.Backend.SymmetricProduct(false, n, active, -lambda, range, n, 1, level, n);
        BalanceRank(level, rest, n - active);
        // Γ' = level + the antisymmetric part of Γ + (u·eᵀ − e·uᵀ), u = e-sums of the columns over eᵀe
        double[] e = Array.ConvertAll(program.Sizes, Math.Sqrt), sums = new double[n];
        for (int i = 0; i < level.Length; i++)
        {
            dual.Core[i] += level[i] - symmetric[i];
        }

        for (int h = 0; h < n; h++)
        {
            sums[h] = TensorPrimitives.Dot<double>(e, dual.Core.AsSpan(h * n, n)) / program.Model.ClassCount;
        }

        for (int h = 0; h < n; h++)
        {
            for (int g = 0; g < n; g++)
            {
                dual.Core[g + (h * n)] += (sums[g] * e[h]) - (e[g] * sums[h]);
            }
        }

        return dual;
    }

    // R·Cᵀ·R with R the projection onto the rest, its eigenvalues not below −λ
    private double[] Outside(double[] rest, int count)
    {
        double[] level = new double[n * n], half = new double[n * count], inner = new double[count * count], eigenvalues = new double[count];
        if (count == 0)
        {
            return level;
        }

        LinearAlgebraProvider.Backend.Multiply(false, false, n, count, n, 1, symmetric, n, rest, n, 0, half, n);
        LinearAlgebraProvider.Backend.Multiply(true, false, count, count, n, 1, rest, n, half, n, 0, inner, count);
        LinearAlgebraProvider.Backend.SymmetricEigen(count, inner, eigenvalues);
        LinearAlgebraProvider.Backend.Multiply(false, false, n, count, count, 1, rest, n, inner, count, 0, half, n);
        double[] scaled = (double[])half.Clone();
        for (int i = 0; i < count; i++)
        {
            Span<double> column = scaled.AsSpan(i * n, n);
            TensorPrimitives.Multiply(column, Math.Max(-lambda, eigenvalues[i]), column);
        }

        LinearAlgebraProvider.Backend.Multiply(false, true, n, n, count, 1, half, n, scaled, n, 0, level, n);
        return level;
    }

    // eᵀ·level·e = 0 by a part b·bᵀ, b the part of e in the rest: e is not in the range of X at an optimum
    private void BalanceRank(double[] level, double[] rest, int count)
    {
        double[] e = Array.ConvertAll(program.Sizes, Math.Sqrt), b = new double[n];
        double sum = 0;
        for (int h = 0; h < n; h++)
        {
            sum += e[h] * TensorPrimitives.Dot<double>(e, level.AsSpan(h * n, n));
        }

        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<double> vector = rest.AsSpan(i * n, n);
            TensorPrimitives.MultiplyAdd(vector, TensorPrimitives.Dot(vector, e), b, b);
        }

        double square = TensorPrimitives.SumOfSquares<double>(b);
        if (square > 0)
        {
            LinearAlgebraProvider.Backend.Multiply(false, true, n, n, 1, -sum / (square * square), b, n, b, n, 1, level, n);
        }
    }
}
