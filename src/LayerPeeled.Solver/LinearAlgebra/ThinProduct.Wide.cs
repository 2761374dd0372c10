using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <content>Tiles of five rows and four columns for registers of 512 bits.</content>
internal static unsafe partial class ThinProduct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotTile(int n, double* a, int lda, double* x0, double* x1, double* x2, double* x3, double* z0, double* z1, double* z2, double* z3, nint ahead)
    {
        double* a1 = a + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda;
        Vector512<double> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<double> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<double> s20 = default, s21 = default, s22 = default, s23 = default;
        Vector512<double> s30 = default, s31 = default, s32 = default, s33 = default;
        Vector512<double> s40 = default, s41 = default, s42 = default, s43 = default;
        int r = 0;
        for (; r + 8 <= n; r += 8)
        {
            Vector512<double> h0 = Vector512.Load(x0 + r), h1 = Vector512.Load(x1 + r), h2 = Vector512.Load(x2 + r), h3 = Vector512.Load(x3 + r), w;
            if (ahead != 0 && Sse.IsSupported)
            {
                Sse.Prefetch0(x0 + r + ahead);
                Sse.Prefetch0(x1 + r + ahead);
                Sse.Prefetch0(x2 + r + ahead);
                Sse.Prefetch0(x3 + r + ahead);
            }

            w = Vector512.Load(a + r);
            s00 = Vector512.MultiplyAddEstimate(w, h0, s00);
            s01 = Vector512.MultiplyAddEstimate(w, h1, s01);
            s02 = Vector512.MultiplyAddEstimate(w, h2, s02);
            s03 = Vector512.MultiplyAddEstimate(w, h3, s03);
            w = Vector512.Load(a1 + r);
            s10 = Vector512.MultiplyAddEstimate(w, h0, s10);
            s11 = Vector512.MultiplyAddEstimate(w, h1, s11);
            s12 = Vector512.MultiplyAddEstimate(w, h2, s12);
            s13 = Vector512.MultiplyAddEstimate(w, h3, s13);
            w = Vector512.Load(a2 + r);
            s20 = Vector512.MultiplyAddEstimate(w, h0, s20);
            s21 = Vector512.MultiplyAddEstimate(w, h1, s21);
            s22 = Vector512.MultiplyAddEstimate(w, h2, s22);
            s23 = Vector512.MultiplyAddEstimate(w, h3, s23);
            w = Vector512.Load(a3 + r);
            s30 = Vector512.MultiplyAddEstimate(w, h0, s30);
            s31 = Vector512.MultiplyAddEstimate(w, h1, s31);
            s32 = Vector512.MultiplyAddEstimate(w, h2, s32);
            s33 = Vector512.MultiplyAddEstimate(w, h3, s33);
            w = Vector512.Load(a4 + r);
            s40 = Vector512.MultiplyAddEstimate(w, h0, s40);
            s41 = Vector512.MultiplyAddEstimate(w, h1, s41);
            s42 = Vector512.MultiplyAddEstimate(w, h2, s42);
            s43 = Vector512.MultiplyAddEstimate(w, h3, s43);
        }

        double t00 = Vector512.Sum(s00), t01 = Vector512.Sum(s01), t02 = Vector512.Sum(s02), t03 = Vector512.Sum(s03);
        double t10 = Vector512.Sum(s10), t11 = Vector512.Sum(s11), t12 = Vector512.Sum(s12), t13 = Vector512.Sum(s13);
        double t20 = Vector512.Sum(s20), t21 = Vector512.Sum(s21), t22 = Vector512.Sum(s22), t23 = Vector512.Sum(s23);
        double t30 = Vector512.Sum(s30), t31 = Vector512.Sum(s31), t32 = Vector512.Sum(s32), t33 = Vector512.Sum(s33);
        double t40 = Vector512.Sum(s40), t41 = Vector512.Sum(s41), t42 = Vector512.Sum(s42), t43 = Vector512.Sum(s43);
        for (; r < n; r++)
        {
            t00 = double.MultiplyAddEstimate(a[r], x0[r], t00);
            t10 = double.MultiplyAddEstimate(a1[r], x0[r], t10);
            t20 = double.MultiplyAddEstimate(a2[r], x0[r], t20);
            t30 = double.MultiplyAddEstimate(a3[r], x0[r], t30);
            t40 = double.MultiplyAddEstimate(a4[r], x0[r], t40);
            t01 = double.MultiplyAddEstimate(a[r], x1[r], t01);
            t11 = double.MultiplyAddEstimate(a1[r], x1[r], t11);
            t21 = double.MultiplyAddEstimate(a2[r], x1[r], t21);
            t31 = double.MultiplyAddEstimate(a3[r], x1[r], t31);
            t41 = double.MultiplyAddEstimate(a4[r], x1[r], t41);
            t02 = double.MultiplyAddEstimate(a[r], x2[r], t02);
            t12 = double.MultiplyAddEstimate(a1[r], x2[r], t12);
            t22 = double.MultiplyAddEstimate(a2[r], x2[r], t22);
            t32 = double.MultiplyAddEstimate(a3[r], x2[r], t32);
            t42 = double.MultiplyAddEstimate(a4[r], x2[r], t42);
            t03 = double.MultiplyAddEstimate(a[r], x3[r], t03);
            t13 = double.MultiplyAddEstimate(a1[r], x3[r], t13);
            t23 = double.MultiplyAddEstimate(a2[r], x3[r], t23);
            t33 = double.MultiplyAddEstimate(a3[r], x3[r], t33);
            t43 = double.MultiplyAddEstimate(a4[r], x3[r], t43);
        }

        // Columns may coincide: stored once all is read.
        (z0[0], z0[1], z0[2], z0[3], z0[4]) = (t00, t10, t20, t30, t40);
        (z1[0], z1[1], z1[2], z1[3], z1[4]) = (t01, t11, t21, t31, t41);
        (z2[0], z2[1], z2[2], z2[3], z2[4]) = (t02, t12, t22, t32, t42);
        (z3[0], z3[1], z3[2], z3[3], z3[4]) = (t03, t13, t23, t33, t43);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowTileOf4(int n, double* a, int lda, double* x0, double* x1, double* x2, double* x3, double* g0, double* g1, double* g2, double* g3)
    {
        double* a1 = a + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda;
        Vector512<double> f00 = Vector512.Create(g0[0]), f01 = Vector512.Create(g1[0]), f02 = Vector512.Create(g2[0]), f03 = Vector512.Create(g3[0]);
        Vector512<double> f10 = Vector512.Create(g0[1]), f11 = Vector512.Create(g1[1]), f12 = Vector512.Create(g2[1]), f13 = Vector512.Create(g3[1]);
        Vector512<double> f20 = Vector512.Create(g0[2]), f21 = Vector512.Create(g1[2]), f22 = Vector512.Create(g2[2]), f23 = Vector512.Create(g3[2]);
        Vector512<double> f30 = Vector512.Create(g0[3]), f31 = Vector512.Create(g1[3]), f32 = Vector512.Create(g2[3]), f33 = Vector512.Create(g3[3]);
        Vector512<double> f40 = Vector512.Create(g0[4]), f41 = Vector512.Create(g1[4]), f42 = Vector512.Create(g2[4]), f43 = Vector512.Create(g3[4]);
        int r = 0;
        for (; r + 8 <= n; r += 8)
        {
            Vector512<double> h0 = Vector512.Load(x0 + r), h1 = Vector512.Load(x1 + r), h2 = Vector512.Load(x2 + r), h3 = Vector512.Load(x3 + r), s;
            s = Vector512.Load(a + r);
            s = Vector512.MultiplyAddEstimate(f00, h0, s);
            s = Vector512.MultiplyAddEstimate(f01, h1, s);
            s = Vector512.MultiplyAddEstimate(f02, h2, s);
            s = Vector512.MultiplyAddEstimate(f03, h3, s);
            s.Store(a + r);
            s = Vector512.Load(a1 + r);
            s = Vector512.MultiplyAddEstimate(f10, h0, s);
            s = Vector512.MultiplyAddEstimate(f11, h1, s);
            s = Vector512.MultiplyAddEstimate(f12, h2, s);
            s = Vector512.MultiplyAddEstimate(f13, h3, s);
            s.Store(a1 + r);
            s = Vector512.Load(a2 + r);
            s = Vector512.MultiplyAddEstimate(f20, h0, s);
            s = Vector512.MultiplyAddEstimate(f21, h1, s);
            s = Vector512.MultiplyAddEstimate(f22, h2, s);
            s = Vector512.MultiplyAddEstimate(f23, h3, s);
            s.Store(a2 + r);
            s = Vector512.Load(a3 + r);
            s = Vector512.MultiplyAddEstimate(f30, h0, s);
            s = Vector512.MultiplyAddEstimate(f31, h1, s);
            s = Vector512.MultiplyAddEstimate(f32, h2, s);
            s = Vector512.MultiplyAddEstimate(f33, h3, s);
            s.Store(a3 + r);
            s = Vector512.Load(a4 + r);
            s = Vector512.MultiplyAddEstimate(f40, h0, s);
            s = Vector512.MultiplyAddEstimate(f41, h1, s);
            s = Vector512.MultiplyAddEstimate(f42, h2, s);
            s = Vector512.MultiplyAddEstimate(f43, h3, s);
            s.Store(a4 + r);
        }

        for (; r < n; r++)
        {
            a[r] += (g0[0] * x0[r]) + (g1[0] * x1[r]) + (g2[0] * x2[r]) + (g3[0] * x3[r]);
            a1[r] += (g0[1] * x0[r]) + (g1[1] * x1[r]) + (g2[1] * x2[r]) + (g3[1] * x3[r]);
            a2[r] += (g0[2] * x0[r]) + (g1[2] * x1[r]) + (g2[2] * x2[r]) + (g3[2] * x3[r]);
            a3[r] += (g0[3] * x0[r]) + (g1[3] * x1[r]) + (g2[3] * x2[r]) + (g3[3] * x3[r]);
            a4[r] += (g0[4] * x0[r]) + (g1[4] * x1[r]) + (g2[4] * x2[r]) + (g3[4] * x3[r]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ColumnTileOf4(int n, double* a, int lda, double* x0, double* x1, double* x2, double* x3, double* g0, double* g1, double* g2, double* g3)
    {
        double* a1 = a + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda;
        Vector512<double> f00 = Vector512.Create(g0[0]), f01 = Vector512.Create(g1[0]), f02 = Vector512.Create(g2[0]), f03 = Vector512.Create(g3[0]);
        Vector512<double> f10 = Vector512.Create(g0[1]), f11 = Vector512.Create(g1[1]), f12 = Vector512.Create(g2[1]), f13 = Vector512.Create(g3[1]);
        Vector512<double> f20 = Vector512.Create(g0[2]), f21 = Vector512.Create(g1[2]), f22 = Vector512.Create(g2[2]), f23 = Vector512.Create(g3[2]);
        Vector512<double> f30 = Vector512.Create(g0[3]), f31 = Vector512.Create(g1[3]), f32 = Vector512.Create(g2[3]), f33 = Vector512.Create(g3[3]);
        Vector512<double> f40 = Vector512.Create(g0[4]), f41 = Vector512.Create(g1[4]), f42 = Vector512.Create(g2[4]), f43 = Vector512.Create(g3[4]);
        int r = 0;
        for (; r + 8 <= n; r += 8)
        {
            Vector512<double> h0 = Vector512.Load(x0 + r), h1 = Vector512.Load(x1 + r), h2 = Vector512.Load(x2 + r), h3 = Vector512.Load(x3 + r), w;
            w = Vector512.Load(a + r);
            h0 = Vector512.MultiplyAddEstimate(f00, w, h0);
            h1 = Vector512.MultiplyAddEstimate(f01, w, h1);
            h2 = Vector512.MultiplyAddEstimate(f02, w, h2);
            h3 = Vector512.MultiplyAddEstimate(f03, w, h3);
            w = Vector512.Load(a1 + r);
            h0 = Vector512.MultiplyAddEstimate(f10, w, h0);
            h1 = Vector512.MultiplyAddEstimate(f11, w, h1);
            h2 = Vector512.MultiplyAddEstimate(f12, w, h2);
            h3 = Vector512.MultiplyAddEstimate(f13, w, h3);
            w = Vector512.Load(a2 + r);
            h0 = Vector512.MultiplyAddEstimate(f20, w, h0);
            h1 = Vector512.MultiplyAddEstimate(f21, w, h1);
            h2 = Vector512.MultiplyAddEstimate(f22, w, h2);
            h3 = Vector512.MultiplyAddEstimate(f23, w, h3);
            w = Vector512.Load(a3 + r);
            h0 = Vector512.MultiplyAddEstimate(f30, w, h0);
            h1 = Vector512.MultiplyAddEstimate(f31, w, h1);
            h2 = Vector512.MultiplyAddEstimate(f32, w, h2);
            h3 = Vector512.MultiplyAddEstimate(f33, w, h3);
            w = Vector512.Load(a4 + r);
            h0 = Vector512.MultiplyAddEstimate(f40, w, h0);
            h1 = Vector512.MultiplyAddEstimate(f41, w, h1);
            h2 = Vector512.MultiplyAddEstimate(f42, w, h2);
            h3 = Vector512.MultiplyAddEstimate(f43, w, h3);
            h0.Store(x0 + r);
            h1.Store(x1 + r);
            h2.Store(x2 + r);
            h3.Store(x3 + r);
        }

        for (; r < n; r++)
        {
            double w0 = a[r], w1 = a1[r], w2 = a2[r], w3 = a3[r], w4 = a4[r];
            double t0 = x0[r] + (g0[0] * w0) + (g0[1] * w1) + (g0[2] * w2) + (g0[3] * w3) + (g0[4] * w4), t1 = x1[r] + (g1[0] * w0) + (g1[1] * w1) + (g1[2] * w2) + (g1[3] * w3) + (g1[4] * w4), t2 = x2[r] + (g2[0] * w0) + (g2[1] * w1) + (g2[2] * w2) + (g2[3] * w3) + (g2[4] * w4), t3 = x3[r] + (g3[0] * w0) + (g3[1] * w1) + (g3[2] * w2) + (g3[3] * w3) + (g3[4] * w4);
            (x0[r], x1[r], x2[r], x3[r]) = (t0, t1, t2, t3);
        }
    }
}
