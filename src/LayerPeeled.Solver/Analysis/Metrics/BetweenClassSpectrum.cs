using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>
/// The nonzero part of the eigendecomposition Σ_B = (1/K)·M̃ᵀM̃ = Σ_j λ_j·q_j·q_jᵀ, from the singular values of the centred means M̃ (K×p)
/// themselves: λ_j = σ_j²/K is never negative, and small ones keep the digits that forming Σ_B would lose.
/// </summary>
internal sealed class BetweenClassSpectrum
{
    private BetweenClassSpectrum(int dimension, double[] directions, double[] eigenvalues)
    {
        Dimension = dimension;
        Directions = directions;
        Eigenvalues = eigenvalues;
    }

    public int Dimension { get; }

    public int Rank => Eigenvalues.Length;

    /// <summary>q_j, p×rank, column-major.</summary>
    public double[] Directions { get; }

    /// <summary>λ_j, descending, positive.</summary>
    public double[] Eigenvalues { get; }

    /// <summary>The spectrum of centred means.</summary>
    /// <param name="means">M̃ᵀ, p×K column-major.</param>
    /// <param name="dimension">p.</param>
    /// <param name="largestRank">K − 1 for centred means, K otherwise.</param>
    /// <param name="scale">Frobenius norm of the means before they were centred: their rounding is relative to it.</param>
    /// <param name="tolerance">Relative cut; null for roundoff.</param>
    public static BetweenClassSpectrum Of(double[] means, int dimension, int largestRank, double scale, double? tolerance)
    {
        int classes = means.Length / dimension, small = Math.Min(classes, dimension);
        double cut = (tolerance ?? Math.Max(classes, dimension) * Math.ScaleB(1, -52)) * scale;
        if (!means.AsSpan().ContainsAnyExcept(0.0))
        {
            return new BetweenClassSpectrum(dimension, [], []);
        }

        // M̃ᵀ = U·diag(σ)·Vᵀ: Σ_B = (1/K)·U·diag(σ²)·Uᵀ
        double[] u = new double[MatrixShape.Length(dimension, small)], s = new double[small], vt = new double[MatrixShape.Length(small, classes)];
        LinearAlgebraProvider.Backend.SingularValueDecomposition(dimension, classes, (double[])means.Clone(), u, s, vt);
        int rank = 0;
        while (rank < Math.Min(small, largestRank) && s[rank] > cut)
        {
            rank++;
        }

        return new BetweenClassSpectrum(
            dimension, u[..(rank * dimension)], s.Take(rank).Select(sigma => sigma * sigma / classes).ToArray());
    }

    /// <summary>tr(S·Σ_B⁺) = Σ_j q_jᵀ·S·q_j/λ_j for a positive semidefinite S, p×p.</summary>
    public double TraceOfQuotient(Matrix<double> scatter)
    {
        if (Rank == 0)
        {
            return double.NaN;
        }

        int p = Dimension;
        var product = new double[MatrixShape.Length(p, Rank)];
        LinearAlgebraProvider.Backend.Multiply(
            false, false, p, Rank, p, 1, scatter.AsColumnMajorArray() ?? scatter.ToColumnMajorArray(), p, Directions, p, 0, product, p);
        double trace = 0;
        for (int j = 0; j < Rank; j++)
        {
            // S is positive semidefinite up to roundoff: a negative form is a rounded zero.
            trace += Math.Max(0, TensorPrimitives.Dot<double>(product.AsSpan(j * p, p), Directions.AsSpan(j * p, p))) / Eigenvalues[j];
        }

        return trace;
    }

    /// <summary>q_j/√λ_j, p×rank: ‖(h − m)ᵀ·this‖² sums to tr(Σ_W·Σ_B⁺) without any p×p matrix.</summary>
    public double[] WhiteningDirections()
    {
        var scaled = (double[])Directions.Clone();
        for (int j = 0; j < Rank; j++)
        {
            Span<double> column = scaled.AsSpan(j * Dimension, Dimension);
            TensorPrimitives.Divide(column, Math.Sqrt(Eigenvalues[j]), column);
        }

        return scaled;
    }
}
