using System.Numerics.Tensors;

namespace LayerPeeled.Solver.LinearAlgebra.Bounds;

/// <summary>A bound of the least eigenvalue of a symmetric matrix in exact arithmetic: c·I − S is measured with <see cref="VerifiedNorm"/>.</summary>
internal static class LeastEigenvalue
{
    /// <summary>A number not below max(0, −λ_min(S)).</summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="symmetric">S, column-major.</param>
    /// <param name="entryError">What each entry may be off by, relatively.</param>
    /// <param name="diagonalError">What each diagonal entry may be off by besides.</param>
    public static double NegatedAbove(int n, ReadOnlySpan<double> symmetric, double entryError, double diagonalError)
    {
        double[] shifted = symmetric.ToArray(), eigenvalues = new double[n];
        LinearAlgebraProvider.Backend.SymmetricEigen(n, shifted, eigenvalues);
        // −λ_min = σ_max(c·I − S) − c wherever c is at least the mean of the outermost eigenvalues; any c is right.
        double centre = (eigenvalues[0] + eigenvalues[^1]) / 2, largest = 0;
        centre = centre > 0 && double.IsFinite(centre) ? centre : 0;
        TensorPrimitives.Negate(symmetric, shifted);
        for (int i = 0; i < n; i++)
        {
            ref double entry = ref shifted[i * (n + 1)];
            largest = Math.Max(largest, Math.Abs(entry));
            entry += centre;
        }

        VerifiedNorm norm = VerifiedNorm.Of(n, shifted, centre - eigenvalues[0]);
        // ‖|S|‖ ≤ ‖|c·I − S|‖ + c; the shift rounds once more.
        double error = diagonalError + (entryError * (norm.AbsoluteNorm + centre)) + (4 * Rounding.Unit * (centre + largest));
        return Math.Max(0, (norm.Norm - centre + error) * (1 + (4 * Rounding.Unit)));
    }
}
