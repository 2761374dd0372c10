using System.Buffers;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>
/// An installed Intel MKL or OpenBLAS. Sizes at which the call, or waiting for the library's threads, costs more than the work go to
/// <see cref="ManagedBackend"/>, and so do all products where the library makes less of the processor than the managed kernel does.
/// </summary>
internal sealed unsafe partial class NativeBackend : IDenseBackend
{
    // Smaller problems are as fast in managed code, or faster. Measured with OpenBLAS 0.3.21 and MKL 2020.4 on two cores.
    internal const int EigenThreshold = 250;
    internal const int SingularValueThreshold = 30;
    internal const int CholeskyThreshold = 450;

    private readonly NativeFunctions _functions;
    private readonly ManagedBackend _managed = new();

    private readonly string _library;
    private readonly bool _managedProducts;

    /// <param name="name">Short name.</param>
    /// <param name="description">The library, its version and its file.</param>
    /// <param name="functions">Its entry points.</param>
    /// <param name="weakness">Why its products are slower than the managed ones on this processor, or null.</param>
    private NativeBackend(string name, string description, NativeFunctions functions, string? weakness)
    {
        Name = name;
        _library = description;
        Description = weakness is null ? description : $"{description}; products managed, since {weakness}";
        _functions = functions;
        _managedProducts = weakness is not null;
        _managed.Threads = Threads;
    }

    /// <summary>The same library with its own products at all but the smallest sizes, whichever are faster.</summary>
    public NativeBackend WithOwnProducts() => new(Name, _library, _functions, weakness: null) { OwnProducts = true };

    /// <summary>Whether large products are its own: it makes as much of the processor as the managed kernel does.</summary>
    public bool IsAtFullStrength => !_managedProducts;

    private bool OwnProducts { get; init; }

    public string Name { get; }

    public string Description { get; }

    public int Threads
    {
        get => _functions.GetThreads == null ? _managed.Threads : Math.Max(1, _functions.GetThreads());
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _managed.Threads = value;
            if (_functions.SetThreads != null)
            {
                _functions.SetThreads(value);
            }
        }
    }

    public void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k,
        double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb,
        double beta, Span<double> c, int ldc)
    {
        long work = alpha == 0 ? 0 : (long)m * n * k;
        if (TakesManaged(work))
        {
            _managed.Multiply(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
            return;
        }

        MatrixShape.Require(transposeA ? k : m, transposeA ? m : k, a.Length, lda);
        MatrixShape.Require(transposeB ? n : k, transposeB ? k : n, b.Length, ldb);
        MatrixShape.Require(m, n, c.Length, ldc);
        fixed (double* pa = a, pb = b, pc = c)
        {
            Gemm(_functions, transposeA, transposeB, m, n, k, alpha, pa, lda, pb, ldb, beta, pc, ldc);
        }
    }

    public void SymmetricProduct(bool transpose, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, double beta, Span<double> c, int ldc)
    {
        long work = alpha == 0 ? 0 : (long)n * n * k;
        if (TakesManaged(work))
        {
            _managed.SymmetricProduct(transpose, n, k, alpha, a, lda, beta, c, ldc);
            return;
        }

        MatrixShape.Require(transpose ? k : n, transpose ? n : k, a.Length, lda);
        MatrixShape.Require(n, n, c.Length, ldc);
        fixed (double* pa = a, pc = c)
        {
            Syrk(_functions, transpose, n, k, alpha, pa, lda, beta, pc, ldc);
            MatrixShape.MirrorLower(n, pc, ldc);
        }
    }

    public void SymmetricEigen(int n, Span<double> a, Span<double> values)
    {
        if (n < EigenThreshold)
        {
            _managed.SymmetricEigen(n, a, values);
            return;
        }

        MatrixShape.Require(n, n, a.Length, n);
        MatrixShape.Require(n, 1, values.Length, n);
        MatrixShape.RequireFinite(a[..(n * n)]);
        Span<double> matrix = a[..(n * n)];
        double[] copy = ArrayPool<double>.Shared.Rent(MatrixShape.Length(n, n));
        try
        {
            matrix.CopyTo(copy);
            int info;
            fixed (double* pa = a, pw = values)
            {
                info = Syevd(_functions, n, pa, pw);
            }

            if (info != 0)
            {
                // Divide and conquer gave up; the QL iteration of the managed code is a different method.
                copy.AsSpan(0, n * n).CopyTo(matrix);
                _managed.SymmetricEigen(n, a, values);
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(copy);
        }
    }

    public void SingularValueDecomposition(int m, int n, Span<double> a, Span<double> u, Span<double> s, Span<double> vt)
    {
        int q = Math.Min(m, n);
        if (q < SingularValueThreshold)
        {
            _managed.SingularValueDecomposition(m, n, a, u, s, vt);
            return;
        }

        MatrixShape.Require(m, n, a.Length, m);
        MatrixShape.Require(m, q, u.Length, m);
        MatrixShape.Require(q, 1, s.Length, q);
        MatrixShape.Require(q, n, vt.Length, q);
        Span<double> matrix = a[..(m * n)];
        MatrixShape.RequireFinite(matrix);
        double[] copy = ArrayPool<double>.Shared.Rent(MatrixShape.Length(m, n));
        try
        {
            matrix.CopyTo(copy);
            int info;
            fixed (double* pa = a, pu = u, ps = s, pv = vt)
            {
                info = Gesdd(_functions, m, n, pa, pu, ps, pv);
            }

            if (info != 0)
            {
                copy.AsSpan(0, m * n).CopyTo(matrix);
                _managed.SingularValueDecomposition(m, n, a, u, s, vt);
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(copy);
        }
    }

    public bool TryCholesky(int n, Span<double> a)
    {
        if (n < CholeskyThreshold)
        {
            return _managed.TryCholesky(n, a);
        }

        MatrixShape.Require(n, n, a.Length, n);
        fixed (double* pa = a)
        {
            if (Potrf(_functions, n, pa) != 0)
            {
                return false;
            }
        }

        // A NaN or an overflow below the diagonal reaches a later diagonal entry without failing the pivot test there.
        for (int j = 0; j < n; j++)
        {
            double pivot = a[j + (j * n)];
            if (!(pivot > 0) || double.IsPositiveInfinity(pivot))
            {
                return false;
            }
        }

        return true;
    }

    // Small products, and those that the library would share between threads although waiting for them costs more than it saves; whatever the
    // number of threads is just now, so that results do not depend on it.
    private bool TakesManaged(long work)
    {
        bool managed = !OwnProducts && (_managedProducts || (work < ManagedBackend.ParallelWork && Environment.ProcessorCount > 1));
        if (managed && work >= ManagedBackend.ParallelWork)
        {
            // The library's own count is the truth: the application may have set it there.
            _managed.Threads = Threads;
        }

        return managed || work <= SmallProduct.MaximumWork;
    }
}
