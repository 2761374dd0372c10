using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// A K×K matrix that is unchanged when equal classes trade places: entry (j, k), j in group g, k in group h, is
/// b_gh + a_g·[j = k]. Held as the <em>spread</em> a (how far the classes of a group stand apart) and the <em>core</em>
/// M_gh = a_g·[g = h] + b_gh·√(K_g·K_h), a G×G matrix, so that inner products, nuclear and spectral norms are those of the
/// full matrix at the cost of the small one. With one class in every group the core is the K×K matrix itself. A working matrix: its entries are to be
/// written; what the library hands out of its own is a copy.
/// </summary>
public sealed class GroupedMatrix
{
    /// <summary>A zero matrix over groups of the given sizes.</summary>
    /// <param name="sizes">K_g, the number of classes of each group. The array is kept, not copied.</param>
    internal GroupedMatrix(double[] sizes)
    {
        Sizes = sizes;
        Spread = new double[sizes.Length];
        Core = new double[MatrixShape.Length(sizes.Length, sizes.Length)];
    }

    /// <summary>Number of groups G.</summary>
    public int GroupCount => Sizes.Length;

    /// <summary>a_g, length G; zero and without meaning where a group has one class.</summary>
    public double[] Spread { get; }

    /// <summary>M, G×G, column-major.</summary>
    public double[] Core { get; }

    internal double[] Sizes { get; }

    /// <summary>⟨X, Y⟩ of the full matrices: Σ_g (K_g − 1)·x_g·y_g + ⟨M_X, M_Y⟩.</summary>
    /// <param name="other">A matrix over the same groups.</param>
    public double Inner(GroupedMatrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        double sum = TensorPrimitives.Dot<double>(Core, other.Core);
        for (int g = 0; g < Sizes.Length; g++)
        {
            sum += (Sizes[g] - 1) * Spread[g] * other.Spread[g];
        }

        return sum;
    }

    /// <summary>Frobenius norm of the full matrix, without underflow of squares: gradients of tiny losses have entries of 1e-180.</summary>
    public double FrobeniusNorm()
    {
        double largest = Math.Max(Math.Abs(TensorPrimitives.MaxMagnitude<double>(Core)), Math.Abs(TensorPrimitives.MaxMagnitude<double>(Spread)));
        if (largest is (> 1e-140 and < 1e140) or 0 || !double.IsFinite(largest))
        {
            return Math.Sqrt(Inner(this));
        }

        double sum = 0;
        foreach (double entry in Core)
        {
            sum += entry / largest * (entry / largest);
        }

        for (int g = 0; g < Sizes.Length; g++)
        {
            sum += (Sizes[g] - 1) * (Spread[g] / largest) * (Spread[g] / largest);
        }

        return largest * Math.Sqrt(sum);
    }

    /// <summary>Copies the entries of a matrix over the same groups.</summary>
    /// <param name="source">Where to copy from.</param>
    public void CopyFrom(GroupedMatrix source)
    {
        ArgumentNullException.ThrowIfNull(source);
        source.Spread.CopyTo(Spread, 0);
        source.Core.CopyTo(Core, 0);
    }

    internal GroupedMatrix Clone()
    {
        var copy = new GroupedMatrix(Sizes);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>Multiplies every entry by a number, in place.</summary>
    /// <param name="factor">The number.</param>
    public void Scale(double factor)
    {
        TensorPrimitives.Multiply(Spread, factor, Spread);
        TensorPrimitives.Multiply(Core, factor, Core);
    }

    /// <summary>this ← this + factor·other.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="other">A matrix over the same groups.</param>
    public void Add(double factor, GroupedMatrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        TensorPrimitives.MultiplyAdd(other.Spread, factor, Spread, Spread);
        TensorPrimitives.MultiplyAdd(other.Core, factor, Core, Core);
    }

    /// <summary>
    /// Subtracts from every column of the full matrix its mean, in place: M ← (I − uuᵀ)M with u_g = √(K_g/K). Leaves a shift-invariant
    /// loss as it is and never increases a unitarily invariant norm.
    /// </summary>
    public void CentreColumns()
    {
        int n = Sizes.Length;
        double total = TensorPrimitives.Sum<double>(Sizes);
        Span<double> u = n <= 256 ? stackalloc double[n] : new double[n];
        for (int g = 0; g < n; g++)
        {
            u[g] = Math.Sqrt(Sizes[g] / total);
        }

        for (int h = 0; h < n; h++)
        {
            Span<double> column = Core.AsSpan(h * n, n);
            TensorPrimitives.MultiplyAdd(u, -TensorPrimitives.Dot<double>(u, column), column, column);
        }
    }

    /// <summary>The value b_gh that classes of group g hold in columns of group h (the off-diagonal one when g = h).</summary>
    /// <param name="row">g.</param>
    /// <param name="column">h.</param>
    public double OffDiagonal(int row, int column)
    {
        double m = Core[row + (column * Sizes.Length)];
        return row == column ? (m - Spread[row]) / Sizes[row] : m / Math.Sqrt(Sizes[row] * Sizes[column]);
    }

    /// <summary>The full K×K matrix.</summary>
    /// <param name="program">The program that the matrix is over, which knows the group of each class.</param>
    public Matrix<double> Expand(NuclearNormProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        int classes = program.Model.ClassCount;
        _ = MatrixShape.Length(classes, classes);
        var full = Matrix<double>.Build.Dense(classes, classes, (j, k) => OffDiagonal(program.BlockOfClass(j), program.BlockOfClass(k)));
        for (int k = 0; k < classes; k++)
        {
            full[k, k] += Spread[program.BlockOfClass(k)];
        }

        return full;
    }
}
