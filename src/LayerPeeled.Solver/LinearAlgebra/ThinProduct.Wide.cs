using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <content>Register tiles for vectors of 512 bits.</content>
internal static unsafe partial class ThinProduct
{
    // z_i[c] ← (z_i[c]) + Σ_r a_i[r]·x_c[r] for T.Count rows and 4 columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideDots<T>(int n, double* a, nint lda, double* x0, double* x1, double* x2, double* x3, double* z, nint ldz, bool add, double* counts, double* next)
        where T : struct, ITile
    {
        double* a1 = a + lda, a2 = a + (2 * lda), a3 = a + (3 * lda), a4 = a + (4 * lda), a5 = a + (5 * lda);
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
            Vector512<double> h0 = Vector512.Load(x0 + at), h1 = Vector512.Load(x1 + at), h2 = Vector512.Load(x2 + at), h3 = Vector512.Load(x3 + at), w;
            if (at < r)
            {
                Vector512<double> fresh = Vector512.Load(counts - (r - at));
                (h0, h1, h2, h3) = (h0 & fresh, h1 & fresh, h2 & fresh, h3 & fresh);
            }

            if (next != null && Sse.IsSupported)
            {
                Sse.Prefetch1(next);
                Sse.Prefetch1(next + CacheLine);
                next += 2 * CacheLine;
            }

            w = Vector512.Load(a + at);
            s00 = Vector512.MultiplyAddEstimate(w, h0, s00);
            s01 = Vector512.MultiplyAddEstimate(w, h1, s01);
            s02 = Vector512.MultiplyAddEstimate(w, h2, s02);
            s03 = Vector512.MultiplyAddEstimate(w, h3, s03);
            if (T.Count > 1)
            {
                w = Vector512.Load(a1 + at);
                s10 = Vector512.MultiplyAddEstimate(w, h0, s10);
                s11 = Vector512.MultiplyAddEstimate(w, h1, s11);
                s12 = Vector512.MultiplyAddEstimate(w, h2, s12);
                s13 = Vector512.MultiplyAddEstimate(w, h3, s13);
            }
            if (T.Count > 2)
            {
                w = Vector512.Load(a2 + at);
                s20 = Vector512.MultiplyAddEstimate(w, h0, s20);
                s21 = Vector512.MultiplyAddEstimate(w, h1, s21);
                s22 = Vector512.MultiplyAddEstimate(w, h2, s22);
                s23 = Vector512.MultiplyAddEstimate(w, h3, s23);
            }
            if (T.Count > 3)
            {
                w = Vector512.Load(a3 + at);
                s30 = Vector512.MultiplyAddEstimate(w, h0, s30);
                s31 = Vector512.MultiplyAddEstimate(w, h1, s31);
                s32 = Vector512.MultiplyAddEstimate(w, h2, s32);
                s33 = Vector512.MultiplyAddEstimate(w, h3, s33);
            }
            if (T.Count > 4)
            {
                w = Vector512.Load(a4 + at);
                s40 = Vector512.MultiplyAddEstimate(w, h0, s40);
                s41 = Vector512.MultiplyAddEstimate(w, h1, s41);
                s42 = Vector512.MultiplyAddEstimate(w, h2, s42);
                s43 = Vector512.MultiplyAddEstimate(w, h3, s43);
            }
            if (T.Count > 5)
            {
                w = Vector512.Load(a5 + at);
                s50 = Vector512.MultiplyAddEstimate(w, h0, s50);
                s51 = Vector512.MultiplyAddEstimate(w, h1, s51);
                s52 = Vector512.MultiplyAddEstimate(w, h2, s52);
                s53 = Vector512.MultiplyAddEstimate(w, h3, s53);
            }
        }

