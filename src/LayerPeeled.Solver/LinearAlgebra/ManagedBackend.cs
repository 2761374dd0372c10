using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.LinearAlgebra;

internal sealed class ManagedBackend : IDenseBackend
{
    public string Name => "managed";

    public string Description => "managed";

    public int Threads { get; set; } = 1;

    public void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k,
        double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb,
        double beta, Span<double> c, int ldc)
    {
        for (int j = 0; j < n; j++)
        {
            Span<double> column = c.Slice(j * ldc, m);
            if (beta == 0)
            {
                column.Clear();
            }
            else
            {
                System.Numerics.Tensors.TensorPrimitives.Multiply(column, beta, column);
            }

            for (int l = 0; l < k; l++)
            {
                double f = alpha * (transposeB ? b[j + (l * ldb)] : b[l + (j * ldb)]);
                if (transposeA)
                {
                    for (int i = 0; i < m; i++)
                    {
                        column[i] += f * a[l + (i * lda)];
                    }
                }
                else
                {
                    System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(a.Slice(l * lda, m), f, column, column);
                }
            }
        }
    }

    public void SymmetricProduct(bool transpose, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, double beta, Span<double> c, int ldc) =>
        Multiply(transpose, !transpose, n, n, k, alpha, a, lda, a, lda, beta, c, ldc);

    public void SymmetricEigen(int n, Span<double> a, Span<double> values)
    {
        double scale = Scale(a[..(n * n)]);
        var evd = (Matrix<double>.Build.Dense(n, n, a[..(n * n)].ToArray()) / scale).Evd(Symmetricity.Symmetric);
        evd.EigenVectors.AsColumnMajorArray().CopyTo(a);
        for (int i = 0; i < n; i++)
        {
            values[i] = evd.EigenValues[i].Real * scale;
        }
    }

    public void SingularValueDecomposition(int m, int n, Span<double> a, Span<double> u, Span<double> s, Span<double> vt)
    {
        double scale = Scale(a[..(m * n)]);
        var svd = (Matrix<double>.Build.Dense(m, n, a[..(m * n)].ToArray()) / scale).Svd();
        int q = Math.Min(m, n);
        svd.U.AsColumnMajorArray().AsSpan(0, m * q).CopyTo(u);
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < q; i++)
            {
                vt[i + (j * q)] = svd.VT[i, j];
            }
        }

        for (int i = 0; i < q; i++)
        {
            s[i] = svd.S[i] * scale;
        }
    }

    // Math.NET's decompositions have absolute thresholds: singular values of a matrix with entries near 1e-20 are wrong in the first digit.
    private static double Scale(ReadOnlySpan<double> a)
    {
        double largest = Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(a));
        return largest > 0 && double.IsFinite(largest) ? largest : 1;
    }

    public bool TryCholesky(int n, Span<double> a)
    {
        for (int j = 0; j < n; j++)
        {
            double d = a[j + (j * n)];
            for (int l = 0; l < j; l++)
            {
                d -= a[j + (l * n)] * a[j + (l * n)];
            }

            if (!(d > 0))
            {
                return false;
            }

            d = Math.Sqrt(d);
            a[j + (j * n)] = d;
            for (int i = j + 1; i < n; i++)
            {
                double v = a[i + (j * n)];
                for (int l = 0; l < j; l++)
                {
                    v -= a[i + (l * n)] * a[j + (l * n)];
                }

                a[i + (j * n)] = v / d;
            }
        }

        return true;
    }
}
