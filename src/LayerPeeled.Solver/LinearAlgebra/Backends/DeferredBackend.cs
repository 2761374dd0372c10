using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>
/// The provider chosen, set up at the first call that is large enough for it: a process with small problems only never loads a native library. All
/// providers leave the sizes below to the managed code, so results do not depend on when that is.
/// </summary>
internal sealed class DeferredBackend(Func<ProviderSelection> choose) : IDenseBackend
{
    // Smaller products are managed in every provider: waiting for a library's threads costs more than it saves. See NativeBackend.
    private static readonly long SmallWork = Environment.ProcessorCount > 1 ? ManagedBackend.ParallelWork - 1 : SmallProduct.MaximumWork;

    private readonly ManagedBackend _managed = new();
    private readonly Lazy<ProviderSelection> _selection = new(choose);

    /// <summary>Makes the choice, if it has not been made yet.</summary>
    public ProviderSelection Selection => _selection.Value;

    /// <summary>The backend behind, or null while no choice has been made.</summary>
    public IDenseBackend? Loaded => _selection.IsValueCreated ? _selection.Value.Backend : null;

    public string Name => Selection.Backend.Name;

    public string Description => Selection.Backend.Description;

    public int Threads
    {
        get => Selection.Backend.Threads;
        set => Selection.Backend.Threads = value;
    }

    public void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k,
        double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb,
        double beta, Span<double> c, int ldc) =>
        For((long)m * n * k <= SmallWork).Multiply(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);

    public void SymmetricProduct(bool transpose, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, double beta, Span<double> c, int ldc) =>
        For((long)n * n * k <= SmallWork).SymmetricProduct(transpose, n, k, alpha, a, lda, beta, c, ldc);

    public void SymmetricEigen(int n, Span<double> a, Span<double> values) =>
        For(n < NativeBackend.EigenThreshold).SymmetricEigen(n, a, values);

    public void SingularValueDecomposition(int m, int n, Span<double> a, Span<double> u, Span<double> s, Span<double> vt) =>
        For(Math.Min(m, n) < NativeBackend.SingularValueThreshold).SingularValueDecomposition(m, n, a, u, s, vt);

    public bool TryCholesky(int n, Span<double> a) => For(n < NativeBackend.CholeskyThreshold).TryCholesky(n, a);

    // Products this small are never shared between threads.
    private IDenseBackend For(bool small) => Loaded ?? (small ? _managed : Selection.Backend);
}
