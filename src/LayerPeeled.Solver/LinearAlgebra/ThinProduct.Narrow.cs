using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <content>Register tiles for vectors of 256 bits.</content>
internal static unsafe partial class ThinProduct
{
    // z_i[c] ← (z_i[c]) + Σ_r a_i[r]·x_c[r] for T.Count rows and 2 columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowDots<T>(int n, double* a, nint lda, double* x0, double* x1, double* z, nint ldz, bool add, double* counts, double* next)
        where T : struct, ITile
    {
        double* a1 = a + lda, a2 = a + (2 * lda), a3 = a + (3 * lda), a4 = a + (4 * lda), a5 = a + (5 * lda);
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
            Vector256<double> h0 = Vector256.Load(x0 + at), h1 = Vector256.Load(x1 + at), w;
            if (at < r)
            {
                Vector256<double> fresh = Vector256.Load(counts - (r - at));
                (h0, h1) = (h0 & fresh, h1 & fresh);
            }

            if (next != null && (r & 4) == 0 && Sse.IsSupported)
            {
                Sse.Prefetch1(next);
                next += CacheLine;
            }

            w = Vector256.Load(a + at);
            s00 = Vector256.MultiplyAddEstimate(w, h0, s00);
            s01 = Vector256.MultiplyAddEstimate(w, h1, s01);
            if (T.Count > 1)
            {
                w = Vector256.Load(a1 + at);
                s10 = Vector256.MultiplyAddEstimate(w, h0, s10);
                s11 = Vector256.MultiplyAddEstimate(w, h1, s11);
            }
            if (T.Count > 2)
            {
                w = Vector256.Load(a2 + at);
                s20 = Vector256.MultiplyAddEstimate(w, h0, s20);
                s21 = Vector256.MultiplyAddEstimate(w, h1, s21);
            }
            if (T.Count > 3)
            {
                w = Vector256.Load(a3 + at);
                s30 = Vector256.MultiplyAddEstimate(w, h0, s30);
                s31 = Vector256.MultiplyAddEstimate(w, h1, s31);
            }
            if (T.Count > 4)
            {
                w = Vector256.Load(a4 + at);
                s40 = Vector256.MultiplyAddEstimate(w, h0, s40);
                s41 = Vector256.MultiplyAddEstimate(w, h1, s41);
            }
            if (T.Count > 5)
            {
                w = Vector256.Load(a5 + at);
                s50 = Vector256.MultiplyAddEstimate(w, h0, s50);
                s51 = Vector256.MultiplyAddEstimate(w, h1, s51);
            }
        }

        StoreSums(z, s00, s01, add);
        if (T.Count > 1) StoreSums(z + ldz, s10, s11, add);
        if (T.Count > 2) StoreSums(z + (2 * ldz), s20, s21, add);
        if (T.Count > 3) StoreSums(z + (3 * ldz), s30, s31, add);
        if (T.Count > 4) StoreSums(z + (4 * ldz), s40, s41, add);
        if (T.Count > 5) StoreSums(z + (5 * ldz), s50, s51, add);
    }

    // y_c ← s_c·y_c + Σ_l f_lc·x_l for 8 entries of T.Count vectors y_c, whose sums stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowCombine<T>(int terms, double* x, nint ldx, double* f, nint ldf, nint step, double* y, nint ldy, double* scale, double* counts, double* next)
        where T : struct, ITile
    {
        Vector256<double> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default;
        Vector256<double> q0 = default, q1 = default, q2 = default, q3 = default, q4 = default, q5 = default;
        nint step2 = 2 * step;
        double* f3 = f + (3 * step);
        for (; terms > 0; terms--)
        {
            Vector256<double> x0 = Vector256.Load(x), x1 = Vector256.Load(x + 4), factor;
            if (next != null && Sse.IsSupported)
            {
                Sse.Prefetch1(next);
                next += CacheLine;
            }

            factor = Vector256.Create(f[0]);
            p0 = Vector256.MultiplyAddEstimate(x0, factor, p0);
            q0 = Vector256.MultiplyAddEstimate(x1, factor, q0);
            if (T.Count > 1)
            {
                factor = Vector256.Create(f[step]);
                p1 = Vector256.MultiplyAddEstimate(x0, factor, p1);
                q1 = Vector256.MultiplyAddEstimate(x1, factor, q1);
            }

            if (T.Count > 2)
            {
                factor = Vector256.Create(f[step2]);
                p2 = Vector256.MultiplyAddEstimate(x0, factor, p2);
                q2 = Vector256.MultiplyAddEstimate(x1, factor, q2);
            }

            if (T.Count > 3)
            {
                factor = Vector256.Create(f3[0]);
                p3 = Vector256.MultiplyAddEstimate(x0, factor, p3);
                q3 = Vector256.MultiplyAddEstimate(x1, factor, q3);
            }

            if (T.Count > 4)
            {
                factor = Vector256.Create(f3[step]);
                p4 = Vector256.MultiplyAddEstimate(x0, factor, p4);
                q4 = Vector256.MultiplyAddEstimate(x1, factor, q4);
            }

            if (T.Count > 5)
            {
                factor = Vector256.Create(f3[step2]);
                p5 = Vector256.MultiplyAddEstimate(x0, factor, p5);
                q5 = Vector256.MultiplyAddEstimate(x1, factor, q5);
            }

            x += ldx;
            f += ldf;
            f3 += ldf;
        }

        Store(y, scale, 0, p0, q0, counts);
        if (T.Count > 1) Store(y + ldy, scale, 1, p1, q1, counts);
        if (T.Count > 2) Store(y + (2 * ldy), scale, 2, p2, q2, counts);
        if (T.Count > 3) Store(y + (3 * ldy), scale, 3, p3, q3, counts);
        if (T.Count > 4) Store(y + (4 * ldy), scale, 4, p4, q4, counts);
        if (T.Count > 5) Store(y + (5 * ldy), scale, 5, p5, q5, counts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* y, double* scale, int column, Vector256<double> p, Vector256<double> q, double* counts)
    {
        Vector256<double> y0 = Vector256.Load(y), y1 = Vector256.Load(y + 4), s = Vector256.Create(scale[column]);
        p = Vector256.MultiplyAddEstimate(y0, s, p);
        q = Vector256.MultiplyAddEstimate(y1, s, q);
        if (counts != null)
        {
            p = Vector256.ConditionalSelect(Vector256.Load(counts), p, y0);
            q = Vector256.ConditionalSelect(Vector256.Load(counts + 4), q, y1);
        }

        p.Store(y);
        q.Store(y + 4);
    }

    // The sums of the entries of two vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSums(double* z, Vector256<double> s0, Vector256<double> s1, bool add)
    {
        Vector128<double> t0 = s0.GetLower() + s0.GetUpper(), t1 = s1.GetLower() + s1.GetUpper();
        Vector128<double> sum = Vector128.Create(t0[0] + t0[1], t1[0] + t1[1]);
        (add ? Vector128.Load(z) + sum : sum).Store(z);
    }
}
