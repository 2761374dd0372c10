using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>Matrix-vector kernels, four columns a pass: limited by memory, not by arithmetic.</summary>
internal static unsafe class VectorProduct
{
    /// <summary>y ← α·A·x + β·y with A m×k; β = 0 overwrites y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Plain(int m, int k, double alpha, double* a, int lda, double* x, double beta, double* y)
    {
        Scale(m, beta, y);
        int l = 0;
        for (; l + 4 <= k; l += 4)
        {
            double* c0 = a + ((long)l * lda);
            double* c1 = c0 + lda;
            double* c2 = c1 + lda;
            double* c3 = c2 + lda;
            double x0 = alpha * x[l], x1 = alpha * x[l + 1], x2 = alpha * x[l + 2], x3 = alpha * x[l + 3];
            int i = 0;
            if (Vector512.IsHardwareAccelerated)
            {
                Vector512<double> f0 = Vector512.Create(x0), f1 = Vector512.Create(x1), f2 = Vector512.Create(x2), f3 = Vector512.Create(x3);
                for (; i + 8 <= m; i += 8)
                {
                    Vector512<double> s = Vector512.MultiplyAddEstimate(Vector512.Load(c0 + i), f0, Vector512.Load(y + i));
                    Vector512<double> t = Vector512.Load(c1 + i) * f1;
                    s = Vector512.MultiplyAddEstimate(Vector512.Load(c2 + i), f2, s);
                    t = Vector512.MultiplyAddEstimate(Vector512.Load(c3 + i), f3, t);
                    (s + t).Store(y + i);
                }
            }

            Vector256<double> g0 = Vector256.Create(x0), g1 = Vector256.Create(x1), g2 = Vector256.Create(x2), g3 = Vector256.Create(x3);
            for (; i + 4 <= m; i += 4)
            {
                Vector256<double> s = Vector256.MultiplyAddEstimate(Vector256.Load(c0 + i), g0, Vector256.Load(y + i));
                Vector256<double> t = Vector256.Load(c1 + i) * g1;
                s = Vector256.MultiplyAddEstimate(Vector256.Load(c2 + i), g2, s);
                t = Vector256.MultiplyAddEstimate(Vector256.Load(c3 + i), g3, t);
                (s + t).Store(y + i);
            }

            for (; i < m; i++)
            {
                y[i] += (c0[i] * x0) + (c1[i] * x1) + (c2[i] * x2) + (c3[i] * x3);
            }
        }

        for (; l < k; l++)
        {
            AddScaled(m, alpha * x[l], a + ((long)l * lda), y);
        }
    }

