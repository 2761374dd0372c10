using LayerPeeled.Solver.LinearAlgebra.Backends;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>A clock that goes on by the work of a backend only, as on a slow machine: a product of 100×100 matrices takes a second, decompositions as much longer as they do.</summary>
internal sealed class WorkClock(IDenseBackend inner) : TimeProvider, IDenseBackend
{
    private double seconds;

    public double Seconds => seconds;

    public string Name => "slow";

    public string Description => Name;

    public int Threads
    {
        get => 1;
        set => inner.Threads = 1;
    }

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => (long)(1000 * seconds);

    public void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb,
        double beta, Span<double> c, int ldc)
    {
        seconds += 1e-6 * m * n * k;
        inner.Multiply(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    }

    public void SymmetricProduct(bool transpose, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, double beta, Span<double> c, int ldc)
    {
        seconds += 0.5e-6 * n * n * k;
        inner.SymmetricProduct(transpose, n, k, alpha, a, lda, beta, c, ldc);
    }

    public void SymmetricEigen(int n, Span<double> a, Span<double> values)
    {
        seconds += 8e-6 * n * n * n;
        inner.SymmetricEigen(n, a, values);
    }

    public void SingularValueDecomposition(int m, int n, Span<double> a, Span<double> u, Span<double> s, Span<double> vt)
    {
        seconds += 15e-6 * m * n * Math.Min(m, n);
        inner.SingularValueDecomposition(m, n, a, u, s, vt);
    }

    public bool TryCholesky(int n, Span<double> a)
    {
        seconds += 0.3e-6 * n * n * n;
        return inner.TryCholesky(n, a);
    }
}
