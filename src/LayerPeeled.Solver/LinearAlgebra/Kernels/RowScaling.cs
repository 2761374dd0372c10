using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>Products with D = diag(d) from the left, with what else is to be done while the numbers are in registers.</summary>
internal static class RowScaling
{
    /// <summary>y ← D·x for n×k matrices; returns ‖y‖².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Scale(ReadOnlySpan<double> d, ReadOnlySpan<double> x, Span<double> y)
    {
        int n = d.Length;
        RequireColumns(n, x.Length, y.Length);
        ref double d0 = ref MemoryMarshal.GetReference(d), x0 = ref MemoryMarshal.GetReference(x), y0 = ref MemoryMarshal.GetReference(y);
        Vector256<double> sum = default, late = default;
        double rest = 0;
        for (int column = 0; column < x.Length; column += n)
        {
            int i = 0;
            for (; i + 8 <= n; i += 8)
            {
                nuint at = (nuint)(column + i);
                Vector256<double> low = Vector256.LoadUnsafe(ref d0, (nuint)i) * Vector256.LoadUnsafe(ref x0, at);
                Vector256<double> high = Vector256.LoadUnsafe(ref d0, (nuint)i + 4) * Vector256.LoadUnsafe(ref x0, at + 4);
                low.StoreUnsafe(ref y0, at);
                high.StoreUnsafe(ref y0, at + 4);
                sum = Vector256.MultiplyAddEstimate(low, low, sum);
                late = Vector256.MultiplyAddEstimate(high, high, late);
            }

            for (; i < n; i++)
            {
                double value = d[i] * x[column + i];
                y[column + i] = value;
                rest += value * value;
            }
        }

        return Vector256.Sum(sum + late) + rest;
    }

    /// <summary>y ← c·D·x for one column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(double c, ReadOnlySpan<double> d, ReadOnlySpan<double> x, Span<double> y)
    {
        int n = d.Length, i = 0;
        RequireColumns(n, n, x.Length);
        RequireColumns(n, n, y.Length);
        ref double d0 = ref MemoryMarshal.GetReference(d), x0 = ref MemoryMarshal.GetReference(x), y0 = ref MemoryMarshal.GetReference(y);
        var factor = Vector256.Create(c);
        for (; i + 4 <= n; i += 4)
        {
            (Vector256.LoadUnsafe(ref x0, (nuint)i) * Vector256.LoadUnsafe(ref d0, (nuint)i) * factor).StoreUnsafe(ref y0, (nuint)i);
        }

        for (; i < n; i++)
        {
            y[i] = x[i] * d[i] * c;
        }
    }

    /// <summary>t ← a·x + b·p and y ← c·D·t for n×k matrices; returns ‖t‖².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double CombineAndScale(
        ReadOnlySpan<double> d, double a, ReadOnlySpan<double> x, double b, ReadOnlySpan<double> p, double c, Span<double> y)
    {
        int n = d.Length;
        RequireColumns(n, x.Length, y.Length);
        RequireColumns(n, x.Length, p.Length);
        ref double d0 = ref MemoryMarshal.GetReference(d), x0 = ref MemoryMarshal.GetReference(x);
        ref double p0 = ref MemoryMarshal.GetReference(p), y0 = ref MemoryMarshal.GetReference(y);
        Vector256<double> sum = default, va = Vector256.Create(a), vb = Vector256.Create(b), vc = Vector256.Create(c);
        double rest = 0;
        for (int column = 0; column < x.Length; column += n)
        {
            int i = 0;
            for (; i + 4 <= n; i += 4)
            {
                nuint at = (nuint)(column + i);
                Vector256<double> t = (va * Vector256.LoadUnsafe(ref x0, at)) + (vb * Vector256.LoadUnsafe(ref p0, at));
                sum = Vector256.MultiplyAddEstimate(t, t, sum);
                (t * (vc * Vector256.LoadUnsafe(ref d0, (nuint)i))).StoreUnsafe(ref y0, at);
            }

            for (; i < n; i++)
            {
                double t = (a * x[column + i]) + (b * p[column + i]);
                rest += t * t;
                y[column + i] = t * (c * d[i]);
            }
        }

        return Vector256.Sum(sum) + rest;
    }

    private static void RequireColumns(int rows, int length, int otherLength)
    {
        if (length != otherLength || (rows == 0 ? length != 0 : length % rows != 0))
        {
            throw new ArgumentException($"Matrices with {rows} rows must be of one size, got {length} and {otherLength} entries.");
        }
    }
}
