using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>Products too small, or too thin, for packing to pay: A is read where it lies, and nothing is allocated.</summary>
internal static unsafe class SmallProduct
{
    /// <summary>Products with at most this many multiplications take this path.</summary>
    public const int MaximumWork = 32 * 32 * 32;

    private const int StackEntries = 1024;

    /// <summary>Computes C ← α·op(A)·op(B) + β·C if the shape suits this path; else returns false with C unchanged.</summary>
    [SkipLocalsInit]
    public static bool TryRun(
        bool transposeA, bool transposeB, int m, int n, int k,
        double alpha, double* a, int lda, double* b, int ldb, double beta, double* c, int ldc)
    {
        if (n == 1 && !transposeB)
        {
            if (transposeA)
            {
                VectorProduct.Transposed(m, k, alpha, a, lda, b, beta, c);
            }
            else
            {
                VectorProduct.Plain(m, k, alpha, a, lda, b, beta, c);
            }

            return true;
        }

        if ((long)m * n * k > MaximumWork || (transposeA && (long)m * k > StackEntries))
        {
            return false;
        }

        // op(B)(l, j) = b[l·down + j·across].
        int down = transposeB ? ldb : 1, across = transposeB ? 1 : ldb;
        if (!transposeA)
        {
            Direct(m, n, k, alpha, a, lda, b, down, across, beta, c, ldc);
            return true;
        }

        if (m < 4)
        {
            Dots(m, n, k, alpha, a, lda, b, down, across, beta, c, ldc);
            return true;
        }

        double* turned = stackalloc double[m * k];
        int row = 0;
        for (; row + 4 <= m; row += 4)
        {
            double* r0 = a + ((long)row * lda);
            double* r1 = r0 + lda;
            double* r2 = r1 + lda;
            double* r3 = r2 + lda;
            for (int l = 0; l < k; l++)
            {
                Vector256.Create(r0[l], r1[l], r2[l], r3[l]).Store(turned + row + (l * m));
            }
        }

        for (; row < m; row++)
        {
            for (int l = 0; l < k; l++)
            {
                turned[row + (l * m)] = a[l + ((long)row * lda)];
            }
        }

        Direct(m, n, k, alpha, turned, m, b, down, across, beta, c, ldc);
        return true;
    }

