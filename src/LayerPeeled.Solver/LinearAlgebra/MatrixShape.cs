using System.Diagnostics.CodeAnalysis;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>Checks and copies that concern the column-major layout only.</summary>
internal static unsafe class MatrixShape
{
    /// <summary>Throws unless a span of the given length holds a rows×columns matrix: the kernels behind it use pointers.</summary>
    public static void Require(int rows, int columns, int length, int ld)
    {
        if (rows < 0 || columns < 0 || ld < Math.Max(1, rows) || (rows > 0 && columns > 0 && length < ((long)ld * (columns - 1)) + rows))
        {
            Throw(rows, columns, length, ld);
        }
    }

    /// <summary>Copies the strict lower triangle into the upper one.</summary>
    public static void MirrorLower(int n, double* c, int ldc)
    {
        // 32×32 blocks: both sides of the transposition stay in the first-level cache.
        const int Block = 32;
        for (int j0 = 0; j0 < n; j0 += Block)
        {
            for (int i0 = j0; i0 < n; i0 += Block)
            {
                int iEnd = Math.Min(n, i0 + Block), jEnd = Math.Min(n, j0 + Block);
                for (int j = j0; j < jEnd; j++)
                {
                    for (int i = Math.Max(i0, j + 1); i < iEnd; i++)
                    {
                        c[j + ((long)i * ldc)] = c[i + ((long)j * ldc)];
                    }
                }
            }
        }
    }

    /// <summary>B ← Aᵀ with A m×n.</summary>
    public static void Transpose(int m, int n, double* a, int lda, double* b, int ldb)
    {
        const int Block = 16;
        for (int j0 = 0; j0 < n; j0 += Block)
        {
            for (int i0 = 0; i0 < m; i0 += Block)
            {
                int iEnd = Math.Min(m, i0 + Block), jEnd = Math.Min(n, j0 + Block);
                for (int j = j0; j < jEnd; j++)
                {
                    for (int i = i0; i < iEnd; i++)
                    {
                        b[j + ((long)i * ldb)] = a[i + ((long)j * lda)];
                    }
                }
            }
        }
    }

    [DoesNotReturn]
    private static void Throw(int rows, int columns, int length, int ld) =>
        throw new ArgumentException(
            $"A {rows}×{columns} matrix with leading dimension {ld} does not fit a buffer of {length} numbers.");
}
