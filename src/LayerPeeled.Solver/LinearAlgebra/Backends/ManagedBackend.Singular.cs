using System.Buffers;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <content>
/// Singular values: QR of a tall matrix first, blocked reduction to bidiagonal form (Dongarra, Sorensen and Hammarling 1989), then implicit QR.
/// </content>
internal sealed unsafe partial class ManagedBackend
{
    public void SingularValueDecomposition(int m, int n, Span<double> a, Span<double> u, Span<double> s, Span<double> vt)
    {
        int q = Math.Min(m, n);
        MatrixShape.Require(m, n, a.Length, m);
        MatrixShape.Require(m, q, u.Length, m);
        MatrixShape.Require(q, 1, s.Length, q);
        MatrixShape.Require(q, n, vt.Length, q);
        if (q == 0)
        {
            return;
        }

        Span<double> matrix = a[..(m * n)];
        MatrixShape.RequireFinite(matrix);
        double scale = MatrixShape.PowerOfTwoScale(matrix);
        bool wide = m < n;
        int tall = Math.Max(m, n);
        double[] rented = ArrayPool<double>.Shared.Rent(MatrixShape.Length((wide ? 2L * tall * q : 0) + ((long)q * q)));
        fixed (double* pa = a, pu = u, ps = s, pv = vt, pr = rented)
        {
            VectorProduct.Scale(m * n, scale, pa);
            double* right = pr;
            if (wide)
            {
                // Aᵀ = U′·S·V′ᵀ gives A = V′·S·U′ᵀ.
                double* turned = pr + ((long)q * q), left = turned + ((long)tall * q);
                MatrixShape.Transpose(m, n, pa, m, turned, n);
                Decompose(tall, q, turned, left, ps, right);
                new ReadOnlySpan<double>(right, q * q).CopyTo(u);
                MatrixShape.Transpose(tall, q, left, tall, pv, q);
            }
            else
            {
                Decompose(tall, q, pa, pu, ps, right);
                MatrixShape.Transpose(q, q, right, q, pv, q);
            }

            VectorProduct.Scale(q, 1 / scale, ps);
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>A = U·S·Vᵀ with A m×n, m ≥ n, entries of order one; A destroyed.</summary>
    private void Decompose(int m, int n, double* a, double* u, double* s, double* v)
    {
        // Past this shape the smaller bidiagonal reduction pays for the factorisation before it.
        bool factorFirst = 2 * m >= 3 * n && m > n;
        double[] rented = ArrayPool<double>.Shared.Rent(MatrixShape.Length((factorFirst ? (2L * n * n) + n : 0) + ((long)n * n) + (4L * n)));
        fixed (double* work = rented)
        {
            double* reflectors = work, e = reflectors + ((long)n * n), tauLeft = e + n, tauRight = tauLeft + n, tau = tauRight + n;
            if (!factorFirst)
            {
                Bidiagonalise(m, n, a, reflectors, s, e, tauLeft, tauRight);
                SetIdentity(m, n, u, m);
                ApplyReflectors(m, n, 0, a, m, tauLeft, n, u, m, fromIdentity: true);
                FromBidiagonal(m, n, reflectors, tauRight, s, e, u, v);
            }
            else
            {
                double* r = tau + n, leftOfR = r + ((long)n * n);
                Triangularise(m, n, a, tau);
                for (int j = 0; j < n; j++)
                {
                    new ReadOnlySpan<double>(a + ((long)j * m), j + 1).CopyTo(new Span<double>(r + ((long)j * n), j + 1));
                    new Span<double>(r + j + 1 + ((long)j * n), n - j - 1).Clear();
                }

                Bidiagonalise(n, n, r, reflectors, s, e, tauLeft, tauRight);
                SetIdentity(n, n, leftOfR, n);
                ApplyReflectors(n, n, 0, r, n, tauLeft, n, leftOfR, n, fromIdentity: true);
                FromBidiagonal(n, n, reflectors, tauRight, s, e, leftOfR, v);
                for (int j = 0; j < n; j++)
                {
                    new ReadOnlySpan<double>(leftOfR + ((long)j * n), n).CopyTo(new Span<double>(u + ((long)j * m), n));
                    new Span<double>(u + n + ((long)j * m), m - n).Clear();
                }

                ApplyReflectors(m, n, 0, a, m, tau, n, u, m, fromIdentity: false);
            }
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Finishes from A = U·B·Pᵀ: on return U and V hold the singular vectors and s the values, descending.</summary>
    private void FromBidiagonal(int m, int n, double* reflectors, double* tauRight, double* s, double* e, double* u, double* v)
    {
        SetIdentity(n, n, v, n);
        ApplyReflectors(n, n - 1, 1, reflectors, n, tauRight, n, v, n, fromIdentity: true);
        using var left = RotationSweeps.Begin(m, n, u, m, Threads);
        using var right = RotationSweeps.Begin(n, n, v, n, Threads);
        if (!BidiagonalIteration.Run(n, s, e, left, right))
        {
            throw new DecompositionException($"The QR iteration for the singular values of a matrix of rank at most {n} did not converge.");
        }

        int[] order = ArrayPool<int>.Shared.Rent(n);
        Span<int> ranks = order.AsSpan(0, n);
        for (int i = 0; i < n; i++)
        {
            ranks[i] = i;
            e[i] = -Math.Abs(s[i]);
        }

        new Span<double>(e, n).Sort(ranks);
        right.CopyTo(ranks, v, n);
        left.CopyTo(ranks, u, m);
        for (int j = 0; j < n; j++)
        {
            if (s[ranks[j]] < 0)
            {
                VectorProduct.Scale(n, -1, v + ((long)j * n));
            }
        }

        for (int j = 0; j < n; j++)
        {
            s[j] = -e[j];
        }

        ArrayPool<int>.Shared.Return(order);
    }

    /// <summary>
    /// A = Q·B·Pᵀ, B upper bidiagonal (<paramref name="d"/>, <paramref name="e"/>), A m×n with m ≥ n. Reflector j of Q lies in column j of A from row j on,
    /// reflector j of P in column j of <paramref name="p"/> (n×n) from row j + 1 on.
    /// </summary>
    private void Bidiagonalise(int m, int n, double* a, double* p, double* d, double* e, double* tauLeft, double* tauRight)
    {
        // A after k steps is A − V·Yᵀ − X·Uᵀ; V X and Y U lie side by side, so that a panel is applied by one product.
        double[] rented = ArrayPool<double>.Shared.Rent(MatrixShape.Length((2L * PanelWidth * (m + n)) + n + PanelWidth));
        fixed (double* v = rented)
        {
            double* y = v + (2L * PanelWidth * m), row = y + (2L * PanelWidth * n), small = row + n;
            for (int j0 = 0; j0 < n; j0 += PanelWidth)
            {
                int width = Math.Min(PanelWidth, n - j0);
                double* x = v + ((long)width * m), u = y + ((long)width * n);
                for (int i = 0; i < width; i++)
                {
                    int j = j0 + i, below = m - j, after = n - j - 1;
                    double* diagonal = a + j + ((long)j * m);
                    double* vi = v + j + ((long)i * m), xi = x + j + 1 + ((long)i * m), yi = y + j + 1 + ((long)i * n), ui = u + j + 1 + ((long)i * n);

                    // Column j of the updated matrix, and its reflector.
                    Row(i, y + j, n, small);
                    VectorProduct.Plain(below, i, -1, v + j, m, small, 1, diagonal);
                    Row(i, u + j, n, small);
                    VectorProduct.Plain(below, i, -1, x + j, m, small, 1, diagonal);
                    tauLeft[j] = Reflect(below - 1, ref *diagonal, diagonal + 1);
                    d[j] = *diagonal;
                    new Span<double>(v + ((long)i * m), j).Clear();
                    *vi = 1;
                    new ReadOnlySpan<double>(diagonal + 1, below - 1).CopyTo(new Span<double>(vi + 1, below - 1));
                    new Span<double>(x + ((long)i * m), j + 1).Clear();
                    new Span<double>(u + ((long)i * n), j + 1).Clear();
                    new Span<double>(y + ((long)i * n), j + 1).Clear();
                    if (after == 0)
                    {
                        e[j] = 0;
                        continue;
                    }

                    // y = τ·(Aᵀ − Y·Vᵀ − U·Xᵀ)·v.
                    VectorProduct.Transposed(after, below, 1, diagonal + m, m, vi, 0, yi);
                    VectorProduct.Transposed(i, below, 1, v + j, m, vi, 0, small);
                    VectorProduct.Plain(after, i, -1, y + j + 1, n, small, 1, yi);
                    VectorProduct.Transposed(i, below, 1, x + j, m, vi, 0, small);
                    VectorProduct.Plain(after, i, -1, u + j + 1, n, small, 1, yi);
                    VectorProduct.Scale(after, tauLeft[j], yi);

                    // Row j of the updated matrix, and its reflector.
                    Row(after, diagonal + m, m, row);
                    Row(i + 1, v + j, m, small);
                    VectorProduct.Plain(after, i + 1, -1, y + j + 1, n, small, 1, row);
                    Row(i, x + j, m, small);
                    VectorProduct.Plain(after, i, -1, u + j + 1, n, small, 1, row);
                    tauRight[j] = Reflect(after - 1, ref *row, row + 1);
                    e[j] = *row;
                    *ui = 1;
                    new ReadOnlySpan<double>(row + 1, after - 1).CopyTo(new Span<double>(ui + 1, after - 1));
                    new ReadOnlySpan<double>(ui, after).CopyTo(new Span<double>(p + j + 1 + ((long)j * n), after));

                    // x = τ·(A − V·Yᵀ − X·Uᵀ)·u.
                    VectorProduct.Plain(below - 1, after, 1, diagonal + m + 1, m, ui, 0, xi);
                    VectorProduct.Transposed(i + 1, after, 1, y + j + 1, n, ui, 0, small);
                    VectorProduct.Plain(below - 1, i + 1, -1, v + j + 1, m, small, 1, xi);
                    VectorProduct.Transposed(i, after, 1, u + j + 1, n, ui, 0, small);
                    VectorProduct.Plain(below - 1, i, -1, x + j + 1, m, small, 1, xi);
                    VectorProduct.Scale(below - 1, tauRight[j], xi);
                }

                int next = j0 + width;
                if (next < n)
                {
                    Multiply(false, true, m - next, n - next, 2 * width, -1, v + next, m, y + next, n, 1, a + next + ((long)next * m), m);
                }
            }
        }

        ArrayPool<double>.Shared.Return(rented);
    }
}
