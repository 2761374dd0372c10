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

    // Beyond, a factorisation takes seconds: the ladder is steeper.
    private const int LargestFineLadder = 1200;

    // Columns of the rest that are formed at a time; up to twice as many at once
    private const int StripWidth = 3 * PackedProduct.Depth;

    // Columns whose absolute values are taken at a time
    private const int AbsoluteColumns = 64;

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
        if (scale != 1)
        {
            double[] copy = new double[MatrixShape.Length(n, n)];
            TensorPrimitives.Multiply(a, scale, copy);
            a = copy;
        }

        double frobenius = Rounding.Up(Math.Sqrt(Rounding.SumOfProducts(a, a)), Rounding.SumError + 2) + Underflow;
        if (n == 1)
        {
            return new VerifiedNorm(Math.Abs(a[0]) / scale, Math.Abs(a[0]) / scale);
        }

        if (frobenius == Underflow || !factorise)
        {
            return new VerifiedNorm(frobenius / scale, frobenius / scale);
        }

        // AᵀA above the diagonal, which is kept apart, and L below: one matrix holds both. What a factorisation leaves of AᵀA is no part of the proof.
        double[] shared = new double[MatrixShape.Length(n, n)], diagonal = new double[n];
        ManagedBackend.ForProofs(n).SymmetricProduct(true, n, n, 1, a, n, 0, shared, n);
        double[]? gram = n < 2 * StripWidth ? (double[])shared.Clone() : null;
        for (int i = 0; i < n; i++)
        {
            diagonal[i] = shared[i * (n + 1)];
        }

        double square = Factorise(backend, n, shared, diagonal, hint * scale, frobenius * frobenius);
        double rest = NormOfRest(n, a, gram, shared, square);
        // The product of A, the product of L, and the difference on the diagonal
        int depth = ManagedBackend.ProductDepth(n, n, n);
        (double both, double own) = SquaresOfAbsolute(n, a, shared);
        double rounding = (Rounding.Gamma((2 * depth) + 2) * both) + (2 * Rounding.Unit * square);
        double bound = Math.Sqrt(Rounding.Up(square + rest + rounding, 8) + Underflow);
        return new VerifiedNorm(Least(Rounding.Up(bound, 2)) / scale, Least(Rounding.Up(Math.Sqrt(own), 2) + Underflow) / scale);

        // What a factor of huge entries leaves is no number.
        double Least(double x) => x <= frobenius ? x : frobenius;
    }

    // t², with L on and below the diagonal: of the smallest t² on a ladder from the hint for which t²·I − AᵀA has a Cholesky factor; t² = ‖A‖_F² and L = 0 if there is none.
    private static double Factorise(IDenseBackend backend, int n, double[] shared, double[] diagonal, double hint, double trace)
    {
        double first = n <= SmallOrder ? LargestEigenvalue(backend, n, shared) : hint * hint;
        first = first <= trace && first > 0 ? first : trace;
        double step = n <= SmallOrder ? 4 * Rounding.Unit : 4 * Rounding.Unit * (n + 8), growth = n <= LargestFineLadder ? 4 : 32;
        for (int bump = 0; bump < MaximumBumps && first * (1 + step) < 4 * trace; bump++, step *= growth)
        {
            double square = first * (1 + step), sum = 0;
            MirrorUpperNegated(n, shared);
            for (int i = 0; i < n; i++)
            {
                shared[i * (n + 1)] = square - diagonal[i];
            }

            if (backend.TryCholesky(n, shared))
            {
                for (int j = 0; j < n; j++)
                {
                    sum += TensorPrimitives.Sum<double>(shared.AsSpan(j * (n + 1), n - j));
                }

                if (double.IsFinite(sum))
                {
                    return square;
                }
            }
        }

        for (int j = 0; j < n; j++)
        {
            shared.AsSpan(j * (n + 1), n - j).Clear();
        }

        return trace;
    }

    private static double LargestEigenvalue(IDenseBackend backend, int n, double[] gram)
    {
        double[] work = (double[])gram.Clone(), values = new double[n];
        backend.SymmetricEigen(n, work, values);
        return values[^1];
    }

    // The strict lower triangle ← the upper one negated, in blocks that stay in cache
    private static void MirrorUpperNegated(int n, double[] matrix)
    {
        const int Block = 32;
        for (int j0 = 0; j0 < n; j0 += Block)
        {
            for (int i0 = j0; i0 < n; i0 += Block)
            {
                for (int j = j0; j < Math.Min(n, j0 + Block); j++)
                {
                    for (int i = Math.Max(i0, j + 1); i < Math.Min(n, i0 + Block); i++)
                    {
                        matrix[i + (j * n)] = -matrix[j + (i * n)];
                    }
                }
            }
        }
    }

    // Not below ‖E‖₂ of E = AᵀA + LLᵀ − t²·I: its largest column sum, or its Frobenius norm. By strips of columns from the diagonal down, cut where the product sums
    // anyway, so that its entries have the roundings of one product; none is so narrow that it would be summed otherwise.
    private static double NormOfRest(int n, ReadOnlySpan<double> a, double[]? gram, double[] factor, double square)
    {
        var trusted = ManagedBackend.ForProofs(n);
        double[] sums = new double[n], strip = gram ?? [];
        double squares = 0;
        for (int first = 0, end; first < n; first = end)
        {
            end = n - first < 2 * StripWidth ? n : first + StripWidth;
            int width = end - first, height = n - first, below = n - end;
            if (gram is null)
            {
                strip = strip.Length < height * width ? new double[MatrixShape.Length(height, width)] : strip;
                trusted.Multiply(true, false, height, width, n, 1, a[(first * n)..], n, a[(first * n)..], n, 0, strip, height);
            }

            // L in the corner of the strip without what stands above the diagonal
            double[] corner = new double[MatrixShape.Length(width, width)];
            for (int j = 0; j < width; j++)
            {
                factor.AsSpan((first + j) * (n + 1), width - j).CopyTo(corner.AsSpan(j * (width + 1)));
            }

            trusted.Multiply(false, true, height, width, first, 1, factor.AsSpan(first), n, factor.AsSpan(first), n, 1, strip, height);
            trusted.Multiply(false, true, width, width, width, 1, corner, width, corner, width, 1, strip, height);
            if (below > 0)
            {
                trusted.Multiply(false, true, below, width, width, 1, factor.AsSpan(end + (first * n)), n, corner, width, 1, strip.AsSpan(width), height);
            }

            for (int j = 0; j < width; j++)
            {
                Span<double> column = strip.AsSpan(j * height, height);
                column[j] -= square;
                TensorPrimitives.Abs(column, column);
                sums[first + j] += TensorPrimitives.Sum<double>(column);
                TensorPrimitives.Add(sums.AsSpan(end), column[width..], sums.AsSpan(end));
                squares += TensorPrimitives.SumOfSquares<double>(column[..width]) + (2 * TensorPrimitives.SumOfSquares<double>(column[width..]));
            }
        }

        return Math.Min(TensorPrimitives.Max<double>(sums) * (1 + Rounding.Gamma(n + 4)), Math.Sqrt(squares * (1 + Rounding.Gamma((3 * n) + 8)))) * (1 + Rounding.Gamma(8));
    }

    // Not below ‖|A|ᵀ|A| + |L||L|ᵀ‖₂ and ‖|A|ᵀ|A|‖₂: of a matrix without negative entries max (Bv)_i/v_i for any v > 0 is a bound (Collatz, Wielandt), and close
    // to the norm after some steps of the power method.
    private static (double Both, double Own) SquaresOfAbsolute(int n, ReadOnlySpan<double> a, double[] l)
    {
        double[] v = new double[n], inner = new double[n], own = new double[n], both = new double[n], block = new double[MatrixShape.Length(n, Math.Min(n, AbsoluteColumns))];
        Array.Fill(v, 1);
        double largest = 0, largestOwn = 0;
        for (int step = 0; step < PowerIterations; step++)
        {
            Product(a, lower: false, v, inner);
            TransposedProduct(a, lower: false, inner, own);
            TransposedProduct(l, lower: true, v, inner);
            Product(l, lower: true, inner, both);
            TensorPrimitives.Add(both, own, both);
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

        // y ← |M|·x, of the lower triangle of M alone if it is a factor
        void Product(ReadOnlySpan<double> matrix, bool lower, double[] x, double[] y)
        {
            fixed (double* pb = block, px = x, py = y)
            {
                for (int first = 0; first < n; first += AbsoluteColumns)
                {
                    int columns = Absolute(matrix, lower, first);
                    VectorProduct.Plain(n, columns, 1, pb, n, px + first, first == 0 ? 0 : 1, py);
                }
            }
        }

        // y ← |M|ᵀ·x
        void TransposedProduct(ReadOnlySpan<double> matrix, bool lower, double[] x, double[] y)
        {
            fixed (double* pb = block, px = x, py = y)
            {
                for (int first = 0; first < n; first += AbsoluteColumns)
                {
                    int columns = Absolute(matrix, lower, first);
                    VectorProduct.Transposed(columns, n, 1, pb, n, px, 0, py + first);
                }
            }
        }

        int Absolute(ReadOnlySpan<double> matrix, bool lower, int first)
        {
            int columns = Math.Min(AbsoluteColumns, n - first);
            TensorPrimitives.Abs(matrix.Slice(first * n, columns * n), block.AsSpan(0, columns * n));
            for (int j = 0; j < columns && lower; j++)
            {
                block.AsSpan(j * n, first + j).Clear();
            }

            return columns;
        }
    }
}
