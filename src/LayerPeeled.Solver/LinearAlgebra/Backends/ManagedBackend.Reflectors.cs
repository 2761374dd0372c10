using System.Buffers;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <content>Householder reflectors H = I − τ·v·vᵀ, and blocks of them as I − V·T·Vᵀ (Schreiber and Van Loan 1989).</content>
internal sealed unsafe partial class ManagedBackend
{
    private const int PanelWidth = 32;

    // Squares of smaller numbers lose digits to underflow; matrices are scaled to order one first, so dropping them is harmless.
    private const double NegligibleSquare = 1e-280;

    /// <summary>
    /// Overwrites (α, x) so that H·(α, x) = (β, 0): α ← β, x ← the tail of v (v₀ = 1). Returns τ; 0 means H = I.
    /// </summary>
    private static double Reflect(int tailLength, ref double alpha, double* x)
    {
        double square = VectorProduct.Dot(tailLength, x, x);
        if (square < NegligibleSquare)
        {
            new Span<double>(x, tailLength).Clear();
            return 0;
        }

        double beta = -Math.CopySign(Math.Sqrt((alpha * alpha) + square), alpha);
        double tau = (beta - alpha) / beta;
        VectorProduct.Scale(tailLength, 1 / (alpha - beta), x);
        alpha = beta;
        return tau;
    }

    /// <summary>
    /// C ← H₀·H₁⋯H_{count−1}·C, C rows×columns. Reflector j lies in column j of <paramref name="a"/>: a one at row j + <paramref name="offset"/>
    /// (implied) and its tail below. With <paramref name="fromIdentity"/> C holds the first columns of the identity, whose zeros are used.
    /// </summary>
    private void ApplyReflectors(
        int rows, int count, int offset, double* a, int lda, double* tau, int columns, double* c, int ldc, bool fromIdentity)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(MatrixShape.Length((long)PanelWidth * (rows + (2L * columns) + (2L * PanelWidth))));
        fixed (double* v = rented)
        {
            double* t = v + ((long)PanelWidth * rows);
            for (int j0 = (count - 1) / PanelWidth * PanelWidth; count > 0 && j0 >= 0; j0 -= PanelWidth)
            {
                int width = Math.Min(PanelWidth, count - j0), top = j0 + offset, height = rows - top;
                for (int j = 0; j < width; j++)
                {
                    double* column = v + ((long)j * height);
                    new Span<double>(column, j).Clear();
                    column[j] = 1;
                    new ReadOnlySpan<double>(a + top + j + 1 + ((long)(j0 + j) * lda), height - j - 1).CopyTo(new Span<double>(column + j + 1, height - j - 1));
                }

                int first = fromIdentity ? Math.Min(top, columns) : 0;
                Triangle(height, width, v, height, tau + j0, t);
                ApplyBlock(false, height, width, v, height, t, columns - first, c + top + ((long)first * ldc), ldc, t + (2 * PanelWidth * PanelWidth));
            }
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>The upper triangular T of H₀⋯H_{width−1} = I − V·T·Vᵀ; room for two width² blocks at <paramref name="t"/>.</summary>
    private void Triangle(int height, int width, double* v, int ldv, double* tau, double* t)
    {
        double* gram = t + (PanelWidth * PanelWidth);
        Multiply(true, false, width, width, height, 1, v, ldv, v, ldv, 0, gram, width);
        for (int j = 0; j < width; j++)
        {
            // T(0:j, j) = −τ_j·T(0:j, 0:j)·(VᵀV)(0:j, j).
            for (int i = 0; i < width; i++)
            {
                double sum = 0;
                for (int l = i; l < j; l++)
                {
                    sum += t[i + (l * width)] * gram[l + (j * width)];
                }

                t[i + (j * width)] = i < j ? -tau[j] * sum : i == j ? tau[j] : 0;
            }
        }
    }

    /// <summary>C ← (I − V·T·Vᵀ)·C, or its transpose; <paramref name="work"/> holds 2·width·columns numbers.</summary>
    private void ApplyBlock(bool transpose, int height, int width, double* v, int ldv, double* t, int columns, double* c, int ldc, double* work)
    {
        double* second = work + ((long)width * columns);
        Multiply(true, false, width, columns, height, 1, v, ldv, c, ldc, 0, work, width);
        Multiply(transpose, false, width, columns, width, 1, t, width, work, width, 0, second, width);
        Multiply(false, false, height, columns, width, -1, v, ldv, second, width, 1, c, ldc);
    }

    /// <summary>A = Q·R, A m×n with m ≥ n: R above the diagonal of A, the reflectors of Q below it, their τ in <paramref name="tau"/>.</summary>
    private void Triangularise(int m, int n, double* a, double* tau)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(MatrixShape.Length((long)PanelWidth * (m + (2L * n) + (2L * PanelWidth))));
        fixed (double* v = rented)
        {
            double* t = v + ((long)PanelWidth * m);
            double* work = t + (2 * PanelWidth * PanelWidth);
            for (int j0 = 0; j0 < n; j0 += PanelWidth)
            {
                int width = Math.Min(PanelWidth, n - j0), height = m - j0;
                for (int j = 0; j < width; j++)
                {
                    int length = height - j;
                    double* diagonal = a + j0 + j + ((long)(j0 + j) * m);
                    tau[j0 + j] = Reflect(length - 1, ref *diagonal, diagonal + 1);
                    double* column = v + ((long)j * height);
                    new Span<double>(column, j).Clear();
                    column[j] = 1;
                    new ReadOnlySpan<double>(diagonal + 1, length - 1).CopyTo(new Span<double>(column + j + 1, length - 1));
                    for (int l = j + 1; l < width; l++)
                    {
                        double* other = diagonal + ((long)(l - j) * m);
                        VectorProduct.AddScaled(length, -tau[j0 + j] * VectorProduct.Dot(length, column + j, other), column + j, other);
                    }
                }

                if (j0 + width < n)
                {
                    Triangle(height, width, v, height, tau + j0, t);
                    ApplyBlock(true, height, width, v, height, t, n - j0 - width, a + j0 + ((long)(j0 + width) * m), m, work);
                }
            }
        }

        ArrayPool<double>.Shared.Return(rented);
    }
}
