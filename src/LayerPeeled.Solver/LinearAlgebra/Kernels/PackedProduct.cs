using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>
/// Blocked matrix product after Goto and van de Geijn: a slab of B stays in the outer cache, a block of A in the middle one, both
/// repacked so that <see cref="MicroKernel"/> reads them in order. Every entry of C is summed in one fixed order,
/// so splitting the work by rows and columns of tiles does not change a bit of the result.
/// </summary>
internal static unsafe class PackedProduct
{
    /// <summary>Terms that are summed before they are added to an entry of C.</summary>
    public const int Depth = 256;

    private const int BlockRows = 192;
    private const int SlabColumns = 1920;

    /// <summary>
    /// C ← α·op(A)·op(B) + β·C on this thread. With <paramref name="lowerOnly"/> entries (i, j) with
    /// i + <paramref name="rowOffset"/> &lt; j are neither read nor written.
    /// </summary>
    public static void Run(
        MicroKernel kernel, bool transposeA, bool transposeB, int m, int n, int k,
        double alpha, double* a, int lda, double* b, int ldb, double beta, double* c, int ldc,
        bool lowerOnly = false, int rowOffset = 0)
    {
        int mr = kernel.Rows, nr = kernel.Columns;
        int slab = Math.Min(RoundUp(n, nr), SlabColumns), rows = Math.Min(RoundUp(m, mr), BlockRows), depth = Math.Min(k, Depth);
        double[] rented = ArrayPool<double>.Shared.Rent(((slab + rows) * depth) + 8);
        fixed (double* buffer = rented)
        {
            // Rented arrays start 16 bytes after an 8-byte boundary; whole cache lines load faster.
            double* packedA = (double*)(((nint)buffer + 63) & ~(nint)63);
            double* packedB = packedA + ((long)rows * depth);
            for (int j0 = 0; j0 < n; j0 += SlabColumns)
            {
                int nc = Math.Min(SlabColumns, n - j0);
                for (int l0 = 0; l0 < k; l0 += Depth)
                {
                    int kc = Math.Min(Depth, k - l0);
                    double factor = l0 == 0 ? beta : 1;
                    Pack(transposeB, nr, nc, kc, transposeB ? b + j0 + ((long)l0 * ldb) : b + l0 + ((long)j0 * ldb), ldb, packedB);
                    for (int i0 = 0; i0 < m; i0 += BlockRows)
                    {
                        int mc = Math.Min(BlockRows, m - i0);
                        if (lowerOnly && i0 + mc - 1 + rowOffset < j0)
                        {
                            continue;
                        }

                        Pack(!transposeA, mr, mc, kc, transposeA ? a + l0 + ((long)i0 * lda) : a + i0 + ((long)l0 * lda), lda, packedA);
                        Block(kernel, mc, nc, kc, alpha, packedA, packedB, factor, c + i0 + ((long)j0 * ldc), ldc,
                            lowerOnly ? i0 + rowOffset - j0 : int.MaxValue);
                    }
                }
            }
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    // Entries with i + diagonal < j are left alone; diagonal = int.MaxValue means all of C is wanted.
    [SkipLocalsInit]
    private static void Block(
        MicroKernel kernel, int m, int n, int k, double alpha, double* a, double* b, double beta, double* c, int ldc, int diagonal)
    {
        int mr = kernel.Rows, nr = kernel.Columns;
        double* tile = stackalloc double[16 * 8];
        for (int j = 0; j < n; j += nr)
        {
            int columns = Math.Min(nr, n - j);
            for (int i = 0; i < m; i += mr)
            {
                int rows = Math.Min(mr, m - i);
                double* target = c + i + ((long)j * ldc);
                bool all = diagonal == int.MaxValue || i + diagonal >= j + columns - 1;
                if (!all && i + rows - 1 + diagonal < j)
                {
                    continue;
                }

                if (all && rows == mr && columns == nr)
                {
                    kernel.Run(k, a + ((long)i * k), b + ((long)j * k), alpha, beta, target, ldc);
                    continue;
                }

                kernel.Run(k, a + ((long)i * k), b + ((long)j * k), alpha, 0, tile, mr);
                for (int q = 0; q < columns; q++)
                {
                    for (int p = all ? 0 : Math.Max(0, j + q - i - diagonal); p < rows; p++)
                    {
                        double* entry = target + p + ((long)q * ldc);
                        double value = tile[p + (q * mr)];
                        *entry = beta == 0 ? value : double.MultiplyAddEstimate(beta, *entry, value);
                    }
                }
            }
        }
    }

    /// <summary>
    /// Cuts <paramref name="count"/> vectors of length <paramref name="k"/> into panels of <paramref name="width"/>, element l of all
    /// vectors of a panel side by side, zeros in the missing ones. <paramref name="adjacent"/> says that the vectors
    /// lie side by side in memory already (else each is contiguous).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(bool adjacent, int width, int count, int k, double* source, int ld, double* target)
    {
        for (int first = 0; first < count; first += width, target += (long)width * k)
        {
            int here = Math.Min(width, count - first);
            if (here < width)
            {
                new Span<double>(target, width * k).Clear();
            }

            if (adjacent)
            {
                double* from = source + first;
                double* to = target;
                for (int l = 0; l < k; l++, from += ld, to += width)
                {
                    int i = 0;
                    for (; i + 4 <= here; i += 4)
                    {
                        Vector256.Load(from + i).Store(to + i);
                    }

                    for (; i < here; i++)
                    {
                        to[i] = from[i];
                    }
                }

                continue;
            }

            int v = 0;
            for (; v + 4 <= here; v += 4)
            {
                double* s0 = source + ((long)(first + v) * ld);
                double* s1 = s0 + ld;
                double* s2 = s1 + ld;
                double* s3 = s2 + ld;
                double* to = target + v;
                for (int l = 0; l < k; l++, to += width)
                {
                    Vector256.Create(s0[l], s1[l], s2[l], s3[l]).Store(to);
                }
            }

            for (; v < here; v++)
            {
                double* s0 = source + ((long)(first + v) * ld);
                double* to = target + v;
                for (int l = 0; l < k; l++, to += width)
                {
                    *to = s0[l];
                }
            }
        }
    }
}
