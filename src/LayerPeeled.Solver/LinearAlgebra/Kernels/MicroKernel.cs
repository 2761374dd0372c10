using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>
/// The innermost loop of the packed product: C ← α·A·B + β·C for one register tile, where A is a packed panel of
/// <see cref="Rows"/> rows and B a packed panel of <see cref="Columns"/> columns, both of depth k. β = 0 does not read C.
/// </summary>
internal sealed unsafe class MicroKernel
{
    private MicroKernel(string name, int rows, int columns, delegate*<int, double*, double*, double, double, double*, int, void> run)
    {
        Name = name;
        Rows = rows;
        Columns = columns;
        Run = run;
    }

    /// <summary>The instruction width the kernel is written for.</summary>
    public string Name { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Arguments: k, packed A, packed B, α, β, C, leading dimension of C.</summary>
    public delegate*<int, double*, double*, double, double, double*, int, void> Run { get; }

    public static MicroKernel Wide { get; } = new("512-bit", 16, 8, &Tile512);

    public static MicroKernel Medium { get; } = new("256-bit", 8, 6, &Tile256);

    public static MicroKernel Narrow { get; } = new("128-bit", 4, 4, &Tile128);

    /// <summary>The widest kernel the processor runs at full speed.</summary>
    public static MicroKernel Best { get; } =
        Vector512.IsHardwareAccelerated ? Wide : Vector256.IsHardwareAccelerated ? Medium : Narrow;

    // 2×8 accumulators: two 512-bit FMA units of latency 4 need at least eight independent chains.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile512(int k, double* a, double* b, double alpha, double beta, double* c, int ldc)
    {
        Vector512<double> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default, p6 = default, p7 = default;
        Vector512<double> q0 = default, q1 = default, q2 = default, q3 = default, q4 = default, q5 = default, q6 = default, q7 = default;
        for (; k > 0; k--)
        {
            Vector512<double> x = Vector512.Load(a), y = Vector512.Load(a + 8), f;
            f = Vector512.Create(b[0]);
            p0 = Vector512.MultiplyAddEstimate(x, f, p0);
            q0 = Vector512.MultiplyAddEstimate(y, f, q0);
            f = Vector512.Create(b[1]);
            p1 = Vector512.MultiplyAddEstimate(x, f, p1);
            q1 = Vector512.MultiplyAddEstimate(y, f, q1);
            f = Vector512.Create(b[2]);
            p2 = Vector512.MultiplyAddEstimate(x, f, p2);
            q2 = Vector512.MultiplyAddEstimate(y, f, q2);
            f = Vector512.Create(b[3]);
            p3 = Vector512.MultiplyAddEstimate(x, f, p3);
            q3 = Vector512.MultiplyAddEstimate(y, f, q3);
            f = Vector512.Create(b[4]);
            p4 = Vector512.MultiplyAddEstimate(x, f, p4);
            q4 = Vector512.MultiplyAddEstimate(y, f, q4);
            f = Vector512.Create(b[5]);
            p5 = Vector512.MultiplyAddEstimate(x, f, p5);
            q5 = Vector512.MultiplyAddEstimate(y, f, q5);
            f = Vector512.Create(b[6]);
            p6 = Vector512.MultiplyAddEstimate(x, f, p6);
            q6 = Vector512.MultiplyAddEstimate(y, f, q6);
            f = Vector512.Create(b[7]);
            p7 = Vector512.MultiplyAddEstimate(x, f, p7);
            q7 = Vector512.MultiplyAddEstimate(y, f, q7);
            a += 16;
            b += 8;
        }

        Store(c, alpha, beta, p0, q0);
        Store(c + ldc, alpha, beta, p1, q1);
        Store(c + (2L * ldc), alpha, beta, p2, q2);
        Store(c + (3L * ldc), alpha, beta, p3, q3);
        Store(c + (4L * ldc), alpha, beta, p4, q4);
        Store(c + (5L * ldc), alpha, beta, p5, q5);
        Store(c + (6L * ldc), alpha, beta, p6, q6);
        Store(c + (7L * ldc), alpha, beta, p7, q7);
    }

    // 2×6 accumulators, two panels of A and one broadcast: fifteen of the sixteen 256-bit registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile256(int k, double* a, double* b, double alpha, double beta, double* c, int ldc)
    {
        Vector256<double> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default;
        Vector256<double> q0 = default, q1 = default, q2 = default, q3 = default, q4 = default, q5 = default;
        for (; k > 0; k--)
        {
            Vector256<double> x = Vector256.Load(a), y = Vector256.Load(a + 4), f;
            f = Vector256.Create(b[0]);
            p0 = Vector256.MultiplyAddEstimate(x, f, p0);
            q0 = Vector256.MultiplyAddEstimate(y, f, q0);
            f = Vector256.Create(b[1]);
            p1 = Vector256.MultiplyAddEstimate(x, f, p1);
            q1 = Vector256.MultiplyAddEstimate(y, f, q1);
            f = Vector256.Create(b[2]);
            p2 = Vector256.MultiplyAddEstimate(x, f, p2);
            q2 = Vector256.MultiplyAddEstimate(y, f, q2);
            f = Vector256.Create(b[3]);
            p3 = Vector256.MultiplyAddEstimate(x, f, p3);
            q3 = Vector256.MultiplyAddEstimate(y, f, q3);
            f = Vector256.Create(b[4]);
            p4 = Vector256.MultiplyAddEstimate(x, f, p4);
            q4 = Vector256.MultiplyAddEstimate(y, f, q4);
            f = Vector256.Create(b[5]);
            p5 = Vector256.MultiplyAddEstimate(x, f, p5);
            q5 = Vector256.MultiplyAddEstimate(y, f, q5);
            a += 8;
            b += 6;
        }

        Store(c, alpha, beta, p0, q0);
        Store(c + ldc, alpha, beta, p1, q1);
        Store(c + (2L * ldc), alpha, beta, p2, q2);
        Store(c + (3L * ldc), alpha, beta, p3, q3);
        Store(c + (4L * ldc), alpha, beta, p4, q4);
        Store(c + (5L * ldc), alpha, beta, p5, q5);
    }

    // For 128-bit machines (Arm, old x86) and, through the runtime's scalar fallback, for every other one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile128(int k, double* a, double* b, double alpha, double beta, double* c, int ldc)
    {
        Vector128<double> p0 = default, p1 = default, p2 = default, p3 = default;
        Vector128<double> q0 = default, q1 = default, q2 = default, q3 = default;
        for (; k > 0; k--)
        {
            Vector128<double> x = Vector128.Load(a), y = Vector128.Load(a + 2), f;
            f = Vector128.Create(b[0]);
            p0 = Vector128.MultiplyAddEstimate(x, f, p0);
            q0 = Vector128.MultiplyAddEstimate(y, f, q0);
            f = Vector128.Create(b[1]);
            p1 = Vector128.MultiplyAddEstimate(x, f, p1);
            q1 = Vector128.MultiplyAddEstimate(y, f, q1);
            f = Vector128.Create(b[2]);
            p2 = Vector128.MultiplyAddEstimate(x, f, p2);
            q2 = Vector128.MultiplyAddEstimate(y, f, q2);
            f = Vector128.Create(b[3]);
            p3 = Vector128.MultiplyAddEstimate(x, f, p3);
            q3 = Vector128.MultiplyAddEstimate(y, f, q3);
            a += 4;
            b += 4;
        }

        Store(c, alpha, beta, p0, q0);
        Store(c + ldc, alpha, beta, p1, q1);
        Store(c + (2L * ldc), alpha, beta, p2, q2);
        Store(c + (3L * ldc), alpha, beta, p3, q3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* c, double alpha, double beta, Vector512<double> p, Vector512<double> q)
    {
        p *= alpha;
        q *= alpha;
        if (beta != 0)
        {
            p = Vector512.MultiplyAddEstimate(Vector512.Create(beta), Vector512.Load(c), p);
            q = Vector512.MultiplyAddEstimate(Vector512.Create(beta), Vector512.Load(c + 8), q);
        }

        p.Store(c);
        q.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* c, double alpha, double beta, Vector256<double> p, Vector256<double> q)
    {
        p *= alpha;
        q *= alpha;
        if (beta != 0)
        {
            p = Vector256.MultiplyAddEstimate(Vector256.Create(beta), Vector256.Load(c), p);
            q = Vector256.MultiplyAddEstimate(Vector256.Create(beta), Vector256.Load(c + 4), q);
        }

        p.Store(c);
        q.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* c, double alpha, double beta, Vector128<double> p, Vector128<double> q)
    {
        p *= alpha;
        q *= alpha;
        if (beta != 0)
        {
            p = Vector128.MultiplyAddEstimate(Vector128.Create(beta), Vector128.Load(c), p);
            q = Vector128.MultiplyAddEstimate(Vector128.Create(beta), Vector128.Load(c + 2), q);
        }

        p.Store(c);
        q.Store(c + 2);
    }
}
