using System.Buffers;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <content>
/// Symmetric eigenvalues: blocked reduction to tridiagonal form (Dongarra, Sorensen and Hammarling 1989), then implicit QL.
/// </content>
internal sealed unsafe partial class ManagedBackend
{
    public void SymmetricEigen(int n, Span<double> a, Span<double> values)
    {
        MatrixShape.Require(n, n, a.Length, n);
        MatrixShape.Require(n, 1, values.Length, n);
        Span<double> matrix = a[..(n * n)];
        MatrixShape.RequireFinite(matrix);
        double scale = MatrixShape.PowerOfTwoScale(matrix);
        double[] work = ArrayPool<double>.Shared.Rent(MatrixShape.Length(((long)n * n) + (3L * n)));
        fixed (double* pa = a, pq = work)
        {
            double* q = pq, d = pq + ((long)n * n), e = d + n, tau = e + n;
            VectorProduct.Scale(n * n, scale, pa);
            Tridiagonalise(n, pa, d, e, tau);
            SetIdentity(n, n, q, n);
            ApplyReflectors(n, n - 1, 1, pa, n, tau, n, q, n, fromIdentity: true);
            using var vectors = RotationSweeps.Begin(n, n, q, n, Threads);
            if (!TridiagonalIteration.Run(n, d, e, vectors))
            {
                throw new DecompositionException($"The QL iteration for the eigenvalues of a symmetric {n}×{n} matrix did not converge.");
            }

            int[] order = ArrayPool<int>.Shared.Rent(n);
            Span<int> ranks = order.AsSpan(0, n);
            for (int i = 0; i < n; i++)
            {
                ranks[i] = i;
                values[i] = d[i] / scale;
            }

            values[..n].Sort(ranks);
            vectors.CopyTo(ranks, pa, n);
            ArrayPool<int>.Shared.Return(order);
        }

        ArrayPool<double>.Shared.Return(work);
    }

    /// <summary>
    /// A = Q·T·Qᵀ from the lower triangle of A: T in <paramref name="d"/> and <paramref name="e"/>, reflector j of Q in column j from row j + 1 on.
    /// </summary>
    private void Tridiagonalise(int n, double* a, double* d, double* e, double* tau)
    {
        // Three panels side by side, V W V: [V W]·[W V]ᵀ is the rank-2 update of a whole panel in one product.
        double[] rented = ArrayPool<double>.Shared.Rent(MatrixShape.Length((3L * PanelWidth * n) + n + (2L * PanelWidth)));
        fixed (double* v = rented)
        {
            double* x = v + (3L * PanelWidth * n);
            double* small = x + n;
            for (int j0 = 0; j0 < n - 1; j0 += PanelWidth)
            {
                int width = Math.Min(PanelWidth, n - 1 - j0);
                double* w = v + ((long)width * n);
                for (int i = 0; i < width; i++)
                {
                    int j = j0 + i, below = n - j - 1;
                    double* column = a + j + ((long)j * n);

                    // The updates of the panel so far, on this column only: a_j −= V·W(j,:)ᵀ + W·V(j,:)ᵀ.
                    Row(i, w + j, n, small);
                    VectorProduct.Plain(below + 1, i, -1, v + j, n, small, 1, column);
                    Row(i, v + j, n, small);
                    VectorProduct.Plain(below + 1, i, -1, w + j, n, small, 1, column);
                    d[j] = *column;
                    double beta = column[1];
                    tau[j] = Reflect(below - 1, ref beta, column + 2);
                    e[j] = beta;

                    double* vi = v + ((long)i * n);
                    new Span<double>(vi, j + 1).Clear();
                    vi[j + 1] = 1;
                    new ReadOnlySpan<double>(column + 2, below - 1).CopyTo(new Span<double>(vi + j + 2, below - 1));

                    // w = τ·(A − V·Wᵀ − W·Vᵀ)·v, then w −= ½τ·(wᵀv)·v.
                    double* wi = w + ((long)i * n);
                    new Span<double>(wi, j + 1).Clear();
                    double* reflector = vi + j + 1, target = wi + j + 1;
                    VectorProduct.Symmetric(below, column + 1 + n, n, reflector, target);
                    VectorProduct.Transposed(i, below, 1, w + j + 1, n, reflector, 0, small);
                    VectorProduct.Plain(below, i, -1, v + j + 1, n, small, 1, target);
                    VectorProduct.Transposed(i, below, 1, v + j + 1, n, reflector, 0, small);
                    VectorProduct.Plain(below, i, -1, w + j + 1, n, small, 1, target);
                    VectorProduct.Scale(below, tau[j], target);
                    VectorProduct.AddScaled(below, -0.5 * tau[j] * VectorProduct.Dot(below, target, reflector), reflector, target);
                }

                int next = j0 + width;
                new ReadOnlySpan<double>(v, width * n).CopyTo(new Span<double>(v + (2L * width * n), width * n));
                MultiplyLower(false, true, n - next, 2 * width, -1, v + next, n, w + next, n, 1, a + next + ((long)next * n), n);
            }
        }

        if (n > 0)
        {
            d[n - 1] = a[((long)n * n) - 1];
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    private static void Row(int count, double* source, int stride, double* target)
    {
        for (int i = 0; i < count; i++)
        {
            target[i] = source[(long)i * stride];
        }
    }

    private static void SetIdentity(int rows, int columns, double* q, int ldq)
    {
        for (int j = 0; j < columns; j++)
        {
            new Span<double>(q + ((long)j * ldq), rows).Clear();
            q[j + ((long)j * ldq)] = 1;
        }
    }
}
