using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>
/// Dense kernels without a native library: packed products on vector registers, and decompositions built on them.
/// Results do not depend on <see cref="Threads"/>, bit for bit.
/// </summary>
internal sealed unsafe partial class ManagedBackend : IDenseBackend
{
    // Below this many multiplications waking a second thread costs more than it saves.
    public const long ParallelWork = 150L * 150 * 150;

    private static readonly ManagedBackend SingleThreaded = new() { Threads = 1 };
    private readonly MicroKernel _kernel;
    private int _threads = Environment.ProcessorCount;

    public ManagedBackend()
        : this(MicroKernel.Best)
    {
    }

    internal ManagedBackend(MicroKernel kernel) => _kernel = kernel;

    /// <summary>Products of n×n matrices whose rounding errors are known (<see cref="ProductDepth"/>), and decompositions, whatever native library is in use; on as many threads as the provider in use.</summary>
    public static ManagedBackend ForProofs(int n) =>
        (long)n * n * n < ParallelWork ? SingleThreaded : new ManagedBackend { Threads = LinearAlgebraProvider.Backend.Threads };

    /// <summary>
    /// How many roundings come one after another in any entry of an m×n product over k terms, its addition to C included: fewer than k where the terms
    /// are summed in blocks. The entry is off by at most γ of it times the product of the absolute values (Higham, section 3.5).
    /// </summary>
    public static int ProductDepth(int m, int n, int k) =>
        4 + (n == 1 || (long)m * n * k <= SmallProduct.MaximumWork ? k : Math.Min(k, PackedProduct.Depth) + (k / PackedProduct.Depth));

    public string Name => "managed";

    public string Description => $"managed: packed {_kernel.Name} products, blocked decompositions";

    public int Threads
    {
        get => Volatile.Read(ref _threads);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Volatile.Write(ref _threads, value);
        }
    }

    public void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k,
        double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb,
        double beta, Span<double> c, int ldc)
    {
        MatrixShape.Require(transposeA ? k : m, transposeA ? m : k, a.Length, lda);
        MatrixShape.Require(transposeB ? n : k, transposeB ? k : n, b.Length, ldb);
        MatrixShape.Require(m, n, c.Length, ldc);
        fixed (double* pa = a, pb = b, pc = c)
        {
            Multiply(transposeA, transposeB, m, n, k, alpha, pa, lda, pb, ldb, beta, pc, ldc);
        }
    }

    public void SymmetricProduct(bool transpose, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, double beta, Span<double> c, int ldc)
    {
        MatrixShape.Require(transpose ? k : n, transpose ? n : k, a.Length, lda);
        MatrixShape.Require(n, n, c.Length, ldc);
        fixed (double* pa = a, pc = c)
        {
            if ((long)n * n * k <= SmallProduct.MaximumWork)
            {
                Multiply(transpose, !transpose, n, n, k, alpha, pa, lda, pa, lda, beta, pc, ldc);
            }
            else
            {
                MultiplyLower(transpose, !transpose, n, k, alpha, pa, lda, pa, lda, beta, pc, ldc);
            }

            MatrixShape.MirrorLower(n, pc, ldc);
        }
    }

    private void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k,
        double alpha, double* a, int lda, double* b, int ldb, double beta, double* c, int ldc)
    {
        if (m == 0 || n == 0)
        {
            return;
        }

        if (k == 0 || alpha == 0)
        {
            for (int j = 0; j < n; j++)
            {
                VectorProduct.Scale(m, beta, c + ((long)j * ldc));
            }

            return;
        }

        if (SmallProduct.TryRun(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc))
        {
            return;
        }

        long work = (long)m * n * k;
        int threads = work < ParallelWork ? 1 : Threads;
        if (threads == 1)
        {
            PackedProduct.Run(_kernel, transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        }
        else
        {
            MultiplyParallel(threads, transposeA, transposeB, m, n, k, alpha, (nint)a, lda, (nint)b, ldb, beta, (nint)c, ldc);
        }
    }

    private void MultiplyParallel(
        int threads, bool transposeA, bool transposeB, int m, int n, int k,
        double alpha, nint a, int lda, nint b, int ldb, double beta, nint c, int ldc)
    {
        // The grid of parts nearest to square tiles of C: a part repacks its own rows of A and columns of B.
        int parts = (int)Math.Min(threads, (long)m * n * k / (ParallelWork / 4));
        int across = Math.Clamp((int)Math.Round(Math.Sqrt(parts * (double)n / m)), 1, parts);
        int down = parts / across;
        Parallel.For(0, down * across, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            (int i0, int i1) = Share(m, _kernel.Rows, part % down, down);
            (int j0, int j1) = Share(n, _kernel.Columns, part / down, across);
            if (i1 > i0 && j1 > j0)
            {
                PackedProduct.Run(
                    _kernel, transposeA, transposeB, i1 - i0, j1 - j0, k, alpha,
                    (double*)a + (transposeA ? (long)i0 * lda : i0), lda,
                    (double*)b + (transposeB ? j0 : (long)j0 * ldb), ldb,
                    beta, (double*)c + i0 + ((long)j0 * ldc), ldc);
            }
        });
    }

    /// <summary>Lower triangle of C ← α·op(A)·op(B) + β·C, C n×n; the strict upper triangle is neither read nor written.</summary>
    private void MultiplyLower(
        bool transposeA, bool transposeB, int n, int k,
        double alpha, double* a, int lda, double* b, int ldb, double beta, double* c, int ldc)
    {
        if (n == 0)
        {
            return;
        }

        if (k == 0 || alpha == 0)
        {
            for (int j = 0; j < n; j++)
            {
                VectorProduct.Scale(n - j, beta, c + j + ((long)j * ldc));
            }

            return;
        }

        int threads = (long)n * n * k / 2 < ParallelWork ? 1 : Threads;
        if (threads == 1)
        {
            PackedProduct.Run(_kernel, transposeA, transposeB, n, n, k, alpha, a, lda, b, ldb, beta, c, ldc, lowerOnly: true);
        }
        else
        {
            MultiplyLowerParallel(threads, transposeA, transposeB, n, k, alpha, (nint)a, lda, (nint)b, ldb, beta, (nint)c, ldc);
        }
    }

    private void MultiplyLowerParallel(
        int threads, bool transposeA, bool transposeB, int n, int k,
        double alpha, nint a, int lda, nint b, int ldb, double beta, nint c, int ldc)
    {
        // Column strips of equal area below the diagonal: the part right of column x is (n − x)²/2.
        // Strips start at multiples of both tile sizes, so that the tiles are those of the serial product.
        int step = _kernel.Rows * _kernel.Columns;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            int j0 = Boundary(part), j1 = Boundary(part + 1);
            if (j1 > j0)
            {
                PackedProduct.Run(
                    _kernel, transposeA, transposeB, n - j0, j1 - j0, k, alpha,
                    (double*)a + (transposeA ? (long)j0 * lda : j0), lda,
                    (double*)b + (transposeB ? j0 : (long)j0 * ldb), ldb,
                    beta, (double*)c + j0 + ((long)j0 * ldc), ldc, lowerOnly: true);
            }
        });

        int Boundary(int part) =>
            part == threads ? n : (int)Math.Round(n * (1 - Math.Sqrt(1 - ((double)part / threads))) / step) * step;
    }

    private static (int Start, int End) Share(int length, int tile, int part, int parts)
    {
        long tiles = (length + tile - 1) / tile;
        return ((int)Math.Min(length, tiles * part / parts * tile), (int)Math.Min(length, tiles * (part + 1) / parts * tile));
    }
}