    /// <summary>y ← α·Aᵀ·x + β·y with A k×m (so y has m entries); β = 0 overwrites y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transposed(int m, int k, double alpha, double* a, int lda, double* x, double beta, double* y)
    {
        int i = 0;
        for (; i + 4 <= m; i += 4)
        {
            double* c0 = a + ((long)i * lda);
            double* c1 = c0 + lda;
            double* c2 = c1 + lda;
            double* c3 = c2 + lda;
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            int l = 0;
            if (Vector512.IsHardwareAccelerated && k >= 8)
            {
                Vector512<double> t0 = default, t1 = default, t2 = default, t3 = default;
                for (; l + 8 <= k; l += 8)
                {
                    Vector512<double> v = Vector512.Load(x + l);
                    t0 = Vector512.MultiplyAddEstimate(Vector512.Load(c0 + l), v, t0);
                    t1 = Vector512.MultiplyAddEstimate(Vector512.Load(c1 + l), v, t1);
                    t2 = Vector512.MultiplyAddEstimate(Vector512.Load(c2 + l), v, t2);
                    t3 = Vector512.MultiplyAddEstimate(Vector512.Load(c3 + l), v, t3);
                }

                s0 = Vector512.Sum(t0);
                s1 = Vector512.Sum(t1);
                s2 = Vector512.Sum(t2);
                s3 = Vector512.Sum(t3);
            }
            else if (k >= 4)
            {
                Vector256<double> t0 = default, t1 = default, t2 = default, t3 = default;
                for (; l + 4 <= k; l += 4)
                {
                    Vector256<double> v = Vector256.Load(x + l);
                    t0 = Vector256.MultiplyAddEstimate(Vector256.Load(c0 + l), v, t0);
                    t1 = Vector256.MultiplyAddEstimate(Vector256.Load(c1 + l), v, t1);
                    t2 = Vector256.MultiplyAddEstimate(Vector256.Load(c2 + l), v, t2);
                    t3 = Vector256.MultiplyAddEstimate(Vector256.Load(c3 + l), v, t3);
                }

                s0 = Vector256.Sum(t0);
                s1 = Vector256.Sum(t1);
                s2 = Vector256.Sum(t2);
                s3 = Vector256.Sum(t3);
            }

            for (; l < k; l++)
            {
                double v = x[l];
                s0 = double.MultiplyAddEstimate(c0[l], v, s0);
                s1 = double.MultiplyAddEstimate(c1[l], v, s1);
                s2 = double.MultiplyAddEstimate(c2[l], v, s2);
                s3 = double.MultiplyAddEstimate(c3[l], v, s3);
            }

            y[i] = Combine(alpha, s0, beta, y[i]);
            y[i + 1] = Combine(alpha, s1, beta, y[i + 1]);
            y[i + 2] = Combine(alpha, s2, beta, y[i + 2]);
            y[i + 3] = Combine(alpha, s3, beta, y[i + 3]);
        }

        for (; i < m; i++)
        {
            y[i] = Combine(alpha, Dot(k, a + ((long)i * lda), x), beta, y[i]);
        }
    }

    /// <summary>y ← A·x with A symmetric n×n, of which only the lower triangle is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Symmetric(int n, double* a, int lda, double* x, double* y)
    {
        new Span<double>(y, n).Clear();
        int j = 0;
        for (; j + 4 <= n; j += 4)
        {
            // The 4×4 triangle on the diagonal.
            for (int q = j; q < j + 4; q++)
            {
                double* column = a + ((long)q * lda);
                y[q] = double.MultiplyAddEstimate(column[q], x[q], y[q]);
                for (int p = q + 1; p < j + 4; p++)
                {
                    y[p] = double.MultiplyAddEstimate(column[p], x[q], y[p]);
                    y[q] = double.MultiplyAddEstimate(column[p], x[p], y[q]);
                }
            }

            // Each entry below it is read once and used twice, for its row and for its column.
            double* c0 = a + ((long)j * lda);
            double* c1 = c0 + lda;
            double* c2 = c1 + lda;
            double* c3 = c2 + lda;
            double x0 = x[j], x1 = x[j + 1], x2 = x[j + 2], x3 = x[j + 3];
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            int i = j + 4;
            if (Vector512.IsHardwareAccelerated && i + 8 <= n)
            {
                Vector512<double> f0 = Vector512.Create(x0), f1 = Vector512.Create(x1), f2 = Vector512.Create(x2), f3 = Vector512.Create(x3);
                Vector512<double> t0 = default, t1 = default, t2 = default, t3 = default;
                for (; i + 8 <= n; i += 8)
                {
                    Vector512<double> v = Vector512.Load(x + i), w = Vector512.Load(y + i), z;
                    Vector512<double> a0 = Vector512.Load(c0 + i), a1 = Vector512.Load(c1 + i), a2 = Vector512.Load(c2 + i), a3 = Vector512.Load(c3 + i);
                    w = Vector512.MultiplyAddEstimate(a0, f0, w);
                    z = a1 * f1;
                    w = Vector512.MultiplyAddEstimate(a2, f2, w);
                    z = Vector512.MultiplyAddEstimate(a3, f3, z);
                    (w + z).Store(y + i);
                    t0 = Vector512.MultiplyAddEstimate(a0, v, t0);
                    t1 = Vector512.MultiplyAddEstimate(a1, v, t1);
                    t2 = Vector512.MultiplyAddEstimate(a2, v, t2);
                    t3 = Vector512.MultiplyAddEstimate(a3, v, t3);
                }

                (s0, s1, s2, s3) = (Vector512.Sum(t0), Vector512.Sum(t1), Vector512.Sum(t2), Vector512.Sum(t3));
            }
            else if (i + 4 <= n)
            {
                Vector256<double> f0 = Vector256.Create(x0), f1 = Vector256.Create(x1), f2 = Vector256.Create(x2), f3 = Vector256.Create(x3);
                Vector256<double> t0 = default, t1 = default, t2 = default, t3 = default;
                for (; i + 4 <= n; i += 4)
                {
                    Vector256<double> v = Vector256.Load(x + i), w = Vector256.Load(y + i), z;
                    Vector256<double> a0 = Vector256.Load(c0 + i), a1 = Vector256.Load(c1 + i), a2 = Vector256.Load(c2 + i), a3 = Vector256.Load(c3 + i);
                    w = Vector256.MultiplyAddEstimate(a0, f0, w);
                    z = a1 * f1;
                    w = Vector256.MultiplyAddEstimate(a2, f2, w);
                    z = Vector256.MultiplyAddEstimate(a3, f3, z);
                    (w + z).Store(y + i);
                    t0 = Vector256.MultiplyAddEstimate(a0, v, t0);
                    t1 = Vector256.MultiplyAddEstimate(a1, v, t1);
                    t2 = Vector256.MultiplyAddEstimate(a2, v, t2);
                    t3 = Vector256.MultiplyAddEstimate(a3, v, t3);
                }

                (s0, s1, s2, s3) = (Vector256.Sum(t0), Vector256.Sum(t1), Vector256.Sum(t2), Vector256.Sum(t3));
            }

            for (; i < n; i++)
            {
                double v = x[i];
                y[i] += (c0[i] * x0) + (c1[i] * x1) + (c2[i] * x2) + (c3[i] * x3);
                s0 += c0[i] * v;
                s1 += c1[i] * v;
                s2 += c2[i] * v;
                s3 += c3[i] * v;
            }

            y[j] += s0;
            y[j + 1] += s1;
            y[j + 2] += s2;
            y[j + 3] += s3;
        }

        for (; j < n; j++)
        {
            double* column = a + ((long)j * lda);
            y[j] = double.MultiplyAddEstimate(column[j], x[j], y[j]);
            for (int i = j + 1; i < n; i++)
            {
                y[i] += column[i] * x[j];
                y[j] += column[i] * x[i];
            }
        }
    }

