using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.LinearAlgebra.Bounds;

/// <summary>
/// Bounds of σ_max(A) and σ_max(|A|) in exact arithmetic. For any L whatever, AᵀA = t²·I + (AᵀA + LLᵀ − t²·I) − LLᵀ ⪯ t²·I + ‖AᵀA + LLᵀ − t²·I‖₂·I: with L from a
/// Cholesky factorisation of t²·I − AᵀA the last norm is rounding, and whether the factorisation can be trusted does not matter. The two products are
/// made by <see cref="ManagedBackend"/>, whose every entry is off by at most γ_d times the product of the absolute values.
/// </summary>
/// <remarks>The idea is that of S. M. Rump, Verification methods, Acta Numerica 19, 2010, section 10.</remarks>
/// <param name="Norm">A number not below σ_max(A).</param>
/// <param name="AbsoluteNorm">A number not below σ_max(|A|): relative errors ε of the entries change σ_max(A) by at most ε times it.</param>
internal readonly unsafe record struct VerifiedNorm(double Norm, double AbsoluteNorm)
{
    private const int PowerIterations = 4;
    private const int MaximumBumps = 40;

    // Up to this size all eigenvalues cost next to nothing, and the ladder can begin close to the largest.
    private const int SmallOrder = 32;

    // What all that underflows in a matrix whose largest entry is of order one can amount to, by far.
    private const double Underflow = 1e-290;

    /// <summary>The bounds.</summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="a">A, column-major; unchanged.</param>
    /// <param name="hint">About σ_max(A). A wrong one costs time or tightness, not truth.</param>
    /// <param name="factorise">False takes the Frobenius norm for both, for when factorisations fail.</param>
    public static VerifiedNorm Of(int n, ReadOnlySpan<double> a, double hint, bool factorise = true) =>
        Of(LinearAlgebraProvider.Backend, n, a, hint, factorise);

    internal static VerifiedNorm Of(IDenseBackend backend, int n, ReadOnlySpan<double> a, double hint, bool factorise = true)
    {
        MatrixShape.RequireFinite(a);
        double scale = MatrixShape.PowerOfTwoScale(a);
        double[] scaled = new double[MatrixShape.Length(n, n)];
        TensorPrimitives.Multiply(a, scale, scaled);
        double frobenius = Rounding.Up(Math.Sqrt(Rounding.SumOfProducts(Absolute(scaled), Absolute(scaled))), Rounding.SumError + 2) + Underflow;
        if (n == 1)
        {
            return new VerifiedNorm(Math.Abs(a[0]), Math.Abs(a[0]));
        }

        if (frobenius == Underflow || !factorise)
        {
            return new VerifiedNorm(frobenius / scale, frobenius / scale);
        }

        double[] gram = new double[scaled.Length], factor = new double[scaled.Length];
        var trusted = ManagedBackend.ForProofs(n);
        trusted.SymmetricProduct(true, n, n, 1, scaled, n, 0, gram, n);
        double square = Factorise(backend, n, gram, hint * scale, frobenius * frobenius, factor);
        trusted.SymmetricProduct(false, n, n, 1, factor, n, 1, gram, n);
        for (int i = 0; i < n; i++)
        {
            gram[i * (n + 1)] -= square;
        }

        // The product of A, the product of L, and the difference on the diagonal
        int depth = ManagedBackend.ProductDepth(n, n, n);
        (double both, double own) = SquaresOfAbsolute(n, scaled, factor);
        double rounding = (Rounding.Gamma((2 * depth) + 2) * both) + (2 * Rounding.Unit * square);
        double bound = Math.Sqrt(Rounding.Up(square + SymmetricNorm(n, gram) + rounding, 8) + Underflow);
        return new VerifiedNorm(
            Math.Min(frobenius, Rounding.Up(bound, 2)) / scale, Math.Min(frobenius, Rounding.Up(Math.Sqrt(own), 2) + Underflow) / scale);
    }

    // t² and L: of the smallest t² on a ladder from the hint for which t²·I − AᵀA has a Cholesky factor; t² = ‖A‖_F² and L = 0 if there is none.
    private static double Factorise(IDenseBackend backend, int n, double[] gram, double hint, double trace, double[] factor)
    {
        double first = n <= SmallOrder ? LargestEigenvalue(backend, n, gram, factor) : hint * hint;
        first = first <= trace && first > 0 ? first : trace;
        double step = n <= SmallOrder ? 4 * Rounding.Unit : 4 * Rounding.Unit * (n + 8);
        for (int bump = 0; bump < MaximumBumps && first * (1 + step) < 4 * trace; bump++, step *= 4)
        {
            double square = first * (1 + step);
            TensorPrimitives.Negate<double>(gram, factor);
            for (int i = 0; i < n; i++)
            {
                factor[i * (n + 1)] = square - gram[i * (n + 1)];
            }

            if (backend.TryCholesky(n, factor))
            {
                for (int j = 1; j < n; j++)
                {
                    factor.AsSpan(j * n, j).Clear();
                }

                if (double.IsFinite(TensorPrimitives.Sum<double>(factor)))
                {
                    return square;
                }
            }
        }

        Array.Clear(factor);
        return trace;
    }

    private static double LargestEigenvalue(IDenseBackend backend, int n, double[] gram, double[] work)
    {
        gram.CopyTo(work, 0);
        double[] values = new double[n];
        backend.SymmetricEigen(n, work, values);
        return values[^1];
    }

    // Not below ‖E‖₂ of a symmetric matrix: its largest column sum, or its Frobenius norm
    private static double SymmetricNorm(int n, double[] matrix)
    {
        double largest = 0, squares = 0;
        for (int j = 0; j < n; j++)
        {
            ReadOnlySpan<double> column = matrix.AsSpan(j * n, n);
            largest = Math.Max(largest, TensorPrimitives.SumOfMagnitudes(column));
            squares += TensorPrimitives.SumOfSquares(column);
        }

        return Math.Min(largest * (1 + Rounding.Gamma(n + 4)), Math.Sqrt(squares * (1 + Rounding.Gamma((2 * n) + 8)))) * (1 + Rounding.Gamma(8));
    }

    // Not below ‖|A|ᵀ|A| + |L||L|ᵀ‖₂ and ‖|A|ᵀ|A|‖₂: of a matrix without negative entries max (Bv)_i/v_i for any v > 0 is a bound (Collatz, Wielandt), and close
    // to the norm after some steps of the power method.
    private static (double Both, double Own) SquaresOfAbsolute(int n, double[] a, double[] l)
    {
        double[] absolute = Absolute(a), lower = Absolute(l);
        double[] v = new double[n], inner = new double[n], own = new double[n], both = new double[n];
        Array.Fill(v, 1);
        fixed (double* pa = absolute, pl = lower, pv = v, pi = inner, po = own, pb = both)
        {
            double largest = 0, largestOwn = 0;
            for (int step = 0; step < PowerIterations; step++)
            {
                VectorProduct.Plain(n, n, 1, pa, n, pv, 0, pi);
                VectorProduct.Transposed(n, n, 1, pa, n, pi, 0, po);
                VectorProduct.Transposed(n, n, 1, pl, n, pv, 0, pi);
                own.CopyTo(both, 0);
                VectorProduct.Plain(n, n, 1, pl, n, pi, 1, pb);
                (largest, largestOwn) = (0, 0);
                for (int i = 0; i < n; i++)
                {
                    (largest, largestOwn) = (Math.Max(largest, both[i] / v[i]), Math.Max(largestOwn, own[i] / v[i]));
                }

                double top = TensorPrimitives.Max<double>(both);
                for (int i = 0; i < n && step < PowerIterations - 1; i++)
                {
                    v[i] = Math.Max(both[i] / top, 1e-6);
                }
            }

            double rounding = 1 + Rounding.Gamma((4 * n) + 16);
            return (largest * rounding, largestOwn * rounding);
        }
    }

    private static double[] Absolute(double[] values)
    {
        var result = new double[values.Length];
        TensorPrimitives.Abs<double>(values, result);
        return result;
    }
}
