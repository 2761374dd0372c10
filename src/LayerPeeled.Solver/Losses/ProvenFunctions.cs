using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// Logarithms whose error is bounded by proof, from additions, multiplications and divisions alone: those of the run-time come from the platform, which
/// promises nothing. The proof is in docs/certificates.md.
/// </summary>
internal static class ProvenFunctions
{
    /// <summary>What <see cref="Log(double)"/> is off by at most, relatively, in units of u = 2⁻⁵³.</summary>
    public const int LogError = 6;

    /// <summary>What <see cref="Elementary.Exp"/> is off by at most, relatively, in units of u where the result is a normal number.</summary>
    public const int ExpError = 8;

    /// <summary>Below, 1 + x and 1 − x lose digits that log(1 ± x) needs.</summary>
    private const double SmallArgument = 0.29;
    private const double LargestArgument = 1e300;

    /// <summary>log(x) for normal x > 0.</summary>
    public static double Log(double x) => Log(Vector256.CreateScalar(x)).ToScalar();

    /// <summary>log(x) for normal x > 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x)
    {
        // log x = k·log 2 + log m
        Vector256<double> m = Elementary.Mantissa(x, out Vector256<double> k);
        Vector256<double> f = m - Vector256<double>.One, log = TwiceArtanh(f / (f + Vector256.Create(2.0)));
        return (k * Vector256.Create(Elementary.LogTwoHigh)) + ((k * Vector256.Create(Elementary.LogTwoLow)) + log);
    }

    /// <summary>A number not below log(1 + x), x ≥ 0, and within 24 units of it.</summary>
    public static double LogOnePlusAbove(double x) => x < SmallArgument
        ? Rounding.Up(TwiceArtanh(Vector256.CreateScalar(x / (2 + x))).ToScalar(), LogError)
        : x < LargestArgument ? Rounding.Up(Log(Math.BitIncrement(1 + x)), LogError) : double.PositiveInfinity;

    /// <summary>
    /// A number not above the least value of −(1 − s)·log(1 − s) for s between two numbers, 0 ≤ low ≤ high ≤ 1: the part of the entropy that belongs to
    /// the remaining probability, a concave function.
    /// </summary>
    public static double RemainderEntropyBelow(double low, double high)
    {
        if (high < SmallArgument)
        {
            // increasing up to 1 − 1/e
            double logarithm = TwiceArtanh(Vector256.CreateScalar(low / (2 - low))).ToScalar();
            return Rounding.Down((1 - low) * logarithm, LogError + 2);
        }

        return Math.Min(OfRemainder(Math.Max(0, Math.BitDecrement(1 - high))), OfRemainder(Math.Min(1, Math.BitIncrement(1 - low))));

        static double OfRemainder(double t) => !(t > 1e-300) ? 0 : Math.Max(0, Rounding.Down(-t * Log(t), LogError + 1));
    }

    // 2·artanh(s) = log((1 + s)/(1 − s)) for |s| ≤ 0.172: 2s·(1 + Σ_{j ≥ 1} s^{2j}/(2j + 1)) to j = 10
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> TwiceArtanh(Vector256<double> s)
    {
        Vector256<double> z = s * s, series = Vector256.Create(1 / 21.0), twice = s + s;
        series = (series * z) + Vector256.Create(1 / 19.0);
        series = (series * z) + Vector256.Create(1 / 17.0);
        series = (series * z) + Vector256.Create(1 / 15.0);
        series = (series * z) + Vector256.Create(1 / 13.0);
        series = (series * z) + Vector256.Create(1 / 11.0);
        series = (series * z) + Vector256.Create(1 / 9.0);
        series = (series * z) + Vector256.Create(1 / 7.0);
        series = (series * z) + Vector256.Create(1 / 5.0);
        series = (series * z) + Vector256.Create(1 / 3.0);
        return twice + (twice * (z * series));
    }
}