    /// <summary>xᵀy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(int n, double* x, double* y)
    {
        double sum = 0;
        int i = 0;
        if (n >= 8)
        {
            Vector256<double> s = default, t = default;
            for (; i + 8 <= n; i += 8)
            {
                s = Vector256.MultiplyAddEstimate(Vector256.Load(x + i), Vector256.Load(y + i), s);
                t = Vector256.MultiplyAddEstimate(Vector256.Load(x + i + 4), Vector256.Load(y + i + 4), t);
            }

            sum = Vector256.Sum(s + t);
        }

        for (; i < n; i++)
        {
            sum = double.MultiplyAddEstimate(x[i], y[i], sum);
        }

        return sum;
    }

    /// <summary>y ← y + f·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(int n, double f, double* x, double* y)
    {
        int i = 0;
        Vector256<double> g = Vector256.Create(f);
        for (; i + 4 <= n; i += 4)
        {
            Vector256.MultiplyAddEstimate(Vector256.Load(x + i), g, Vector256.Load(y + i)).Store(y + i);
        }

        for (; i < n; i++)
        {
            y[i] = double.MultiplyAddEstimate(x[i], f, y[i]);
        }
    }

    /// <summary>y ← β·y; β = 0 clears whatever y held.</summary>
    public static void Scale(int n, double beta, double* y)
    {
        if (beta == 0)
        {
            new Span<double>(y, n).Clear();
        }
        else if (beta != 1)
        {
            for (int i = 0; i < n; i++)
            {
                y[i] *= beta;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Combine(double alpha, double sum, double beta, double y) =>
        beta == 0 ? alpha * sum : double.MultiplyAddEstimate(beta, y, alpha * sum);
}
