using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <content>Tiles of five rows and two columns for registers of 256 bits.</content>
internal static unsafe partial class ThinProduct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotTile(int n, double* a, int lda, double* x0, double* x1, double* z0, double* z1, nint ahead)
    {
        double* a1 = a + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda;
        Vector256<double> s00 = default, s01 = default;
        Vector256<double> s10 = default, s11 = default;
        Vector256<double> s20 = default, s21 = default;
        Vector256<double> s30 = default, s31 = default;
        Vector256<double> s40 = default, s41 = default;
        int r = 0;
        for (; r + 4 <= n; r += 4)
        {
            Vector256<double> h0 = Vector256.Load(x0 + r), h1 = Vector256.Load(x1 + r), w;
            if (ahead != 0 && Sse.IsSupported)
            {
                Sse.Prefetch0(x0 + r + ahead);
                Sse.Prefetch0(x1 + r + ahead);
            }

            w = Vector256.Load(a + r);
            s00 = Vector256.MultiplyAddEstimate(w, h0, s00);
            s01 = Vector256.MultiplyAddEstimate(w, h1, s01);
            w = Vector256.Load(a1 + r);
            s10 = Vector256.MultiplyAddEstimate(w, h0, s10);
            s11 = Vector256.MultiplyAddEstimate(w, h1, s11);
            w = Vector256.Load(a2 + r);
            s20 = Vector256.MultiplyAddEstimate(w, h0, s20);
            s21 = Vector256.MultiplyAddEstimate(w, h1, s21);
            w = Vector256.Load(a3 + r);
            s30 = Vector256.MultiplyAddEstimate(w, h0, s30);
            s31 = Vector256.MultiplyAddEstimate(w, h1, s31);
            w = Vector256.Load(a4 + r);
            s40 = Vector256.MultiplyAddEstimate(w, h0, s40);
            s41 = Vector256.MultiplyAddEstimate(w, h1, s41);
        }

        double t00 = Vector256.Sum(s00), t01 = Vector256.Sum(s01);
        double t10 = Vector256.Sum(s10), t11 = Vector256.Sum(s11);
        double t20 = Vector256.Sum(s20), t21 = Vector256.Sum(s21);
        double t30 = Vector256.Sum(s30), t31 = Vector256.Sum(s31);
        double t40 = Vector256.Sum(s40), t41 = Vector256.Sum(s41);
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
        }

        // Columns may coincide: stored once all is read.
        (z0[0], z0[1], z0[2], z0[3], z0[4]) = (t00, t10, t20, t30, t40);
        (z1[0], z1[1], z1[2], z1[3], z1[4]) = (t01, t11, t21, t31, t41);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowTileOf2(int n, double* a, int lda, double* x0, double* x1, double* g0, double* g1)
    {
        double* a1 = a + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda;
        Vector256<double> f00 = Vector256.Create(g0[0]), f01 = Vector256.Create(g1[0]);
        Vector256<double> f10 = Vector256.Create(g0[1]), f11 = Vector256.Create(g1[1]);
        Vector256<double> f20 = Vector256.Create(g0[2]), f21 = Vector256.Create(g1[2]);
        Vector256<double> f30 = Vector256.Create(g0[3]), f31 = Vector256.Create(g1[3]);
        Vector256<double> f40 = Vector256.Create(g0[4]), f41 = Vector256.Create(g1[4]);
        int r = 0;
        for (; r + 4 <= n; r += 4)
        {
            Vector256<double> h0 = Vector256.Load(x0 + r), h1 = Vector256.Load(x1 + r), s;
            s = Vector256.Load(a + r);
            s = Vector256.MultiplyAddEstimate(f00, h0, s);
            s = Vector256.MultiplyAddEstimate(f01, h1, s);
            s.Store(a + r);
            s = Vector256.Load(a1 + r);
            s = Vector256.MultiplyAddEstimate(f10, h0, s);
            s = Vector256.MultiplyAddEstimate(f11, h1, s);
            s.Store(a1 + r);
            s = Vector256.Load(a2 + r);
            s = Vector256.MultiplyAddEstimate(f20, h0, s);
            s = Vector256.MultiplyAddEstimate(f21, h1, s);
            s.Store(a2 + r);
            s = Vector256.Load(a3 + r);
            s = Vector256.MultiplyAddEstimate(f30, h0, s);
            s = Vector256.MultiplyAddEstimate(f31, h1, s);
            s.Store(a3 + r);
            s = Vector256.Load(a4 + r);
            s = Vector256.MultiplyAddEstimate(f40, h0, s);
            s = Vector256.MultiplyAddEstimate(f41, h1, s);
            s.Store(a4 + r);
        }

        for (; r < n; r++)
        {
            a[r] += (g0[0] * x0[r]) + (g1[0] * x1[r]);
            a1[r] += (g0[1] * x0[r]) + (g1[1] * x1[r]);
            a2[r] += (g0[2] * x0[r]) + (g1[2] * x1[r]);
            a3[r] += (g0[3] * x0[r]) + (g1[3] * x1[r]);
            a4[r] += (g0[4] * x0[r]) + (g1[4] * x1[r]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ColumnTileOf2(int n, double* a, int lda, double* x0, double* x1, double* g0, double* g1)
    {
        double* a1 = a + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda;
        Vector256<double> f00 = Vector256.Create(g0[0]), f01 = Vector256.Create(g1[0]);
        Vector256<double> f10 = Vector256.Create(g0[1]), f11 = Vector256.Create(g1[1]);
        Vector256<double> f20 = Vector256.Create(g0[2]), f21 = Vector256.Create(g1[2]);
        Vector256<double> f30 = Vector256.Create(g0[3]), f31 = Vector256.Create(g1[3]);
        Vector256<double> f40 = Vector256.Create(g0[4]), f41 = Vector256.Create(g1[4]);
        int r = 0;
        for (; r + 4 <= n; r += 4)
        {
            Vector256<double> h0 = Vector256.Load(x0 + r), h1 = Vector256.Load(x1 + r), w;
            w = Vector256.Load(a + r);
            h0 = Vector256.MultiplyAddEstimate(f00, w, h0);
            h1 = Vector256.MultiplyAddEstimate(f01, w, h1);
            w = Vector256.Load(a1 + r);
            h0 = Vector256.MultiplyAddEstimate(f10, w, h0);
            h1 = Vector256.MultiplyAddEstimate(f11, w, h1);
            w = Vector256.Load(a2 + r);
            h0 = Vector256.MultiplyAddEstimate(f20, w, h0);
            h1 = Vector256.MultiplyAddEstimate(f21, w, h1);
            w = Vector256.Load(a3 + r);
            h0 = Vector256.MultiplyAddEstimate(f30, w, h0);
            h1 = Vector256.MultiplyAddEstimate(f31, w, h1);
            w = Vector256.Load(a4 + r);
            h0 = Vector256.MultiplyAddEstimate(f40, w, h0);
            h1 = Vector256.MultiplyAddEstimate(f41, w, h1);
            h0.Store(x0 + r);
            h1.Store(x1 + r);
        }

        for (; r < n; r++)
        {
            double w0 = a[r], w1 = a1[r], w2 = a2[r], w3 = a3[r], w4 = a4[r];
            double t0 = x0[r] + (g0[0] * w0) + (g0[1] * w1) + (g0[2] * w2) + (g0[3] * w3) + (g0[4] * w4), t1 = x1[r] + (g1[0] * w0) + (g1[1] * w1) + (g1[2] * w2) + (g1[3] * w3) + (g1[4] * w4);
            (x0[r], x1[r]) = (t0, t1);
        }
    }
}
