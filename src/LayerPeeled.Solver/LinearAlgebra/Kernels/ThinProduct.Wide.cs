using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <content>Register tiles for vectors of 512 bits.</content>
internal static unsafe partial class ThinProduct
{
    // z_i[c] ← (z_i[c]) + Σ_r a_i[r]·x_c[r] for T.Count rows and four columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void WideDots<T>(int n, double* a, nint lda, double* x0, double* x1, double* x2, double* x3, double* z, nint ldz, bool add, double* masks, double* next)
        where T : struct, INumber
    {
        Vector512<double> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<double> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<double> s20 = default, s21 = default, s22 = default, s23 = default;
        Vector512<double> s30 = default, s31 = default, s32 = default, s33 = default;
        Vector512<double> s40 = default, s41 = default, s42 = default, s43 = default;
        Vector512<double> s50 = default, s51 = default, s52 = default, s53 = default;
        for (int r = 0; r < n; r += 8)
        {
            // The last vector reaches back to entries that are summed already, which count nothing.
            nint at = Math.Min(r, n - 8);
            Vector512<double> h0 = Vector512.Load(x0 + at), h1 = Vector512.Load(x1 + at), h2 = Vector512.Load(x2 + at), h3 = Vector512.Load(x3 + at);
            if (at < r)
            {
                Vector512<double> mask = Vector512.Load(masks - (r - at));
                (h0, h1, h2, h3) = (h0 & mask, h1 & mask, h2 & mask, h3 & mask);
            }

            if (next != null && Sse.IsSupported)
            {
                Sse.Prefetch1(next);
                Sse.Prefetch1(next + CacheLine);
                next += 2 * CacheLine;
            }

            double* row = a + at;
            Add(row, h0, h1, h2, h3, ref s00, ref s01, ref s02, ref s03);
            if (T.Count > 1) Add(row + lda, h0, h1, h2, h3, ref s10, ref s11, ref s12, ref s13);
            if (T.Count > 2) Add(row + (2 * lda), h0, h1, h2, h3, ref s20, ref s21, ref s22, ref s23);
            if (T.Count > 3) Add(row + (3 * lda), h0, h1, h2, h3, ref s30, ref s31, ref s32, ref s33);
            if (T.Count > 4) Add(row + (4 * lda), h0, h1, h2, h3, ref s40, ref s41, ref s42, ref s43);
            if (T.Count > 5) Add(row + (5 * lda), h0, h1, h2, h3, ref s50, ref s51, ref s52, ref s53);
        }

        Store(z, s00, s01, s02, s03, add);
        if (T.Count > 1) Store(z + ldz, s10, s11, s12, s13, add);
        if (T.Count > 2) Store(z + (2 * ldz), s20, s21, s22, s23, add);
        if (T.Count > 3) Store(z + (3 * ldz), s30, s31, s32, s33, add);
        if (T.Count > 4) Store(z + (4 * ldz), s40, s41, s42, s43, add);
        if (T.Count > 5) Store(z + (5 * ldz), s50, s51, s52, s53, add);
    }

    // y_c ← scale_c·y_c + Σ_l f_lc·x_l for T.Count columns and as many entries as TVectors.Count vectors have. The sums stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void WideCombine<T, TVectors>(int terms, double* x, nint ldx, double* f, nint ldf, nint step, double* y, nint ldy, double* scale, double* masks, double* next)
        where T : struct, INumber
        where TVectors : struct, INumber
    {
        Vector512<double> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default;
        Vector512<double> q0 = default, q1 = default, q2 = default, q3 = default, q4 = default, q5 = default;
        Vector512<double> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        Vector512<double> t0 = default, t1 = default, t2 = default, t3 = default, t4 = default, t5 = default;
        Vector512<double> x2 = default, x3 = default;
        nint step2 = 2 * step;
        double* f3 = f + (3 * step);
        for (; terms > 0; terms--)
        {
            Vector512<double> x0 = Vector512.Load(x), x1 = Vector512.Load(x + 8);
            if (TVectors.Count > 2) (x2, x3) = (Vector512.Load(x + 16), Vector512.Load(x + 24));
            if (next != null && Sse.IsSupported)
            {
                Sse.Prefetch1(next);
                if (TVectors.Count > 2) Sse.Prefetch1(next + CacheLine);
                next += TVectors.Count / 2 * CacheLine;
            }

            Add<TVectors>(f[0], x0, x1, x2, x3, ref p0, ref q0, ref s0, ref t0);
            if (T.Count > 1) Add<TVectors>(f[step], x0, x1, x2, x3, ref p1, ref q1, ref s1, ref t1);
            if (T.Count > 2) Add<TVectors>(f[step2], x0, x1, x2, x3, ref p2, ref q2, ref s2, ref t2);
            if (T.Count > 3) Add<TVectors>(f3[0], x0, x1, x2, x3, ref p3, ref q3, ref s3, ref t3);
            if (T.Count > 4) Add<TVectors>(f3[step], x0, x1, x2, x3, ref p4, ref q4, ref s4, ref t4);
            if (T.Count > 5) Add<TVectors>(f3[step2], x0, x1, x2, x3, ref p5, ref q5, ref s5, ref t5);
            x += ldx;
            f += ldf;
            f3 += ldf;
        }

        // all columns are read before any is written: equal addresses within a page would wait for each other
        AddScaled<TVectors>(y, scale[0], ref p0, ref q0, ref s0, ref t0);
        if (T.Count > 1) AddScaled<TVectors>(y + ldy, scale[1], ref p1, ref q1, ref s1, ref t1);
        if (T.Count > 2) AddScaled<TVectors>(y + (2 * ldy), scale[2], ref p2, ref q2, ref s2, ref t2);
        if (T.Count > 3) AddScaled<TVectors>(y + (3 * ldy), scale[3], ref p3, ref q3, ref s3, ref t3);
        if (T.Count > 4) AddScaled<TVectors>(y + (4 * ldy), scale[4], ref p4, ref q4, ref s4, ref t4);
        if (T.Count > 5) AddScaled<TVectors>(y + (5 * ldy), scale[5], ref p5, ref q5, ref s5, ref t5);
        Store<TVectors>(y, masks, p0, q0, s0, t0);
        if (T.Count > 1) Store<TVectors>(y + ldy, masks, p1, q1, s1, t1);
        if (T.Count > 2) Store<TVectors>(y + (2 * ldy), masks, p2, q2, s2, t2);
        if (T.Count > 3) Store<TVectors>(y + (3 * ldy), masks, p3, q3, s3, t3);
        if (T.Count > 4) Store<TVectors>(y + (4 * ldy), masks, p4, q4, s4, t4);
        if (T.Count > 5) Store<TVectors>(y + (5 * ldy), masks, p5, q5, s5, t5);
    }

