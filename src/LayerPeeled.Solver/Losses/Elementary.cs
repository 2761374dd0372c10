using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.Losses;

/// <summary>Elementary functions that keep their relative precision near zero.</summary>
internal static class Elementary
{
    /// <summary>log(1 + x) for x ≥ 0 with full relative precision (Kahan's correction of the rounding in 1 + x).</summary>
    public static double LogOnePlus(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : double.IsPositiveInfinity(u) ? double.PositiveInfinity : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>exp(x) for x ≤ 0, −∞ included, within an ulp or two; subnormal results are rounded once more. Inlined, so that no call is in a loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Exp(Vector256<double> x)
    {
        // 1.5·2⁵² rounds what is added to it to an integer n, which stands in the last bits.
        Vector256<double> rounder = Vector256.Create(6755399441055744.0);
        // below −746 all is zero; NaN comes through
        x = Vector256.MaxNative(Vector256.Create(-746.0), x);
        Vector256<double> n = Vector256.MultiplyAddEstimate(x, Vector256.Create(1.4426950408889634), rounder) - rounder;
        // r = x − n·log 2 in two parts, |r| ≤ log(2)/2
        Vector256<double> r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-0.693147180369123816490), x);
        r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-1.90821492927058770002e-10), r);
        // Σ_{j ≤ 13} r^j/j!, even and odd powers apart
        Vector256<double> s = r * r;
        Vector256<double> even = Vector256.Create(1 / 479001600.0), odd = Vector256.Create(1 / 6227020800.0);
        even = Vector256.MultiplyAddEstimate(even, s, Vector256.Create(1 / 3628800.0));
        odd = Vector256.MultiplyAddEstimate(odd, s, Vector256.Create(1 / 39916800.0));
        even = Vector256.MultiplyAddEstimate(even, s, Vector256.Create(1 / 40320.0));
        odd = Vector256.MultiplyAddEstimate(odd, s, Vector256.Create(1 / 362880.0));
        even = Vector256.MultiplyAddEstimate(even, s, Vector256.Create(1 / 720.0));
        odd = Vector256.MultiplyAddEstimate(odd, s, Vector256.Create(1 / 5040.0));
        even = Vector256.MultiplyAddEstimate(even, s, Vector256.Create(1 / 24.0));
        odd = Vector256.MultiplyAddEstimate(odd, s, Vector256.Create(1 / 120.0));
        even = Vector256.MultiplyAddEstimate(even, s, Vector256.Create(0.5));
        odd = Vector256.MultiplyAddEstimate(odd, s, Vector256.Create(1 / 6.0));
        // 1 + r + s·(even + r·odd)
        Vector256<double> tail = Vector256.MultiplyAddEstimate(s, Vector256.MultiplyAddEstimate(r, odd, even), r);
        // 2ⁿ in two factors, either of which is normal
        Vector256<double> first = Vector256.MaxNative(Vector256.Create(-1000.0), n);
        Vector256<double> power = PowerOfTwo(first, rounder);
        return MultiplyAdd(power, tail) * PowerOfTwo(n - first, rounder);
    }

    // p + p·x
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> MultiplyAdd(Vector256<double> p, Vector256<double> x) => Vector256.MultiplyAddEstimate(p, x, p);

    // n + 1023 moves from the last bits of a sum with the rounder to where the exponent stands.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> PowerOfTwo(Vector256<double> n, Vector256<double> rounder) =>
        Vector256.ShiftLeft((n + (rounder + Vector256.Create(1023.0))).AsInt64(), 52).AsDouble();
}
