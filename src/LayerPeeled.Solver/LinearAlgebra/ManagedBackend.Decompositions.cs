using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.LinearAlgebra;

internal sealed unsafe partial class ManagedBackend
{
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
}
