using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// The Euclidean projection onto {‖Z‖_* ≤ r}: all singular values of Z shrink by one number τ ≥ 0 and stop at zero,
/// Σ (σ_i − τ)₊ = r. Over groups these are the singular values of the core, once each, and |a_g|, K_g − 1 times each.
/// Owns its buffers: one instance a solve.
/// </summary>
internal sealed class NuclearNormProjection
{
    private readonly double[] sizes;
    private readonly GroupedSpectrum spectrum;
    private readonly double[] sorted;
    private readonly double[] multiplicities;

    /// <param name="sizes">K_g, kept and not copied.</param>
    public NuclearNormProjection(double[] sizes)
    {
        int n = sizes.Length;
        this.sizes = sizes;
        spectrum = new GroupedSpectrum(sizes);
        sorted = new double[2 * n];
        multiplicities = new double[2 * n];
    }

    /// <summary>Projects in place.</summary>
    /// <param name="matrix">Z.</param>
    /// <param name="radius">r, positive.</param>
    public void Project(GroupedMatrix matrix, double radius) => Project(matrix, radius, sizes.Length, sizes.Length);

    /// <summary>Projects, in place, a matrix whose core is zero outside of its leading <paramref name="rows"/>×<paramref name="columns"/> block.</summary>
    public void Project(GroupedMatrix matrix, double radius, int rows, int columns)
    {
        spectrum.Decompose(matrix, rows, columns);
        double threshold = Threshold(matrix.Spread, spectrum.Values, radius);
        if (threshold > 0)
        {
            ShrinkDecomposed(matrix, threshold);
        }
    }

    /// <summary>All singular values shrink by a number and stop at zero, in place: the proximal step of τ·‖Z‖_*.</summary>
    /// <param name="matrix">Z.</param>
    /// <param name="threshold">τ.</param>
    /// <returns>The nuclear norm that is left.</returns>
    public double Shrink(GroupedMatrix matrix, double threshold)
    {
        int n = sizes.Length;
        spectrum.Decompose(matrix, n, n);
        ShrinkDecomposed(matrix, threshold);
        double norm = 0;
        for (int g = 0; g < n; g++)
        {
            norm += Math.Max(0, spectrum.Values[g] - threshold) + ((sizes[g] - 1) * Math.Abs(matrix.Spread[g]));
        }

        return norm;
    }

    private void ShrinkDecomposed(GroupedMatrix matrix, double threshold)
    {
        int n = sizes.Length, rows = spectrum.Rows, q = spectrum.Values.Length, rank = 0;
        while (rank < q && spectrum.Values[rank] > threshold)
        {
            Span<double> column = spectrum.Left.AsSpan(rank * rows, rows);
            TensorPrimitives.Multiply(column, spectrum.Values[rank] - threshold, column);
            rank++;
        }

        if (q > 0)
        {
            LinearAlgebraProvider.Backend.Multiply(false, false, rows, spectrum.Columns, rank, 1, spectrum.Left, rows, spectrum.Right, q, 0, matrix.Core, n);
        }

        for (int g = 0; g < n; g++)
        {
            double a = matrix.Spread[g];
            matrix.Spread[g] = Math.CopySign(Math.Max(Math.Abs(a) - threshold, 0), a);
        }
    }

    /// <summary>‖Z‖_*.</summary>
    public double NuclearNorm(GroupedMatrix matrix)
    {
        spectrum.Decompose(matrix, sizes.Length, sizes.Length);
        return spectrum.NuclearNorm(matrix);
    }

    // τ with Σ m_i (v_i − τ)₊ = r, from the values in descending order: τ = (Σ_{i≤j} m_i v_i − r)/Σ_{i≤j} m_i for the last j with v_j > τ.
    private double Threshold(double[] spread, ReadOnlySpan<double> singular, double radius)
    {
        int count = 0;
        foreach (double value in singular)
        {
            (sorted[count], multiplicities[count]) = (value, 1);
            count++;
        }

        for (int g = 0; g < sizes.Length; g++)
        {
            if (sizes[g] > 1)
            {
                (sorted[count], multiplicities[count]) = (Math.Abs(spread[g]), sizes[g] - 1);
                count++;
            }
        }

        Array.Sort(sorted, multiplicities, 0, count);
        double weight = 0, sum = 0, threshold = 0;
        for (int i = count - 1; i >= 0; i--)
        {
            double heavier = weight + multiplicities[i], larger = sum + (multiplicities[i] * sorted[i]);
            double candidate = (larger - radius) / heavier;
            if (candidate >= sorted[i])
            {
                break;
            }

            (weight, sum, threshold) = (heavier, larger, candidate);
        }

        return Math.Max(threshold, 0);
    }
}
