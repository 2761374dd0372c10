using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>Checks and copies that concern the column-major layout only.</summary>
internal static unsafe class MatrixShape
{
    /// <summary>Largest n of an n×n matrix in one array.</summary>
    public const int LargestOrder = 46_340;

    /// <summary>Length of an array for rows×columns numbers, multiplied in 64 bits.</summary>
    /// <exception cref="InsufficientMemoryException">They are more than one array can hold.</exception>
    public static int Length(long rows, long columns = 1)
    {
        // No product of two array lengths exceeds 64 bits.
        long count = rows * columns;
        return count <= Array.MaxLength
            ? (int)count
            : throw new InsufficientMemoryException(
                $"This problem would need {sizeof(double) * (double)count / 1e9:G4} GB for one matrix of {count} numbers; an array holds {Array.MaxLength}.");
    }

    /// <summary>Throws unless a span of the given length holds a rows×columns matrix: the kernels behind it use pointers.</summary>
    public static void Require(int rows, int columns, int length, int ld)
    {
        if (rows < 0 || columns < 0 || ld < rows || (rows > 0 && columns > 0 && length < ((long)ld * (columns - 1)) + rows))
        {
            Throw(rows, columns, length, ld);
        }
    }

    /// <summary>Throws when a number is NaN or infinite: LAPACK would print to the console, or iterate for ever.</summary>
    /// <exception cref="DecompositionException">There is one.</exception>
    public static void RequireFinite(ReadOnlySpan<double> values)
    {
        // ∞ − ∞ and 0·∞ are NaN: the sum of 0·x is 0 exactly when every x is finite.
        double sum = 0;
        int i = 0;
        Vector256<double> lanes = default;
        for (; i + 4 <= values.Length; i += 4)
        {
            lanes += Vector256.Create(values.Slice(i, 4)) * 0.0;
        }

        for (; i < values.Length; i++)
        {
            sum += values[i] * 0;
        }

        if (Vector256.Sum(lanes) + sum != 0)
        {
            throw new DecompositionException("The matrix to decompose contains NaN or infinity.");
        }
    }

    /// <summary>A power of two that brings the largest entry near one; 1 when it is of moderate size (or zero) already.</summary>
    public static double PowerOfTwoScale(ReadOnlySpan<double> values)
    {
        double largest = values.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(values));
        return largest is 0 or (> 1e-30 and < 1e30) ? 1 : Math.ScaleB(1, Math.Clamp(-Math.ILogB(largest), -1022, 1022));
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