    // s_c ← s_c + a·h_c
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double* a, Vector512<double> h0, Vector512<double> h1, Vector512<double> h2, Vector512<double> h3, ref Vector512<double> s0, ref Vector512<double> s1, ref Vector512<double> s2, ref Vector512<double> s3)
    {
        Vector512<double> w = Vector512.Load(a);
        s0 = Vector512.MultiplyAddEstimate(w, h0, s0);
        s1 = Vector512.MultiplyAddEstimate(w, h1, s1);
        s2 = Vector512.MultiplyAddEstimate(w, h2, s2);
        s3 = Vector512.MultiplyAddEstimate(w, h3, s3);
    }

    // The sums of the entries of four vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* z, Vector512<double> s0, Vector512<double> s1, Vector512<double> s2, Vector512<double> s3, bool add)
    {
        Vector256<double> low = Avx.HorizontalAdd(s0.GetLower() + s0.GetUpper(), s1.GetLower() + s1.GetUpper());
        Vector256<double> high = Avx.HorizontalAdd(s2.GetLower() + s2.GetUpper(), s3.GetLower() + s3.GetUpper());
        Vector256<double> sum = Avx.Permute2x128(low, high, 0x20) + Avx.Permute2x128(low, high, 0x31);
        (add ? Vector256.Load(z) + sum : sum).Store(z);
    }

    // (p, q, s, t) ← (p, q, s, t) + f·x
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TVectors>(double f, Vector512<double> x0, Vector512<double> x1, Vector512<double> x2, Vector512<double> x3, ref Vector512<double> p, ref Vector512<double> q, ref Vector512<double> s, ref Vector512<double> t)
        where TVectors : struct, INumber
    {
        Vector512<double> factor = Vector512.Create(f);
        p = Vector512.MultiplyAddEstimate(x0, factor, p);
        q = Vector512.MultiplyAddEstimate(x1, factor, q);
        if (TVectors.Count > 2)
        {
            s = Vector512.MultiplyAddEstimate(x2, factor, s);
            t = Vector512.MultiplyAddEstimate(x3, factor, t);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled<TVectors>(double* y, double scale, ref Vector512<double> p, ref Vector512<double> q, ref Vector512<double> s, ref Vector512<double> t)
        where TVectors : struct, INumber
    {
        Vector512<double> factor = Vector512.Create(scale);
        p = Vector512.MultiplyAddEstimate(Vector512.Load(y), factor, p);
        q = Vector512.MultiplyAddEstimate(Vector512.Load(y + 8), factor, q);
        if (TVectors.Count > 2)
        {
            s = Vector512.MultiplyAddEstimate(Vector512.Load(y + 16), factor, s);
            t = Vector512.MultiplyAddEstimate(Vector512.Load(y + 24), factor, t);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(double* y, double* masks, Vector512<double> p, Vector512<double> q, Vector512<double> s, Vector512<double> t)
        where TVectors : struct, INumber
    {
        if (TVectors.Count > 2)
        {
            p.Store(y);
            q.Store(y + 8);
            s.Store(y + 16);
            t.Store(y + 24);
            return;
        }

        if (masks != null)
        {
            p = Vector512.ConditionalSelect(Vector512.Load(masks), p, Vector512.Load(y));
            q = Vector512.ConditionalSelect(Vector512.Load(masks + 8), q, Vector512.Load(y + 8));
        }

        p.Store(y);
        q.Store(y + 8);
    }
}
