using System.Runtime.Intrinsics;
using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Losses;

/// <content>Bounds in exact arithmetic; docs/certificates.md derives them.</content>
public sealed partial class CrossEntropyLoss
{
    // e^x ≤ 1 + x + x² up to here
    private const double LargestError = 1;

    // exp(x) of the smallest x is subnormal, with this error at most.
    private const double SubnormalError = 1e-323;
    private const double SmallestNormal = 2.2250738585072014e-308;

    /// <inheritdoc/>
    public double ValueAbove(
        double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, double ownError, ReadOnlySpan<double> errors)
    {
        double shift = Shift(ownLogit, logits, multiplicities);
        double sum = SumAbove(ownLogit, shift, logits, multiplicities, ownError, errors);
        // L = s + log(e^{−s} + Σ m·exp(z_g − z_own − s))
        return shift == 0 ? ProvenFunctions.LogOnePlusAbove(sum)
            : Rounding.Up(shift + ProvenFunctions.LogOnePlusAbove(Math.BitIncrement(Rounding.Up(ExpAbove(-shift) + sum, 1) - 1)), 1);
    }

    /// <inheritdoc/>
    public double DualValueBelow(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        (double others, double entropy) = Entropy(multiplicities, dual, 0);
        double high = Rounding.Up(others, Rounding.SumError);
        // Σ m·p·(−log p) − (1 − s)·log(1 − s), s = Σ m·p
        return high <= 1 ? Rounding.Down(entropy + ProvenFunctions.RemainderEntropyBelow(Rounding.Down(others, Rounding.SumError), high), 1) : double.NegativeInfinity;
    }

    /// <inheritdoc/>
    public double LargestLogit(double value) => value; // L ≥ log(1 + exp(z_j − z_own))

    /// <summary>A number not below Σ m_g·exp(z_g − z_own − shift) for all logits within their errors; shift is so large that no exponent is positive.</summary>
    internal static double SumAbove(
        double ownLogit, double shift, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, double ownError, ReadOnlySpan<double> errors)
    {
        CompensatedSum sum = default;
        for (int g = 0; g < logits.Length; g++)
        {
            if (multiplicities[g] != 0)
            {
                // Each of the two subtractions is off by at most u times what it leaves.
                double difference = logits[g] - ownLogit, exponent = difference - shift;
                double error = ownError + errors[g] + (2 * Rounding.Unit * (Math.Abs(difference) + Math.Abs(exponent)));
                if (!(error <= LargestError))
                {
                    return double.PositiveInfinity;
                }

                sum.Add(multiplicities[g] * ExpAbove(Math.Min(0, exponent)) * (1 + (error * (1 + error))));
            }
        }

        return Rounding.Up(sum.Value, Rounding.SumError + 6);
    }

    /// <summary>s = Σ m·p to <see cref="Rounding.SumError"/> units, +∞ if a p is negative, and a number not above Σ m·p·(weight − log p).</summary>
    internal static (double Others, double Entropy) Entropy(ReadOnlySpan<double> multiplicities, ReadOnlySpan<double> dual, double weight)
    {
        Vector256<double> smallest = Vector256.Create(SmallestNormal), weights = Vector256.Create(weight), slack = Vector256.Create((ProvenFunctions.LogError + 4) * Rounding.Unit);
        CompensatedSum others = default, entropy = default;
        for (int g = 0; g < dual.Length; g += Vector256<double>.Count)
        {
            Vector256<double> p = Load(dual, g), share = Load(multiplicities, g) * p;
            Vector256<double> logarithm = ProvenFunctions.Log(Vector256.Max(p, smallest));
            Vector256<double> term = (weights - logarithm) - (slack * (weights + Vector256.Abs(logarithm)));
            if (!Vector256.GreaterThanOrEqualAll(share, Vector256<double>.Zero))
            {
                return (double.PositiveInfinity, 0);
            }

            others.Add(share);
            // what is subnormal adds nothing that counts, and nothing negative
            entropy.Add(Vector256.GreaterThan(p, smallest) & (share * term));
        }

        return (others.Value, Rounding.Down(entropy.Value, Rounding.SumError));

        static Vector256<double> Load(ReadOnlySpan<double> values, int start)
        {
            if (start + Vector256<double>.Count <= values.Length)
            {
                return Vector256.Create(values[start..]);
            }

            Span<double> rest = stackalloc double[Vector256<double>.Count];
            rest.Clear();
            values[start..].CopyTo(rest);
            return Vector256.Create((ReadOnlySpan<double>)rest);
        }
    }

    internal static double ExpAbove(double exponent) =>
        Rounding.Up(Elementary.Exp(Vector256.CreateScalar(exponent)).ToScalar(), ProvenFunctions.ExpError) + SubnormalError;
}
