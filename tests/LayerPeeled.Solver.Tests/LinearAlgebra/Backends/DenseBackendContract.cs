using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;

namespace LayerPeeled.Solver.Tests.LinearAlgebra.Backends;

/// <summary>What every backend must satisfy, checked against three nested loops.</summary>
internal static class DenseBackendContract
{
    private static readonly int[] Sizes = [1, 2, 3, 7, 8, 9, 16, 17, 31, 64, 65, 100, 129, 257];

    public static void Multiply(IDenseBackend backend)
    {
        foreach (int size in Sizes)
        {
            foreach ((int m, int n, int k) in Shapes(size))
            {
                for (int flags = 0; flags < 8; flags++)
                {
                    CheckProduct(backend, (flags & 1) != 0, (flags & 2) != 0, m, n, k, 1.3, (flags & 4) != 0 ? -0.7 : 0, seed: size + flags);
                }
            }
        }

        CheckProduct(backend, false, true, 300, 70, 600, 1, 0, seed: 1);
        CheckProduct(backend, true, false, 5, 4, 0, 1, 0.5, seed: 2);
        CheckProduct(backend, true, false, 40, 41, 42, 0, 0.5, seed: 3);
        CheckProduct(backend, false, false, 40, 41, 42, 0, 0, seed: 4);
    }

    public static void SymmetricProduct(IDenseBackend backend)
    {
        foreach (int n in Sizes)
        {
            foreach (int k in new[] { 1, n, n + 40 })
            {
                for (int flags = 0; flags < 4; flags++)
                {
                    CheckSymmetricProduct(backend, (flags & 1) != 0, n, k, (flags & 2) != 0 ? 0.4 : 0);
                }
            }
        }
    }

    public static void Cholesky(IDenseBackend backend)
    {
        foreach (int n in Sizes.Append(NativeBackend.CholeskyThreshold + 1))
        {
            double[] factor = TestMatrices.Random(n, n, n);
            double[] a = Oracle.Product(false, true, n, n, n, factor, n, factor, n);
            for (int i = 0; i < n; i++)
            {
                a[i + (i * n)] += 1;
                for (int j = i + 1; j < n; j++)
                {
                    a[i + (j * n)] = double.NaN;
                }
            }

            double[] l = (double[])a.Clone();
            Assert.True(backend.TryCholesky(n, l));
            for (int j = 0; j < n; j++)
            {
                for (int i = 0; i < n; i++)
                {
                    if (i < j)
                    {
                        Assert.True(double.IsNaN(l[i + (j * n)]), "the strict upper triangle was written");
                        l[i + (j * n)] = 0;
                    }
                }
            }

            double[] back = Oracle.Product(false, true, n, n, n, l, n, l, n);
            double worst = 0;
            for (int j = 0; j < n; j++)
            {
                for (int i = j; i < n; i++)
                {
                    worst = Math.Max(worst, Math.Abs(back[i + (j * n)] - a[i + (j * n)]));
                }
            }

            Assert.True(worst <= 1e-14 * (n + 10), $"n = {n}: residual {worst:E2}");

            // The last pivot turned negative, or not a number, must be noticed.
            double[] indefinite = (double[])a.Clone();
            indefinite[(n * n) - 1] = -1;
            Assert.False(backend.TryCholesky(n, indefinite));
            double[] broken = (double[])a.Clone();
            broken[n / 2 * (n + 1)] = double.NaN;
            Assert.False(backend.TryCholesky(n, broken));
        }
    }

    public static void SymmetricEigen(IDenseBackend backend)
    {
        foreach (int n in Sizes.Append(NativeBackend.EigenThreshold + 1))
        {
            foreach ((string kind, double[] square) in TestMatrices.All(n, n))
            {
                double[] a = TestMatrices.Symmetrised(n, square);
                double[] q = (double[])a.Clone();
                var values = new double[n];
                backend.SymmetricEigen(n, q, values);
                string what = $"{backend.Name}, {kind}, n = {n}";
                for (int i = 1; i < n; i++)
                {
                    Assert.True(values[i] >= values[i - 1], $"{what}: not ascending");
                }

                AssertOrthonormal(n, n, q, what);
                AssertEqual(a, Oracle.Product(false, true, n, n, n, Scaled(n, n, q, values), n, q, n), 5e-15 * Math.Sqrt(n + 20) * values.Max(Math.Abs), what);
            }
        }
    }

    public static void SingularValues(IDenseBackend backend)
    {
        foreach (int size in Sizes)
        {
            // Of large ones, each of which takes long, the shapes that libraries tell apart
            foreach ((int m, int n) in size < 100 ? new[] { (size, size), (size + 1, size), ((2 * size) + 3, size), (size, size + 30) } : [(size, size), ((2 * size) + 3, size), (size, size + 30)])
            {
                foreach ((string kind, double[] a) in TestMatrices.All(m, n))
                {
                    int q = Math.Min(m, n);
                    double[] work = (double[])a.Clone(), u = new double[m * q], s = new double[q], vt = new double[q * n];
                    backend.SingularValueDecomposition(m, n, work, u, s, vt);
                    string what = $"{backend.Name}, {kind}, {m}×{n}";
                    for (int i = 0; i < q; i++)
                    {
                        Assert.True(s[i] >= 0 && (i == 0 || s[i] <= s[i - 1]), $"{what}: not descending");
                    }

                    var v = new double[n * q];
                    for (int j = 0; j < n; j++)
                    {
                        for (int i = 0; i < q; i++)
                        {
                            v[j + (i * n)] = vt[i + (j * q)];
                        }
                    }

                    AssertOrthonormal(m, q, u, what + " U");
                    AssertOrthonormal(n, q, v, what + " V");
                    AssertEqual(a, Oracle.Product(false, false, m, n, q, Scaled(m, q, u, s), m, vt, q), 5e-15 * Math.Sqrt(m + n + 20) * s[0], what);
                }
            }
        }
    }

