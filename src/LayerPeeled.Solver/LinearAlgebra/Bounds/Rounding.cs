using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra.Bounds;

/// <summary>Bounds of rounding errors, after N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2002, chapters 3 and 4.</summary>
internal static class Rounding
{
    /// <summary>u = 2⁻⁵³: a rounded result is the exact one times 1 + δ, |δ| ≤ u, unless it is subnormal.</summary>
    public const double Unit = 1.1102230246251565e-16;

    /// <summary>What <see cref="SumOfProducts"/> is off by at most, relatively, in units of u.</summary>
    public const int SumError = 4;

    /// <summary>A number not below γ_n = n·u/(1 − n·u), the relative error of n roundings one after another; n at most 10¹⁰.</summary>
    public static double Gamma(double n) => n * Unit * (1 + (2.5 * n * Unit) + (8 * Unit));

    // Multiples of 2u added to or taken from 1 are exact, and leave a unit for the multiplication.

    /// <summary>A number not below x ≥ 0, where x has been computed with at most <paramref name="roundings"/> roundings of non-negative numbers.</summary>
    public static double Up(double x, int roundings) => x * (1 + ((roundings + 3) / 2 * (2 * Unit)));

    /// <summary>A number not above x ≥ 0, where x has been computed with at most <paramref name="roundings"/> roundings of non-negative numbers.</summary>
    public static double Down(double x, int roundings) => x * (1 - ((roundings + 3) / 2 * (2 * Unit)));

    /// <summary>Σ a_i·b_i of non-negative numbers with compensated additions: at most <see cref="SumError"/> units off relatively, up to 10⁶ terms.</summary>
    public static double SumOfProducts(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = new CompensatedSum();
        int i = 0;
        for (; i + Vector256<double>.Count <= a.Length; i += Vector256<double>.Count)
        {
            sum.Add(Vector256.Create(a.Slice(i)) * Vector256.Create(b.Slice(i)));
        }

        for (; i < a.Length; i++)
        {
            sum.Add(a[i] * b[i]);
        }

        return sum.Value;
    }
}
