using System.Runtime.CompilerServices;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <content>Tiles are compiled once for each number of rows or columns, which is a constant within.</content>
internal static unsafe partial class ThinProduct
{
    private interface INumber
    {
        static abstract int Count { get; }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideDots(int count, int n, double* a, nint lda, double* x0, double* x1, double* x2, double* x3, double* z, nint ldz, bool add, double* masks, double* next)
    {
        switch (count)
        {
            case 1: WideDots<One>(n, a, lda, x0, x1, x2, x3, z, ldz, add, masks, next); break;
            case 2: WideDots<Two>(n, a, lda, x0, x1, x2, x3, z, ldz, add, masks, next); break;
            case 3: WideDots<Three>(n, a, lda, x0, x1, x2, x3, z, ldz, add, masks, next); break;
            case 4: WideDots<Four>(n, a, lda, x0, x1, x2, x3, z, ldz, add, masks, next); break;
            case 5: WideDots<Five>(n, a, lda, x0, x1, x2, x3, z, ldz, add, masks, next); break;
            default: WideDots<Six>(n, a, lda, x0, x1, x2, x3, z, ldz, add, masks, next); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowDots(int count, int n, double* a, nint lda, double* x0, double* x1, double* z, nint ldz, bool add, double* masks, double* next)
    {
        switch (count)
        {
            case 1: NarrowDots<One>(n, a, lda, x0, x1, z, ldz, add, masks, next); break;
            case 2: NarrowDots<Two>(n, a, lda, x0, x1, z, ldz, add, masks, next); break;
            case 3: NarrowDots<Three>(n, a, lda, x0, x1, z, ldz, add, masks, next); break;
            case 4: NarrowDots<Four>(n, a, lda, x0, x1, z, ldz, add, masks, next); break;
            case 5: NarrowDots<Five>(n, a, lda, x0, x1, z, ldz, add, masks, next); break;
            default: NarrowDots<Six>(n, a, lda, x0, x1, z, ldz, add, masks, next); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideCombine<TVectors>(int count, int terms, double* x, nint ldx, double* f, nint ldf, nint step, double* y, nint ldy, double* scale, double* masks, double* next)
        where TVectors : struct, INumber
    {
        switch (count)
        {
            case 1: WideCombine<One, TVectors>(terms, x, ldx, f, ldf, step, y, ldy, scale, masks, next); break;
            case 2: WideCombine<Two, TVectors>(terms, x, ldx, f, ldf, step, y, ldy, scale, masks, next); break;
            case 3: WideCombine<Three, TVectors>(terms, x, ldx, f, ldf, step, y, ldy, scale, masks, next); break;
            case 4: WideCombine<Four, TVectors>(terms, x, ldx, f, ldf, step, y, ldy, scale, masks, next); break;
            case 5: WideCombine<Five, TVectors>(terms, x, ldx, f, ldf, step, y, ldy, scale, masks, next); break;
            default: WideCombine<Six, TVectors>(terms, x, ldx, f, ldf, step, y, ldy, scale, masks, next); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowCombine(int count, int terms, double* x, nint ldx, double* f, nint ldf, nint step, double* y, nint ldy, double* scale, double* masks, double* next)
    {
        switch (count)
        {
            case 1: NarrowCombine<One>(terms, x, ldx, f, ldf, step, y, ldy, scale, masks, next); break;
            case 2: NarrowCombine<Two>(terms, x, ldx, f, ldf, step, y, ldy, scale, masks, next); break;
            case 3: NarrowCombine<Three>(terms, x, ldx, f, ldf, step, y, ldy, scale, masks, next); break;
            case 4: NarrowCombine<Four>(terms, x, ldx, f, ldf, step, y, ldy, scale, masks, next); break;
            case 5: NarrowCombine<Five>(terms, x, ldx, f, ldf, step, y, ldy, scale, masks, next); break;
            default: NarrowCombine<Six>(terms, x, ldx, f, ldf, step, y, ldy, scale, masks, next); break;
        }
    }

    private readonly struct One : INumber
    {
        public static int Count => 1;
    }

    private readonly struct Two : INumber
    {
        public static int Count => 2;
    }

    private readonly struct Three : INumber
    {
        public static int Count => 3;
    }

    private readonly struct Four : INumber
    {
        public static int Count => 4;
    }

    private readonly struct Five : INumber
    {
        public static int Count => 5;
    }

    private readonly struct Six : INumber
    {
        public static int Count => 6;
    }
}
