using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <content>Register tiles for vectors of 256 bits.</content>
internal static unsafe partial class ThinProduct
{
    // z_i[c] ← (z_i[c]) + Σ_r a_i[r]·x_c[r] for T.Count rows and two columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NarrowDots<T>(int n, double* a, nint lda, double* x0, double* x1, double* z, nint ldz, bool add, double* masks, double* next)
        where T : struct, INumber
    {
        Vector256<double> s00 = default, s01 = default;
        Vector256<double> s10 = default, s11 = default;
        Vector256<double> s20 = default, s21 = default;
        Vector256<double> s30 = default, s31 = default;
        Vector256<double> s40 = default, s41 = default;
        Vector256<double> s50 = default, s51 = default;
        for (int r = 0; r < n; r += 4)
        {
            // The last vector reaches back to entries that are summed already, which count nothing.
            nint at = Math.Min(r, n - 4);
            Vector256<double> h0 = Vector256.Load(x0 + at), h1 = Vector256.Load(x1 + at);
            if (at < r)
            {
                Vector256<double> mask = Vector256.Load(masks - (r - at));
                (h0, h1) = (h0 & mask, h1 & mask);
            }

            if (next != null && (r & 4) == 0 && Sse.IsSupported)
            {
                Sse.Prefetch1(next);
                next += CacheLine;
            }

            double* row = a + at;
            Add(row, h0, h1, ref s00, ref s01);
            if (T.Count > 1) Add(row + lda, h0, h1, ref s10, ref s11);
            if (T.Count > 2) Add(row + (2 * lda), h0, h1, ref s20, ref s21);
            if (T.Count > 3) Add(row + (3 * lda), h0, h1, ref s30, ref s31);
            if (T.Count > 4) Add(row + (4 * lda), h0, h1, ref s40, ref s41);
            if (T.Count > 5) Add(row + (5 * lda), h0, h1, ref s50, ref s51);
        }

        Store(z, s00, s01, add);
        if (T.Count > 1) Store(z + ldz, s10, s11, add);
        if (T.Count > 2) Store(z + (2 * ldz), s20, s21, add);
        if (T.Count > 3) Store(z + (3 * ldz), s30, s31, add);
        if (T.Count > 4) Store(z + (4 * ldz), s40, s41, add);
        if (T.Count > 5) Store(z + (5 * ldz), s50, s51, add);
    }

    // y_c ← scale_c·y_c + Σ_l f_lc·x_l for T.Count columns and as many entries as two vectors have. The sums stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NarrowCombine<T>(int terms, double* x, nint ldx, double* f, nint ldf, nint step, double* y, nint ldy, double* scale, double* masks, double* next)
        where T : struct, INumber
    {
        Vector256<double> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default;
        Vector256<double> q0 = default, q1 = default, q2 = default, q3 = default, q4 = default, q5 = default;
        nint step2 = 2 * step;
        double* f3 = f + (3 * step);
        for (; terms > 0; terms--)
        {
            Vector256<double> x0 = Vector256.Load(x), x1 = Vector256.Load(x + 4);
            if (next != null && Sse.IsSupported)
            {
                Sse.Prefetch1(next);
                next += CacheLine;
            }

            Add(f[0], x0, x1, ref p0, ref q0);
            if (T.Count > 1) Add(f[step], x0, x1, ref p1, ref q1);
            if (T.Count > 2) Add(f[step2], x0, x1, ref p2, ref q2);
            if (T.Count > 3) Add(f3[0], x0, x1, ref p3, ref q3);
            if (T.Count > 4) Add(f3[step], x0, x1, ref p4, ref q4);
            if (T.Count > 5) Add(f3[step2], x0, x1, ref p5, ref q5);
            x += ldx;
            f += ldf;
            f3 += ldf;
        }

        // all columns are read before any is written: equal addresses within a page would wait for each other
        AddScaled(y, scale[0], ref p0, ref q0);
        if (T.Count > 1) AddScaled(y + ldy, scale[1], ref p1, ref q1);
        if (T.Count > 2) AddScaled(y + (2 * ldy), scale[2], ref p2, ref q2);
        if (T.Count > 3) AddScaled(y + (3 * ldy), scale[3], ref p3, ref q3);
        if (T.Count > 4) AddScaled(y + (4 * ldy), scale[4], ref p4, ref q4);
        if (T.Count > 5) AddScaled(y + (5 * ldy), scale[5], ref p5, ref q5);
        Store(y, masks, p0, q0);
        if (T.Count > 1) Store(y + ldy, masks, p1, q1);
        if (T.Count > 2) Store(y + (2 * ldy), masks, p2, q2);
        if (T.Count > 3) Store(y + (3 * ldy), masks, p3, q3);
        if (T.Count > 4) Store(y + (4 * ldy), masks, p4, q4);
        if (T.Count > 5) Store(y + (5 * ldy), masks, p5, q5);
    }

    // s_c ← s_c + a·h_c
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double* a, Vector256<double> h0, Vector256<double> h1, ref Vector256<double> s0, ref Vector256<double> s1)
    {
        Vector256<double> w = Vector256.Load(a);
        s0 = Vector256.MultiplyAddEstimate(w, h0, s0);
        s1 = Vector256.MultiplyAddEstimate(w, h1, s1);
    }

    // The sums of the entries of two vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* z, Vector256<double> s0, Vector256<double> s1, bool add)
    {
        Vector128<double> t0 = s0.GetLower() + s0.GetUpper(), t1 = s1.GetLower() + s1.GetUpper();
        Vector128<double> sum = Vector128.Create(t0[0] + t0[1], t1[0] + t1[1]);
        (add ? Vector128.Load(z) + sum : sum).Store(z);
    }

    // (p, q) ← (p, q) + f·x
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double f, Vector256<double> x0, Vector256<double> x1, ref Vector256<double> p, ref Vector256<double> q)
    {
        Vector256<double> factor = Vector256.Create(f);
        p = Vector256.MultiplyAddEstimate(x0, factor, p);
        q = Vector256.MultiplyAddEstimate(x1, factor, q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(double* y, double scale, ref Vector256<double> p, ref Vector256<double> q)
    {
        Vector256<double> factor = Vector256.Create(scale);
        p = Vector256.MultiplyAddEstimate(Vector256.Load(y), factor, p);
        q = Vector256.MultiplyAddEstimate(Vector256.Load(y + 4), factor, q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* y, double* masks, Vector256<double> p, Vector256<double> q)
    {
        if (masks != null)
        {
            p = Vector256.ConditionalSelect(Vector256.Load(masks), p, Vector256.Load(y));
            q = Vector256.ConditionalSelect(Vector256.Load(masks + 4), q, Vector256.Load(y + 4));
        }

        p.Store(y);
        q.Store(y + 4);
    }
}