    public static void NonFinite(IDenseBackend backend)
    {
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            foreach (int n in new[] { 3, NativeBackend.SingularValueThreshold + 1, NativeBackend.EigenThreshold + 1 })
            {
                double[] a = TestMatrices.Random(n, n, 1);
                a[n + 1] = bad;
                Assert.Throws<DecompositionException>(() => backend.SymmetricEigen(n, (double[])a.Clone(), new double[n]));
                Assert.Throws<DecompositionException>(() => backend.SingularValueDecomposition(n, n, (double[])a.Clone(), new double[n * n], new double[n], new double[n * n]));
            }
        }
    }

    private static double Tolerance(int n) => 2e-15 * (n + 20);

    private static (int M, int N, int K)[] Shapes(int size) =>
        size > 200 ? [(size, size, size)] : [(size, size, size), (size, 3, 40), (1, size, 9), (33, 1, size), (9, size, 1)];

    private static void CheckProduct(
        IDenseBackend backend, bool transposeA, bool transposeB, int m, int n, int k, double alpha, double beta, int seed)
    {
        int rowsA = transposeA ? k : m, columnsA = transposeA ? m : k, rowsB = transposeB ? n : k, columnsB = transposeB ? k : n;
        int lda = Math.Max(1, rowsA + 3), ldb = Math.Max(1, rowsB + 1), ldc = m + 2;
        double[] a = TestMatrices.Guarded(rowsA, columnsA, lda, seed), b = TestMatrices.Guarded(rowsB, columnsB, ldb, seed + 1);
        double[] c = TestMatrices.Guarded(m, n, ldc, seed + 2);
        if (beta == 0)
        {
            Array.Fill(c, double.NaN);
        }

        double[] expected = (double[])c.Clone();
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < m; i++)
            {
                double sum = 0;
                for (int l = 0; l < k && alpha != 0; l++)
                {
                    sum += (transposeA ? a[l + (i * lda)] : a[i + (l * lda)]) * (transposeB ? b[j + (l * ldb)] : b[l + (j * ldb)]);
                }

                expected[i + (j * ldc)] = (alpha * sum) + (beta == 0 ? 0 : beta * c[i + (j * ldc)]);
            }
        }

        backend.Multiply(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        AssertEqual(expected, c, 1e-15 * (k + 10), $"{backend.Name} {transposeA} {transposeB} {m}×{n}×{k} β = {beta}");
    }

    private static void CheckSymmetricProduct(IDenseBackend backend, bool transpose, int n, int k, double beta)
    {
        int rows = transpose ? k : n, columns = transpose ? n : k, lda = rows + 2, ldc = n + 3;
        double[] a = TestMatrices.Guarded(rows, columns, lda, n);
        double[] c = TestMatrices.Guarded(n, n, ldc, k);
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++)
            {
                c[i + (j * ldc)] = beta == 0 ? double.NaN : c[Math.Max(i, j) + (Math.Min(i, j) * ldc)];
            }
        }

        double[] expected = (double[])c.Clone();
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++)
            {
                double sum = 0;
                for (int l = 0; l < k; l++)
                {
                    sum += transpose ? a[l + (i * lda)] * a[l + (j * lda)] : a[i + (l * lda)] * a[j + (l * lda)];
                }

                expected[i + (j * ldc)] = (-2 * sum) + (beta == 0 ? 0 : beta * c[i + (j * ldc)]);
            }
        }

        backend.SymmetricProduct(transpose, n, k, -2, a, lda, beta, c, ldc);
        AssertEqual(expected, c, 3e-15 * (k + 10), $"{backend.Name} {transpose} {n}×{k} β = {beta}");
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < j; i++)
            {
                Assert.Equal(c[j + (i * ldc)], c[i + (j * ldc)]);
            }
        }
    }

    // NaN marks what must not be touched, so NaN must meet NaN.
    private static void AssertEqual(double[] expected, double[] actual, double tolerance, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = double.IsNaN(expected[i]) ? double.IsNaN(actual[i]) : Math.Abs(expected[i] - actual[i]) <= tolerance;
            if (!same)
            {
                Assert.Fail($"{what}: entry {i} is {actual[i]:R}, expected {expected[i]:R}");
            }
        }
    }

    private static void AssertOrthonormal(int rows, int columns, double[] q, string what)
    {
        double[] gram = Oracle.Product(true, false, columns, columns, rows, q, rows, q, rows);
        for (int i = 0; i < columns; i++)
        {
            gram[i + (i * columns)] -= 1;
        }

        AssertEqual(new double[columns * columns], gram, Tolerance(rows), what + " orthogonality");
    }

    private static double[] Scaled(int rows, int columns, double[] q, double[] factors)
    {
        var result = new double[rows * columns];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = q[i] * factors[i / rows];
        }

        return result;
    }
}
