using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// The singular values of a <see cref="GroupedMatrix"/>: those of its core, once each, and |a_g|, K_g − 1 times each. Owns its buffers; one decomposition at a time.
/// </summary>
internal sealed class GroupedSpectrum
{
    private readonly double[] sizes;
    private readonly double[] block;
    private readonly double[] left;
    private readonly double[] values;
    private readonly double[] right;

    /// <param name="sizes">K_g, kept and not copied.</param>
    public GroupedSpectrum(double[] sizes)
    {
        int n = sizes.Length;
        this.sizes = sizes;
        (block, left, right) = (new double[MatrixShape.Length(n, n)], new double[MatrixShape.Length(n, n)], new double[MatrixShape.Length(n, n)]);
        values = new double[n];
        (Rows, Columns) = (n, n);
    }

    /// <summary>Rows of the part of the core that was decomposed.</summary>
    public int Rows { get; private set; }

    /// <summary>Columns of the part of the core that was decomposed.</summary>
    public int Columns { get; private set; }

    /// <summary>Singular values of the core, largest first: min(<see cref="Rows"/>, <see cref="Columns"/>) of them.</summary>
    public Span<double> Values => values.AsSpan(0, Math.Min(Rows, Columns));

    /// <summary>Left singular vectors of the core as columns of length <see cref="Rows"/>; scratch to the caller.</summary>
    public double[] Left => left;

    /// <summary>Right singular vectors of the core as rows, min(<see cref="Rows"/>, <see cref="Columns"/>) of them.</summary>
    public double[] Right => right;

    /// <summary>The spectrum of a matrix, which is not changed.</summary>
    public static GroupedSpectrum Of(GroupedMatrix matrix)
    {
        var spectrum = new GroupedSpectrum(matrix.Sizes);
        spectrum.Decompose(matrix, matrix.GroupCount, matrix.GroupCount);
        return spectrum;
    }

    /// <summary>|a_g| of each group of at least two classes.</summary>
    public static IEnumerable<double> Spreads(GroupedMatrix matrix)
    {
        for (int g = 0; g < matrix.GroupCount; g++)
        {
            if (matrix.Sizes[g] > 1)
            {
                yield return Math.Abs(matrix.Spread[g]);
            }
        }
    }

    /// <summary>The largest |a_g|; 0 if no group has two classes.</summary>
    public static double LargestSpread(GroupedMatrix matrix)
    {
        double largest = 0;
        for (int g = 0; g < matrix.GroupCount; g++)
        {
            largest = matrix.Sizes[g] > 1 ? Math.Max(largest, Math.Abs(matrix.Spread[g])) : largest;
        }

        return largest;
    }

    /// <summary>Decomposes a matrix, not changed, whose core is zero outside of its leading <paramref name="rows"/>×<paramref name="columns"/> block.</summary>
    public void Decompose(GroupedMatrix matrix, int rows, int columns)
    {
        (Rows, Columns) = (rows, columns);
        for (int j = 0; j < columns; j++)
        {
            matrix.Core.AsSpan(j * sizes.Length, rows).CopyTo(block.AsSpan(j * rows));
        }

        int q = Math.Min(rows, columns);
        if (q > 0)
        {
            LinearAlgebraProvider.Backend.SingularValueDecomposition(
                rows, columns, block.AsSpan(0, rows * columns), left.AsSpan(0, rows * q), values.AsSpan(0, q), right.AsSpan(0, q * columns));
        }
    }

    /// <summary>‖Z‖_* = Σ_g (K_g − 1)|a_g| + ‖M‖_* of the matrix that was decomposed.</summary>
    public double NuclearNorm(GroupedMatrix matrix)
    {
        double sum = TensorPrimitives.Sum<double>(Values);
        for (int g = 0; g < sizes.Length; g++)
        {
            sum += (sizes[g] - 1) * Math.Abs(matrix.Spread[g]);
        }

        return sum;
    }

    /// <summary>σ_max of the matrix that was decomposed, to rounding.</summary>
    public double Largest(GroupedMatrix matrix) => Math.Max(values[0], LargestSpread(matrix));
}