        StoreSums(z, s00, s01, s02, s03, add);
        if (T.Count > 1) StoreSums(z + ldz, s10, s11, s12, s13, add);
        if (T.Count > 2) StoreSums(z + (2 * ldz), s20, s21, s22, s23, add);
        if (T.Count > 3) StoreSums(z + (3 * ldz), s30, s31, s32, s33, add);
        if (T.Count > 4) StoreSums(z + (4 * ldz), s40, s41, s42, s43, add);
        if (T.Count > 5) StoreSums(z + (5 * ldz), s50, s51, s52, s53, add);
    }

    // y_c ← s_c·y_c + Σ_l f_lc·x_l for 16 entries of T.Count vectors y_c, whose sums stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideCombine<T>(int terms, double* x, nint ldx, double* f, nint ldf, nint step, double* y, nint ldy, double* scale, double* counts, double* next)
        where T : struct, ITile
    {
        Vector512<double> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default, p6 = default, p7 = default, p8 = default, p9 = default, p10 = default, p11 = default;
        Vector512<double> q0 = default, q1 = default, q2 = default, q3 = default, q4 = default, q5 = default, q6 = default, q7 = default, q8 = default, q9 = default, q10 = default, q11 = default;
        nint step2 = 2 * step;
        double* f3 = f + (3 * step), f6 = f + (6 * step), f9 = f + (9 * step);
        for (; terms > 0; terms--)
        {
            Vector512<double> x0 = Vector512.Load(x), x1 = Vector512.Load(x + 8), factor;
            if (next != null && Sse.IsSupported)
            {
                Sse.Prefetch1(next);
                next += CacheLine;
            }

            factor = Vector512.Create(f[0]);
            p0 = Vector512.MultiplyAddEstimate(x0, factor, p0);
            q0 = Vector512.MultiplyAddEstimate(x1, factor, q0);
            if (T.Count > 1)
            {
                factor = Vector512.Create(f[step]);
                p1 = Vector512.MultiplyAddEstimate(x0, factor, p1);
                q1 = Vector512.MultiplyAddEstimate(x1, factor, q1);
            }

            if (T.Count > 2)
            {
                factor = Vector512.Create(f[step2]);
                p2 = Vector512.MultiplyAddEstimate(x0, factor, p2);
                q2 = Vector512.MultiplyAddEstimate(x1, factor, q2);
            }

            if (T.Count > 3)
            {
                factor = Vector512.Create(f3[0]);
                p3 = Vector512.MultiplyAddEstimate(x0, factor, p3);
                q3 = Vector512.MultiplyAddEstimate(x1, factor, q3);
            }

            if (T.Count > 4)
            {
                factor = Vector512.Create(f3[step]);
                p4 = Vector512.MultiplyAddEstimate(x0, factor, p4);
                q4 = Vector512.MultiplyAddEstimate(x1, factor, q4);
            }

            if (T.Count > 5)
            {
                factor = Vector512.Create(f3[step2]);
                p5 = Vector512.MultiplyAddEstimate(x0, factor, p5);
                q5 = Vector512.MultiplyAddEstimate(x1, factor, q5);
            }

            if (T.Count > 6)
            {
                factor = Vector512.Create(f6[0]);
                p6 = Vector512.MultiplyAddEstimate(x0, factor, p6);
                q6 = Vector512.MultiplyAddEstimate(x1, factor, q6);
            }

            if (T.Count > 7)
            {
                factor = Vector512.Create(f6[step]);
                p7 = Vector512.MultiplyAddEstimate(x0, factor, p7);
                q7 = Vector512.MultiplyAddEstimate(x1, factor, q7);
            }

            if (T.Count > 8)
            {
                factor = Vector512.Create(f6[step2]);
                p8 = Vector512.MultiplyAddEstimate(x0, factor, p8);
                q8 = Vector512.MultiplyAddEstimate(x1, factor, q8);
            }

            if (T.Count > 9)
            {
                factor = Vector512.Create(f9[0]);
                p9 = Vector512.MultiplyAddEstimate(x0, factor, p9);
                q9 = Vector512.MultiplyAddEstimate(x1, factor, q9);
            }

            if (T.Count > 10)
            {
                factor = Vector512.Create(f9[step]);
                p10 = Vector512.MultiplyAddEstimate(x0, factor, p10);
                q10 = Vector512.MultiplyAddEstimate(x1, factor, q10);
            }

            if (T.Count > 11)
            {
                factor = Vector512.Create(f9[step2]);
                p11 = Vector512.MultiplyAddEstimate(x0, factor, p11);
                q11 = Vector512.MultiplyAddEstimate(x1, factor, q11);
            }

            x += ldx;
            f += ldf;
            f3 += ldf;
            f6 += ldf;
            f9 += ldf;
        }

        Store(y, scale, 0, p0, q0, counts);
        if (T.Count > 1) Store(y + ldy, scale, 1, p1, q1, counts);
        if (T.Count > 2) Store(y + (2 * ldy), scale, 2, p2, q2, counts);
        if (T.Count > 3) Store(y + (3 * ldy), scale, 3, p3, q3, counts);
        if (T.Count > 4) Store(y + (4 * ldy), scale, 4, p4, q4, counts);
        if (T.Count > 5) Store(y + (5 * ldy), scale, 5, p5, q5, counts);
        if (T.Count > 6) Store(y + (6 * ldy), scale, 6, p6, q6, counts);
        if (T.Count > 7) Store(y + (7 * ldy), scale, 7, p7, q7, counts);
        if (T.Count > 8) Store(y + (8 * ldy), scale, 8, p8, q8, counts);
        if (T.Count > 9) Store(y + (9 * ldy), scale, 9, p9, q9, counts);
        if (T.Count > 10) Store(y + (10 * ldy), scale, 10, p10, q10, counts);
        if (T.Count > 11) Store(y + (11 * ldy), scale, 11, p11, q11, counts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* y, double* scale, int column, Vector512<double> p, Vector512<double> q, double* counts)
    {
        Vector512<double> y0 = Vector512.Load(y), y1 = Vector512.Load(y + 8), s = Vector512.Create(scale[column]);
        p = Vector512.MultiplyAddEstimate(y0, s, p);
        q = Vector512.MultiplyAddEstimate(y1, s, q);
        if (counts != null)
        {
            p = Vector512.ConditionalSelect(Vector512.Load(counts), p, y0);
            q = Vector512.ConditionalSelect(Vector512.Load(counts + 8), q, y1);
        }

        p.Store(y);
        q.Store(y + 8);
    }

    // The sums of the entries of four vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSums(double* z, Vector512<double> s0, Vector512<double> s1, Vector512<double> s2, Vector512<double> s3, bool add)
    {
        Vector256<double> low = Avx.HorizontalAdd(s0.GetLower() + s0.GetUpper(), s1.GetLower() + s1.GetUpper());
        Vector256<double> high = Avx.HorizontalAdd(s2.GetLower() + s2.GetUpper(), s3.GetLower() + s3.GetUpper());
        Vector256<double> sum = Avx.Permute2x128(low, high, 0x20) + Avx.Permute2x128(low, high, 0x31);
        (add ? Vector256.Load(z) + sum : sum).Store(z);
    }
}
