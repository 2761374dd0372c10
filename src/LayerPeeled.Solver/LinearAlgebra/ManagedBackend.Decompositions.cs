using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.LinearAlgebra;

internal sealed unsafe partial class ManagedBackend
{
    public void SymmetricEigen(int n, Span<double> a, Span<double> values)
    {
        var evd = Matrix<double>.Build.Dense(n, n, a.ToArray()).Evd(Symmetricity.Symmetric);
        evd.EigenVectors.AsColumnMajorArray().CopyTo(a);
        for (int i = 0; i < n; i++)
        {
            values[i] = evd.EigenValues[i].Real;
        }
    }

    public void SingularValueDecomposition(int m, int n, Span<double> a, Span<double> u, Span<double> s, Span<double> vt)
    {
        // Math.NET's iteration compares with absolute tolerances: entries of 1e-16 already come out wrong, so work at order one.
        double largest = System.Numerics.Tensors.TensorPrimitives.MaxMagnitude<double>(a[..(m * n)]);
        double scale = largest == 0 || !double.IsFinite(largest) ? 1 : Math.ScaleB(1, Math.Clamp(-Math.ILogB(largest), -1022, 1022));
        var svd = Matrix<double>.Build.Dense(m, n, a.ToArray()).Multiply(scale).Svd();
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
            s[i] = Math.Abs(svd.S[i]) / scale;
        }
    }
}
