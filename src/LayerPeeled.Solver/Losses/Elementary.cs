using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.Losses;

/// <summary>Elementary functions that keep their relative precision near zero.</summary>
internal static class Elementary
{
    // Their sum is log 2 to 100 bits; the first has 32, so that integers times it are exact.
    internal const double LogTwoHigh = 0.693147180369123816490;
    internal const double LogTwoLow = 1.90821492927058770002e-10;

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
        Vector256<double> r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-LogTwoHigh), x);
        r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-LogTwoLow), r);
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

    /// <summary>log(x) for 1 ≤ x &lt; ∞ within an ulp, as in FreeBSD's libm (fdlibm); NaN for NaN and ∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x)
    {
        Vector256<double> m = Mantissa(x, out Vector256<double> k), one = Vector256<double>.One;
        // log(1 + f) = f − f²/2 + s·(f²/2 + R(s²)) with s = f/(2 + f)
        Vector256<double> f = m - one, s = f / (f + Vector256.Create(2.0)), half = Vector256.Create(0.5) * f * f, z = s * s;
        Vector256<double> r = Vector256.Create(1.479819860511658591e-01);
        r = Vector256.MultiplyAddEstimate(r, z, Vector256.Create(1.531383769920937332e-01));
        r = Vector256.MultiplyAddEstimate(r, z, Vector256.Create(1.818357216161805012e-01));
        r = Vector256.MultiplyAddEstimate(r, z, Vector256.Create(2.222219843214978396e-01));
        r = Vector256.MultiplyAddEstimate(r, z, Vector256.Create(2.857142874366239149e-01));
        r = Vector256.MultiplyAddEstimate(r, z, Vector256.Create(3.999999999940941908e-01));
        r = Vector256.MultiplyAddEstimate(r, z, Vector256.Create(6.666666666666735130e-01));
        Vector256<double> low = Vector256.MultiplyAddEstimate(k, Vector256.Create(LogTwoLow), s * Vector256.MultiplyAddEstimate(r, z, half));
        // x − x is zero, or NaN
        return (k * Vector256.Create(LogTwoHigh)) - ((half - low) - f) + (x - x);
    }

    /// <summary>m of x = 2^k·m with √½ &lt; m ≤ √2, for normal x > 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Mantissa(Vector256<double> x, out Vector256<double> k)
    {
        Vector256<double> one = Vector256<double>.One, two52 = Vector256.Create(4503599627370496.0);
        Vector256<long> bits = x.AsInt64();
        k = (Vector256.ShiftRightLogical(bits, 52) | two52.AsInt64()).AsDouble() - (two52 + Vector256.Create(1023.0));
        Vector256<double> m = ((bits & Vector256.Create((1L << 52) - 1)) | one.AsInt64()).AsDouble();
        Vector256<double> halve = Vector256.GreaterThan(m, Vector256.Create(1.4142135623730951));
        k += halve & one;
        return Vector256.ConditionalSelect(halve, m * Vector256.Create(0.5), m);
    }

    // p + p·x
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> MultiplyAdd(Vector256<double> p, Vector256<double> x) => Vector256.MultiplyAddEstimate(p, x, p);

    // n + 1023 moves from the last bits of a sum with the rounder to where the exponent stands.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> PowerOfTwo(Vector256<double> n, Vector256<double> rounder) =>
        Vector256.ShiftLeft((n + (rounder + Vector256.Create(1023.0))).AsInt64(), 52).AsDouble();
}
