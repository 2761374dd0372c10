using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <content>The tiles are compiled once for each number of rows, which is a constant within.</content>
internal static unsafe partial class ThinProduct
{
    /// <summary>A number of rows or columns.</summary>
    private interface ITile
    {
        static abstract int Count { get; }
    }

    private static void DotTile(int rows, int n, double* a, nint lda, double* x0, double* x1, double* x2, double* x3, double* z, nint ldz, bool add, double* counts, double* next)
    {
        switch (rows)
        {
            case 1: WideDots<One>(n, a, lda, x0, x1, x2, x3, z, ldz, add, counts, next); break;
            case 2: WideDots<Two>(n, a, lda, x0, x1, x2, x3, z, ldz, add, counts, next); break;
            case 3: WideDots<Three>(n, a, lda, x0, x1, x2, x3, z, ldz, add, counts, next); break;
            case 4: WideDots<Four>(n, a, lda, x0, x1, x2, x3, z, ldz, add, counts, next); break;
            case 5: WideDots<Five>(n, a, lda, x0, x1, x2, x3, z, ldz, add, counts, next); break;
            default: WideDots<Six>(n, a, lda, x0, x1, x2, x3, z, ldz, add, counts, next); break;
        }
    }

    private static void DotTile(int rows, int n, double* a, nint lda, double* x0, double* x1, double* z, nint ldz, bool add, double* counts, double* next)
    {
        switch (rows)
        {
            case 1: NarrowDots<One>(n, a, lda, x0, x1, z, ldz, add, counts, next); break;
            case 2: NarrowDots<Two>(n, a, lda, x0, x1, z, ldz, add, counts, next); break;
            case 3: NarrowDots<Three>(n, a, lda, x0, x1, z, ldz, add, counts, next); break;
            case 4: NarrowDots<Four>(n, a, lda, x0, x1, z, ldz, add, counts, next); break;
            case 5: NarrowDots<Five>(n, a, lda, x0, x1, z, ldz, add, counts, next); break;
            default: NarrowDots<Six>(n, a, lda, x0, x1, z, ldz, add, counts, next); break;
        }
    }

    private static void CombineTile(int columns, int terms, double* x, nint ldx, double* f, nint ldf, nint step, double* y, nint ldy, double* scale, double* counts, double* next)
    {
        switch (Vector512.IsHardwareAccelerated ? columns : -columns)
        {
            case 1: WideCombine<One>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case 2: WideCombine<Two>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case 3: WideCombine<Three>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case 4: WideCombine<Four>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case 5: WideCombine<Five>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case 6: WideCombine<Six>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case 7: WideCombine<Seven>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case 8: WideCombine<Eight>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case 9: WideCombine<Nine>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case 10: WideCombine<Ten>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case 11: WideCombine<Eleven>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            default: WideCombine<Twelve>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case -1: NarrowCombine<One>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case -2: NarrowCombine<Two>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case -3: NarrowCombine<Three>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case -4: NarrowCombine<Four>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case -5: NarrowCombine<Five>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
            case -6: NarrowCombine<Six>(terms, x, ldx, f, ldf, step, y, ldy, scale, counts, next); break;
        }
    }

    private readonly struct One : ITile
    {
        public static int Count => 1;
    }

    private readonly struct Two : ITile
    {
        public static int Count => 2;
    }

    private readonly struct Three : ITile
    {
        public static int Count => 3;
    }

    private readonly struct Four : ITile
    {
        public static int Count => 4;
    }

    private readonly struct Five : ITile
    {
        public static int Count => 5;
    }

    private readonly struct Six : ITile
    {
        public static int Count => 6;
    }

    private readonly struct Seven : ITile
    {
        public static int Count => 7;
    }

    private readonly struct Eight : ITile
    {
        public static int Count => 8;
    }

    private readonly struct Nine : ITile
    {
        public static int Count => 9;
    }

    private readonly struct Ten : ITile
    {
        public static int Count => 10;
    }

    private readonly struct Eleven : ITile
    {
        public static int Count => 11;
    }

    private readonly struct Twelve : ITile
    {
        public static int Count => 12;
    }
}
