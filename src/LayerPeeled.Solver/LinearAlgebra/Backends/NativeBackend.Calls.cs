using System.Buffers;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <content>The calls themselves: option letters, workspaces, return codes.</content>
internal sealed unsafe partial class NativeBackend
{
    private static void Gemm(
        NativeFunctions f, bool transposeA, bool transposeB, int m, int n, int k,
        double alpha, double* a, int lda, double* b, int ldb, double beta, double* c, int ldc) =>
        f.Gemm(
            NativeFunctions.ColumnMajor, transposeA ? NativeFunctions.Transposed : NativeFunctions.Plain,
            transposeB ? NativeFunctions.Transposed : NativeFunctions.Plain, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);

    private static void Syrk(NativeFunctions f, bool transpose, int n, int k, double alpha, double* a, int lda, double beta, double* c, int ldc) =>
        f.Syrk(
            NativeFunctions.ColumnMajor, NativeFunctions.Lower, transpose ? NativeFunctions.Transposed : NativeFunctions.Plain,
            n, k, alpha, a, lda, beta, c, ldc);

    /// <summary>0, or a positive number when the iteration did not converge.</summary>
    private static int Gesdd(NativeFunctions f, int m, int n, double* a, double* u, double* s, double* vt)
    {
        byte job = (byte)'S';
        int q = Math.Min(m, n), info = 0, query = -1;
        double size = 0;
        int[] integers = ArrayPool<int>.Shared.Rent(8 * q);
        fixed (int* iwork = integers)
        {
            f.Gesdd(&job, &m, &n, a, &m, s, u, &m, vt, &q, &size, &query, iwork, &info, 1);
            Check("dgesdd", info);
            int length = WorkLength(size);
            double[] doubles = ArrayPool<double>.Shared.Rent(length);
            fixed (double* work = doubles)
            {
                f.Gesdd(&job, &m, &n, a, &m, s, u, &m, vt, &q, work, &length, iwork, &info, 1);
            }

            ArrayPool<double>.Shared.Return(doubles);
        }

        ArrayPool<int>.Shared.Return(integers);
        Check("dgesdd", info);
        return info;
    }

    /// <summary>0, or a positive number when the iteration did not converge.</summary>
    private static int Syevd(NativeFunctions f, int n, double* a, double* values)
    {
        byte job = (byte)'V', triangle = (byte)'L';
        int info = 0, query = -1, integerLength = 0;
        double size = 0;
        f.Syevd(&job, &triangle, &n, a, &n, values, &size, &query, &integerLength, &query, &info, 1, 1);
        Check("dsyevd", info);
        int length = WorkLength(size);
        double[] doubles = ArrayPool<double>.Shared.Rent(length);
        int[] integers = ArrayPool<int>.Shared.Rent(integerLength);
        fixed (double* work = doubles)
        {
            fixed (int* iwork = integers)
            {
                f.Syevd(&job, &triangle, &n, a, &n, values, work, &length, iwork, &integerLength, &info, 1, 1);
            }
        }

        ArrayPool<int>.Shared.Return(integers);
        ArrayPool<double>.Shared.Return(doubles);
        Check("dsyevd", info);
        return info;
    }

    /// <summary>0, or the order of the first minor that is not positive definite.</summary>
    private static int Potrf(NativeFunctions f, int n, double* a)
    {
        byte triangle = (byte)'L';
        int info = 0;
        f.Potrf(&triangle, &n, a, &n, &info, 1);
        Check("dpotrf", info);
        return info;
    }

    private static int WorkLength(double reported) =>
        reported < int.MaxValue
            ? Math.Max(1, (int)reported)
            : throw new DecompositionException($"The workspace of {reported:G4} numbers is beyond a 32-bit LAPACK; use the managed provider for this size.");

    private static void Check(string routine, int info)
    {
        if (info < 0)
        {
            throw new InvalidOperationException($"{routine} rejected its argument {-info}.");
        }
    }
}
