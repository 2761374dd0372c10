using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>A native library that is wrong at every n-th call, as known releases of OpenBLAS are on some processors, and worse.</summary>
internal sealed class LyingBackend(Lie lie, int every = 1) : IDenseBackend
{
    private const double Millionth = 1e-6;
    private readonly ManagedBackend inner = new() { Threads = 1 };
    private int calls;

    public string Name => "lying";

    public string Description => $"lying: {lie}";

    public int Threads
    {
        get => inner.Threads;
        set => inner.Threads = value;
    }

    /// <summary>Runs code on a lying library; what else runs beside it is left alone.</summary>
    public static T Run<T>(Lie lie, int every, Func<T> run)
    {
        var backend = new DeferredBackend(() => new ProviderSelection(new LyingBackend(lie, every), []));
        _ = backend.Selection;
        using ProviderScope scope = LinearAlgebraProvider.Pin(backend);
        return run();
    }

    public void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb,
        double beta, Span<double> c, int ldc)
    {
        inner.Multiply(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        Spoil(m, n, c, ldc);
    }

    public void SymmetricProduct(bool transpose, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, double beta, Span<double> c, int ldc)
    {
        inner.SymmetricProduct(transpose, n, k, alpha, a, lda, beta, c, ldc);
        Spoil(n, n, c, ldc);
    }

    public void SymmetricEigen(int n, Span<double> a, Span<double> values)
    {
        inner.SymmetricEigen(n, a, values);
        if (IsDue())
        {
            Spoil(a[..(n * n)], values[..n], values.Length - 1);
        }
    }

    public void SingularValueDecomposition(int m, int n, Span<double> a, Span<double> u, Span<double> s, Span<double> vt)
    {
        inner.SingularValueDecomposition(m, n, a, u, s, vt);
        if (IsDue())
        {
            int q = Math.Min(m, n);
            Spoil(u[..(m * q)], s[..q], 0);
            if (lie is Lie.Garbage or Lie.NaNValues)
            {
                vt.Fill(lie == Lie.Garbage ? 0.7 : double.NaN);
            }
        }
    }

    public bool TryCholesky(int n, Span<double> a)
    {
        if (!IsDue())
        {
            return inner.TryCholesky(n, a);
        }

        switch (lie)
        {
            case Lie.Definite:
                _ = inner.TryCholesky(n, a);
                return true;
            case Lie.Indefinite:
                return false;
            case Lie.WrongFactor:
                a.Fill(0.1);
                return true;
            case Lie.HugeFactor:
                a.Fill(1e200);
                return true;
            case Lie.NaNFactor:
                a.Fill(double.NaN);
                return true;
            case Lie.Garbage:
                a.Fill(-0.3);
                return true;
            default:
                return inner.TryCholesky(n, a);
        }
    }

    private bool IsDue() => Interlocked.Increment(ref calls) % every == 0;

    private void Spoil(Span<double> vectors, Span<double> values, int largest)
    {
        switch (lie)
        {
            case Lie.ShortValues:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] *= 1 - Millionth;
                }

                for (int i = 0; i < vectors.Length; i++)
                {
                    vectors[i] *= 1 + Millionth;
                }

                break;
            case Lie.MissedValues:
                values[largest] *= 0.3;
                break;
            case Lie.WrongVectors:
                for (int i = 1; i < vectors.Length; i += 2)
                {
                    vectors[i] += 0.01 * vectors[i - 1];
                }

                break;
            case Lie.NaNValues:
                values.Fill(double.NaN);
                vectors.Fill(double.NaN);
                break;
            case Lie.Garbage:
                values.Fill(0.7);
                vectors.Fill(-0.2);
                break;
        }
    }

    private void Spoil(int rows, int columns, Span<double> c, int ldc)
    {
        if (rows == 0 || columns == 0 || !IsDue())
        {
            return;
        }

        for (int j = 0; j < columns; j++)
        {
            for (int i = 0; i < rows; i++)
            {
                ref double entry = ref c[i + (j * ldc)];
                entry = lie switch
                {
                    Lie.WrongProducts => entry * (1 + ((i + j) % 3 == 0 ? Millionth : -Millionth)),
                    Lie.LongProducts => entry * (1 + Millionth),
                    Lie.NaNProducts => i + j == 0 ? double.NaN : entry,
                    Lie.HugeProducts => i + j == 0 ? double.MaxValue : entry,
                    Lie.Garbage => 0.5 - ((i + (2 * j)) % 3),
                    _ => entry,
                };
            }
        }
    }
}
