using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>
/// A backend whose decompositions fail from the n-th on, or at the n-th only. In use for the whole process once installed, but failing only in the code
/// that a test runs in a <see cref="Failing"/> scope: other tests may run beside it.
/// </summary>
internal sealed class FailingBackend(IDenseBackend inner) : IDenseBackend
{
    private static readonly AsyncLocal<Schedule?> Current = new();
    private static readonly Lock Gate = new();

    public string Name => inner.Name;

    public string Description => inner.Description;

    public int Threads
    {
        get => inner.Threads;
        set => inner.Threads = value;
    }

    /// <summary>Runs code in which decompositions fail.</summary>
    /// <param name="first">The decomposition to fail, from 1.</param>
    /// <param name="always">Whether all after it fail too.</param>
    /// <param name="run">The code.</param>
    /// <returns>What the code returns, and whether there were so many decompositions that one failed.</returns>
    public static (T Result, bool HasFailed) Failing<T>(int first, bool always, Func<T> run)
    {
        lock (Gate)
        {
            IReadOnlyList<LinearAlgebraCandidate> candidates = LinearAlgebraProvider.Candidates;
            var deferred = (DeferredBackend)LinearAlgebraProvider.Backend;
            if (deferred.Selection.Backend is not FailingBackend)
            {
                LinearAlgebraProvider.Install(new ProviderSelection(new FailingBackend(deferred.Selection.Backend), candidates));
            }
        }

        var schedule = new Schedule(first, always);
        Current.Value = schedule;
        try
        {
            return (run(), schedule.HasFailed);
        }
        finally
        {
            Current.Value = null;
        }
    }

    public void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb,
        double beta, Span<double> c, int ldc) => inner.Multiply(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);

    public void SymmetricProduct(bool transpose, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, double beta, Span<double> c, int ldc) =>
        inner.SymmetricProduct(transpose, n, k, alpha, a, lda, beta, c, ldc);

    public void SymmetricEigen(int n, Span<double> a, Span<double> values)
    {
        Current.Value?.Count();
        inner.SymmetricEigen(n, a, values);
    }

    public void SingularValueDecomposition(int m, int n, Span<double> a, Span<double> u, Span<double> s, Span<double> vt)
    {
        Current.Value?.Count();
        inner.SingularValueDecomposition(m, n, a, u, s, vt);
    }

    public bool TryCholesky(int n, Span<double> a) => inner.TryCholesky(n, a);

    private sealed class Schedule(int first, bool always)
    {
        private int count;

        public bool HasFailed { get; private set; }

        public void Count()
        {
            int number = Interlocked.Increment(ref count);
            if (number == first || (always && number > first))
            {
                HasFailed = true;
                throw new DecompositionException($"Decomposition {number} was made to fail.");
            }
        }
    }
}
