using System.Buffers;
using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Backends;

namespace LayerPeeled.Solver.LinearAlgebra.Bounds;

/// <summary>
/// Upper bounds for the largest singular value for comparing dual points, tight and quick: if t²·I − A·Aᵀ has a Cholesky factor then
/// σ_max(A) &lt; t, up to rounding (S. M. Rump, Verification of positive definiteness, BIT 46, 2006). What is reported rests on <see cref="VerifiedNorm"/>.
/// </summary>
/// <remarks>
/// Rump's worst-case allowance for rounding grows like n²; the one used here is for errors that add up like independent ones (with a factor to spare),
/// and keeps the bound tight to about n·10⁻¹⁵.
/// </remarks>
internal static unsafe class SpectralNorm
{
    private const double Epsilon = 1.1102230246251565e-16;

    // A hint is loose when its proof ends more than this above a lower bound, relative to σ_max².
    private const double Loose = 2e-10;

    // Up to this size all eigenvalues cost no more than a good estimate of one.
    private const int SmallOrder = 64;
    private const int MaximumBumps = 60;

    /// <summary>A number t ≥ σ_max(A), tight to rounding; 0 for a zero matrix.</summary>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="a">A, column-major with leading dimension m; unchanged.</param>
    /// <param name="hint">What the caller believes σ_max to be; NaN if nothing. A wrong hint costs time, not tightness.</param>
    /// <exception cref="DecompositionException">A holds NaN or infinity.</exception>
    public static double UpperBound(int m, int n, ReadOnlySpan<double> a, double hint) =>
        UpperBound(LinearAlgebraProvider.Backend, m, n, a, hint);

    internal static double UpperBound(IDenseBackend backend, int m, int n, ReadOnlySpan<double> a, double hint)
    {
        MatrixShape.Require(m, n, a.Length, m);
        ReadOnlySpan<double> matrix = a[..(m * n)];
        MatrixShape.RequireFinite(matrix);
        double largest = matrix.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(matrix));
        if (largest == 0)
        {
            return 0;
        }

        // Squares must neither overflow nor underflow; a power of two changes no digit.
        int q = Math.Min(m, n), k = Math.Max(m, n);
        double scale = MatrixShape.PowerOfTwoScale(matrix);
        double[] scaled = ArrayPool<double>.Shared.Rent(MatrixShape.Length(m, n)), gram = ArrayPool<double>.Shared.Rent(MatrixShape.Length(q, q));
        try
        {
            TensorPrimitives.Multiply(matrix, scale, scaled.AsSpan(0, m * n));
            backend.SymmetricProduct(m > n, q, k, 1, scaled.AsSpan(0, m * n), m, 0, gram.AsSpan(0, q * q), q);
            double bound = q <= 2 ? ClosedForm(q, k, gram) : Prove(backend, q, k, gram.AsSpan(0, q * q), hint * scale);
            return Math.BitIncrement(bound / scale);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scaled);
            ArrayPool<double>.Shared.Return(gram);
        }
    }

    private static double ClosedForm(int q, int k, double[] gram)
    {
        if (q == 1)
        {
            return Math.Sqrt(gram[0]) * (1 + (Epsilon * (k + 4)));
        }

        // λ_max of [g00 g01; g01 g11] = mean + √(half difference² + g01²).
        double mean = (gram[0] + gram[3]) / 2;
        double radius = double.Hypot((gram[0] - gram[3]) / 2, gram[1]);
        return Math.Sqrt(mean + radius) * (1 + (Epsilon * ((2 * k) + 8)));
    }

    private static double Prove(IDenseBackend backend, int q, int k, Span<double> gram, double hint)
    {
        double trace = 0;
        for (int i = 0; i < q; i++)
        {
            trace += gram[i + (i * q)];
        }

        // Rounding of the product, of order ε·√(k/q)·‖A‖_F², and of the factorisation, of order q·ε·t².
        double productError = 4 * Epsilon * Math.Sqrt((double)k / q) * trace;
        double slack = 4 * Epsilon * (q + 8);
        double[] work = ArrayPool<double>.Shared.Rent(MatrixShape.Length(q, q));
        try
        {
            // √trace bounds σ_max: a larger hint is not worth a try.
            double lower = double.NaN;
            if (hint > 0 && hint * hint <= trace * (1 + slack))
            {
                double square = hint * hint * (1 + slack);
                if (IsPositiveDefinite(backend, q, gram, square, work))
                {
                    lower = LowerEstimate(backend, q, gram, square / (1 + Loose), work);
                    if (square <= lower * (1 + Loose))
                    {
                        return Finish(square, slack, productError);
                    }
                }
            }

            if (double.IsNaN(lower))
            {
                lower = LowerEstimate(backend, q, gram, double.PositiveInfinity, work);
            }

            double candidate = lower * (1 + slack);
            if (IsPositiveDefinite(backend, q, gram, candidate, work))
            {
                return Finish(candidate, slack, productError);
            }

            // The estimate had not converged: all eigenvalues, then larger and larger steps beyond the largest.
            double top = q <= SmallOrder ? lower : LargestEigenvalue(backend, q, gram, work);
            double step = slack;
            for (int bump = 0; bump < MaximumBumps; bump++, step *= 2)
            {
                candidate = top * (1 + step);
                if (IsPositiveDefinite(backend, q, gram, candidate, work))
                {
                    return Finish(candidate, slack, productError);
                }
            }

            return Finish(trace, slack, productError);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(work);
        }
    }

    private static double Finish(double square, double slack, double productError) =>
        Math.Sqrt((square * (1 + slack)) + productError) * (1 + (2 * Epsilon));

    private static bool IsPositiveDefinite(IDenseBackend backend, int q, ReadOnlySpan<double> gram, double square, double[] work)
    {
        Span<double> shifted = work.AsSpan(0, q * q);
        TensorPrimitives.Negate(gram, shifted);
        for (int i = 0; i < q; i++)
        {
            shifted[i + (i * q)] = square - gram[i + (i * q)];
        }

        return backend.TryCholesky(q, shifted);
    }

    // At most λ_max, up to rounding; stops early once it has reached `enough`.
    private static double LowerEstimate(IDenseBackend backend, int q, ReadOnlySpan<double> gram, double enough, double[] work) =>
        q <= SmallOrder ? LargestEigenvalue(backend, q, gram, work) : LanczosEstimate.Largest(q, gram, enough);

    private static double LargestEigenvalue(IDenseBackend backend, int q, ReadOnlySpan<double> gram, double[] work)
    {
        double[] values = ArrayPool<double>.Shared.Rent(q);
        gram.CopyTo(work);
        backend.SymmetricEigen(q, work.AsSpan(0, q * q), values.AsSpan(0, q));
        double largest = values[q - 1];
        ArrayPool<double>.Shared.Return(values);
        return largest;
    }
}
