using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>Vectors that are stored in single precision and computed with in double precision: half the memory traffic.</summary>
internal static class MixedPrecision
{
    /// <summary>stored ← values, rounded; values ← what was stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(Span<double> values, Span<float> stored)
    {
        int n = values.Length, i = 0;
        Require(n, stored.Length);
        ref double x0 = ref MemoryMarshal.GetReference(values);
        ref float v0 = ref MemoryMarshal.GetReference(stored);
        for (; i + 8 <= n; i += 8)
        {
            Vector256<float> single = Vector256.Narrow(Vector256.LoadUnsafe(ref x0, (nuint)i), Vector256.LoadUnsafe(ref x0, (nuint)i + 4));
            single.StoreUnsafe(ref v0, (nuint)i);
            Vector256.WidenLower(single).StoreUnsafe(ref x0, (nuint)i);
            Vector256.WidenUpper(single).StoreUnsafe(ref x0, (nuint)i + 4);
        }

        for (; i < n; i++)
        {
            stored[i] = (float)values[i];
            values[i] = stored[i];
        }
    }

    /// <summary>⟨v, a⟩, ⟨v, b⟩ and ⟨v, c⟩ in one pass over v.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double WithA, double WithB, double WithC) Dots(
        ReadOnlySpan<float> v, ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> c)
    {
        int n = v.Length;
        Require(n, a.Length);
        Require(n, b.Length);
        Require(n, c.Length);
        ref float v0 = ref MemoryMarshal.GetReference(v);
        ref double a0 = ref MemoryMarshal.GetReference(a), b0 = ref MemoryMarshal.GetReference(b), c0 = ref MemoryMarshal.GetReference(c);
        Vector256<double> sumA = default, sumB = default, sumC = default, lateA = default, lateB = default, lateC = default;
        int i = 0;
        for (; i + 8 <= n; i += 8)
        {
            var single = Vector256.LoadUnsafe(ref v0, (nuint)i);
            Vector256<double> low = Vector256.WidenLower(single), high = Vector256.WidenUpper(single);
            sumA = Vector256.MultiplyAddEstimate(low, Vector256.LoadUnsafe(ref a0, (nuint)i), sumA);
            sumB = Vector256.MultiplyAddEstimate(low, Vector256.LoadUnsafe(ref b0, (nuint)i), sumB);
            sumC = Vector256.MultiplyAddEstimate(low, Vector256.LoadUnsafe(ref c0, (nuint)i), sumC);
            lateA = Vector256.MultiplyAddEstimate(high, Vector256.LoadUnsafe(ref a0, (nuint)i + 4), lateA);
            lateB = Vector256.MultiplyAddEstimate(high, Vector256.LoadUnsafe(ref b0, (nuint)i + 4), lateB);
            lateC = Vector256.MultiplyAddEstimate(high, Vector256.LoadUnsafe(ref c0, (nuint)i + 4), lateC);
        }

        double withA = Vector256.Sum(sumA + lateA), withB = Vector256.Sum(sumB + lateB), withC = Vector256.Sum(sumC + lateC);
        for (; i < n; i++)
        {
            withA += v[i] * a[i];
            withB += v[i] * b[i];
            withC += v[i] * c[i];
        }

        return (withA, withB, withC);
    }

    /// <summary>x ← x + α·v.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(double alpha, ReadOnlySpan<float> v, Span<double> x)
    {
        int n = v.Length, i = 0;
        Require(n, x.Length);
        ref float v0 = ref MemoryMarshal.GetReference(v);
        ref double x0 = ref MemoryMarshal.GetReference(x);
        var factor = Vector256.Create(alpha);
        for (; i + 8 <= n; i += 8)
        {
            var single = Vector256.LoadUnsafe(ref v0, (nuint)i);
            Vector256.MultiplyAddEstimate(Vector256.WidenLower(single), factor, Vector256.LoadUnsafe(ref x0, (nuint)i)).StoreUnsafe(ref x0, (nuint)i);
            Vector256.MultiplyAddEstimate(Vector256.WidenUpper(single), factor, Vector256.LoadUnsafe(ref x0, (nuint)i + 4)).StoreUnsafe(ref x0, (nuint)i + 4);
        }

        for (; i < n; i++)
        {
            x[i] += alpha * v[i];
        }
    }

    private static void Require(int expected, int length)
    {
        if (length != expected)
        {
            throw new ArgumentException($"Vectors must be of one length, got {expected} and {length}.");
        }
    }
}