    // Optimised from the first call: later tiers contract multiply-adds that the first one rounds twice, and the same input must give the same bits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots(
        int m, int n, int k, double alpha, double* a, int lda, double* b, int down, int across, double beta, double* c, int ldc)
    {
        for (int j = 0; j < n; j++)
        {
            double* x = b + ((long)j * across);
            for (int i = 0; i < m; i++)
            {
                double* row = a + ((long)i * lda);
                double sum = 0;
                for (int l = 0; l < k; l++)
                {
                    sum = double.MultiplyAddEstimate(row[l], x[(long)l * down], sum);
                }

                Store(c + i + ((long)j * ldc), alpha, sum, beta);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Direct(
        int m, int n, int k, double alpha, double* a, int lda, double* b, int down, int across, double beta, double* c, int ldc)
    {
        int j = 0;
        for (; j + 4 <= n; j += 4)
        {
            double* x = b + ((long)j * across);
            double* y = c + ((long)j * ldc);
            int i = 0;
            for (; i + 8 <= m; i += 8)
            {
                Vector256<double> p0 = default, p1 = default, p2 = default, p3 = default;
                Vector256<double> q0 = default, q1 = default, q2 = default, q3 = default;
                double* column = a + i;
                double* entry = x;
                for (int l = 0; l < k; l++, column += lda, entry += down)
                {
                    Vector256<double> u = Vector256.Load(column), v = Vector256.Load(column + 4), f;
                    f = Vector256.Create(entry[0]);
                    p0 = Vector256.MultiplyAddEstimate(u, f, p0);
                    q0 = Vector256.MultiplyAddEstimate(v, f, q0);
                    f = Vector256.Create(entry[across]);
                    p1 = Vector256.MultiplyAddEstimate(u, f, p1);
                    q1 = Vector256.MultiplyAddEstimate(v, f, q1);
                    f = Vector256.Create(entry[2L * across]);
                    p2 = Vector256.MultiplyAddEstimate(u, f, p2);
                    q2 = Vector256.MultiplyAddEstimate(v, f, q2);
                    f = Vector256.Create(entry[3L * across]);
                    p3 = Vector256.MultiplyAddEstimate(u, f, p3);
                    q3 = Vector256.MultiplyAddEstimate(v, f, q3);
                }

                Store(y + i, alpha, p0, beta);
                Store(y + i + 4, alpha, q0, beta);
                Store(y + i + ldc, alpha, p1, beta);
                Store(y + i + 4 + ldc, alpha, q1, beta);
                Store(y + i + (2L * ldc), alpha, p2, beta);
                Store(y + i + 4 + (2L * ldc), alpha, q2, beta);
                Store(y + i + (3L * ldc), alpha, p3, beta);
                Store(y + i + 4 + (3L * ldc), alpha, q3, beta);
            }

            for (; i + 4 <= m; i += 4)
            {
                Vector256<double> p0 = default, p1 = default, p2 = default, p3 = default;
                double* column = a + i;
                double* entry = x;
                for (int l = 0; l < k; l++, column += lda, entry += down)
                {
                    Vector256<double> u = Vector256.Load(column);
                    p0 = Vector256.MultiplyAddEstimate(u, Vector256.Create(entry[0]), p0);
                    p1 = Vector256.MultiplyAddEstimate(u, Vector256.Create(entry[across]), p1);
                    p2 = Vector256.MultiplyAddEstimate(u, Vector256.Create(entry[2L * across]), p2);
                    p3 = Vector256.MultiplyAddEstimate(u, Vector256.Create(entry[3L * across]), p3);
                }

                Store(y + i, alpha, p0, beta);
                Store(y + i + ldc, alpha, p1, beta);
                Store(y + i + (2L * ldc), alpha, p2, beta);
                Store(y + i + (3L * ldc), alpha, p3, beta);
            }

            for (; i < m; i++)
            {
                double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
                double* column = a + i;
                double* entry = x;
                for (int l = 0; l < k; l++, column += lda, entry += down)
                {
                    s0 = double.MultiplyAddEstimate(*column, entry[0], s0);
                    s1 = double.MultiplyAddEstimate(*column, entry[across], s1);
                    s2 = double.MultiplyAddEstimate(*column, entry[2L * across], s2);
                    s3 = double.MultiplyAddEstimate(*column, entry[3L * across], s3);
                }

                Store(y + i, alpha, s0, beta);
                Store(y + i + ldc, alpha, s1, beta);
                Store(y + i + (2L * ldc), alpha, s2, beta);
                Store(y + i + (3L * ldc), alpha, s3, beta);
            }
        }

        for (; j < n; j++)
        {
            Column(m, k, alpha, a, lda, b + ((long)j * across), down, beta, c + ((long)j * ldc));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Column(int m, int k, double alpha, double* a, int lda, double* x, int down, double beta, double* y)
    {
        int i = 0;
        for (; i + 4 <= m; i += 4)
        {
            Vector256<double> sum = default;
            double* column = a + i;
            for (int l = 0; l < k; l++, column += lda)
            {
                sum = Vector256.MultiplyAddEstimate(Vector256.Load(column), Vector256.Create(x[(long)l * down]), sum);
            }

            Store(y + i, alpha, sum, beta);
        }

        for (; i < m; i++)
        {
            double sum = 0;
            double* column = a + i;
            for (int l = 0; l < k; l++, column += lda)
            {
                sum = double.MultiplyAddEstimate(*column, x[(long)l * down], sum);
            }

            Store(y + i, alpha, sum, beta);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* target, double alpha, double sum, double beta) =>
        *target = beta == 0 ? alpha * sum : double.MultiplyAddEstimate(beta, *target, alpha * sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* target, double alpha, Vector256<double> sum, double beta)
    {
        sum *= alpha;
        if (beta != 0)
        {
            sum = Vector256.MultiplyAddEstimate(Vector256.Create(beta), Vector256.Load(target), sum);
        }

        sum.Store(target);
    }
}
