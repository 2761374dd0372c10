using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <content>Cholesky factorisation by halves: all but a sliver of the n³/3 operations are products.</content>
internal sealed unsafe partial class ManagedBackend
{
    private const int CholeskyLeaf = 32;
    private const int SolveLeaf = 8;

    public bool TryCholesky(int n, Span<double> a)
    {
        MatrixShape.Require(n, n, a.Length, n);
        fixed (double* p = a)
        {
            return Factor(n, p, n);
        }
    }

    private bool Factor(int n, double* a, int lda)
    {
        if (n <= CholeskyLeaf)
        {
            return FactorLeaf(n, a, lda);
        }

        // [A11 ·; A21 A22]: L11 = chol(A11), L21 = A21·L11⁻ᵀ, L22 = chol(A22 − L21·L21ᵀ).
        int half = Half(n);
        double* a21 = a + half;
        double* a22 = a21 + ((long)half * lda);
        if (!Factor(half, a, lda))
        {
            return false;
        }

        SolveRight(n - half, half, a, lda, a21, lda);
        MultiplyLower(false, true, n - half, half, -1, a21, lda, a21, lda, 1, a22, lda);
        return Factor(n - half, a22, lda);
    }

    private static bool FactorLeaf(int n, double* a, int lda)
    {
        for (int j = 0; j < n; j++)
        {
            double* column = a + j + ((long)j * lda);
            for (int l = 0; l < j; l++)
            {
                double* left = a + j + ((long)l * lda);
                VectorProduct.AddScaled(n - j, -*left, left, column);
            }

            // Written so that a NaN fails too.
            if (!(*column > 0) || double.IsPositiveInfinity(*column))
            {
                return false;
            }

            double pivot = Math.Sqrt(*column);
            *column = pivot;
            for (int i = 1; i < n - j; i++)
            {
                column[i] /= pivot;
            }
        }

        return true;
    }

    /// <summary>B ← B·L⁻ᵀ with B m×n and L n×n lower triangular.</summary>
    private void SolveRight(int m, int n, double* l, int ldl, double* b, int ldb)
    {
        if (n <= SolveLeaf)
        {
            // Strips of rows that stay in the first-level cache.
            const int Strip = 256;
            for (int i = 0; i < m; i += Strip)
            {
                SolveLeafStrip(Math.Min(Strip, m - i), n, l, ldl, b + i, ldb);
            }

            return;
        }

        // [B1 B2]·[L11 0; L21 L22]⁻ᵀ: X1 = B1·L11⁻ᵀ, X2 = (B2 − X1·L21ᵀ)·L22⁻ᵀ.
        int half = n <= 2 * SolveLeaf ? SolveLeaf : Half(n);
        double* b2 = b + ((long)half * ldb);
        SolveRight(m, half, l, ldl, b, ldb);
        Multiply(false, true, m, n - half, half, -1, b, ldb, l + half, ldl, 1, b2, ldb);
        SolveRight(m, n - half, l + half + ((long)half * ldl), ldl, b2, ldb);
    }

    private static void SolveLeafStrip(int m, int n, double* l, int ldl, double* b, int ldb)
    {
        for (int j = 0; j < n; j++)
        {
            double* column = b + ((long)j * ldb);
            for (int p = 0; p < j; p++)
            {
                VectorProduct.AddScaled(m, -l[j + ((long)p * ldl)], b + ((long)p * ldb), column);
            }

            double pivot = l[j + ((long)j * ldl)];
            for (int i = 0; i < m; i++)
            {
                column[i] /= pivot;
            }
        }
    }

    // A multiple of the tile height, so that few tiles are cut.
    private static int Half(int n) => Math.Max(16, n / 2 / 16 * 16);
}
