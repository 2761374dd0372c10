namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <content>Tiny problems with known answers, run once at load.</content>
internal sealed unsafe partial class NativeBackend
{
    private const double SelfTestTolerance = 1e-13;

    /// <summary>Null when the library computes what it should with 32-bit integers; else what was wrong.</summary>
    private static string? FindFault(NativeFunctions f)
    {
        if (!HasNarrowIntegers(f))
        {
            return "it expects 64-bit integers, or its Cholesky factorisation is wrong";
        }

        // [1 3; 2 4]ᵀ·[5 7; 6 8] with column-major storage: [17 23; 39 53].
        double* a = stackalloc double[] { 1, 2, 3, 4 };
        double* b = stackalloc double[] { 5, 6, 7, 8 };
        double* c = stackalloc double[] { double.NaN, double.NaN, double.NaN, double.NaN };
        Gemm(f, true, false, 2, 2, 2, 1, a, 2, b, 2, 0, c, 2);
        if (!Close(c, 17, 39, 23, 53))
        {
            return "a 2×2 product is wrong";
        }

        // [1 3; 2 4]·[1 3; 2 4]ᵀ = [10 14; 14 20]; the upper triangle is not written.
        new Span<double>(c, 4).Fill(-1);
        Syrk(f, false, 2, 2, 1, a, 2, 0, c, 2);
        if (!Close(c, 10, 14, -1, 20))
        {
            return "a 2×2 symmetric product is wrong";
        }

        // Eigenvalues of [2 1; 1 2] are 1 and 3.
        double* symmetric = stackalloc double[] { 2, 1, 1, 2 };
        double* values = stackalloc double[2];
        if (Syevd(f, 2, symmetric, values) != 0 || !(Math.Abs(values[0] - 1) + Math.Abs(values[1] - 3) < SelfTestTolerance))
        {
            return "a 2×2 symmetric eigenproblem is wrong";
        }

        // A 3×2 matrix with orthogonal columns of lengths 2 and 5; U·diag(s)·Vᵀ must give it back.
        double* tall = stackalloc double[] { 0, 2, 0, 3, 0, 4 };
        double* u = stackalloc double[6];
        double* vt = stackalloc double[4];
        if (Gesdd(f, 3, 2, tall, u, values, vt) != 0 || !(Math.Abs(values[0] - 5) + Math.Abs(values[1] - 2) < SelfTestTolerance))
        {
            return "a 3×2 singular value problem is wrong";
        }

        double first = (u[0] * 5 * vt[2]) + (u[3] * 2 * vt[3]);
        return Math.Abs(first - 3) < SelfTestTolerance ? null : "the singular vectors of a 3×2 matrix are wrong";
    }

    /// <summary>
    /// Cholesky of [4 2; 2 3], the order passed as a 32-bit 2 followed by a 32-bit −1: a library with 64-bit integers reads a negative
    /// order there and refuses it instead of running off the end of the matrix.
    /// </summary>
    private static bool HasNarrowIntegers(NativeFunctions f)
    {
        byte triangle = (byte)'L';
        int* order = stackalloc int[] { 2, -1 };
        int* info = stackalloc int[] { 0, 0 };
        double* a = stackalloc double[] { 4, 2, double.NaN, 3 };
        f.Potrf(&triangle, order, a, order, info, 1);
        return info[0] == 0 && Math.Abs(a[0] - 2) + Math.Abs(a[1] - 1) + Math.Abs(a[3] - Math.Sqrt(2)) < SelfTestTolerance;
    }

    private static bool Close(double* c, double c0, double c1, double c2, double c3) =>
        Math.Abs(c[0] - c0) + Math.Abs(c[1] - c1) + Math.Abs(c[2] - c2) + Math.Abs(c[3] - c3) < SelfTestTolerance;
}
