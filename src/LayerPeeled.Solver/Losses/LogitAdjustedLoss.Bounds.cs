using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Losses;

/// <content>Bounds in exact arithmetic; docs/certificates.md derives them. δ and ι as they are rounded are the parameters.</content>
public sealed partial class LogitAdjustedLoss
{
    // Roundings of δ·z + ι
    private const int LogitSteps = 3;

    /// <inheritdoc/>
    public double LargestLogit(double value)
    {
        if (DependsOnClass && !isOfClass)
        {
            return double.PositiveInfinity;
        }

        // δ·z_j + ι_j − δ·z_own − ι_own ≤ L; temperatures that differ leave z free along 1/δ
        double least = adjustments is null ? 0 : TensorPrimitives.Min<double>(adjustments), bound = value + ownAdjustment - least;
        double size = Math.Abs(value) + Math.Abs(ownAdjustment) + Math.Abs(least);
        return deltas is not null ? double.PositiveInfinity : Rounding.Up(Math.Max(0, bound + (4 * Rounding.Unit * size)) / ownDelta, 2);
    }

    /// <inheritdoc/>
    public double OwnDual(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual, out double excess)
    {
        excess = 0;
        if (deltas is null)
        {
            return -Rounding.SumOfProducts(multiplicities, dual);
        }

        // −δ_own·Σ m·y/δ
        CompensatedSum sum = default;
        for (int g = 0; g < dual.Length; g++)
        {
            sum.Add(multiplicities[g] * (dual[g] / deltas[g]));
        }

        // the quotients and the product
        double own = ownDelta * sum.Value;
        excess = 3 * Rounding.Unit * own;
        return -own;
    }

    /// <inheritdoc/>
    public double ValueAbove(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, double ownError, ReadOnlySpan<double> errors)
    {
        double[] adjusted = new double[logits.Length], larger = new double[logits.Length];
        double own = Adjust(ownLogit, logits, adjusted);
        for (int g = 0; g < adjusted.Length; g++)
        {
            larger[g] = Error(Delta(g), logits[g], adjusted[g], errors[g]);
        }

        return Plain.ValueAbove(own, adjusted, multiplicities, Error(ownDelta, ownLogit, own, ownError), larger);

        static double Error(double delta, double logit, double result, double error) =>
            Rounding.Up((delta * error) + (LogitSteps * Rounding.Unit * ((delta * Math.Abs(logit)) + Math.Abs(result))), 4);
    }

    /// <inheritdoc/>
    public double DualValueBelow(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        // −L*(y) = entropy(q) + Σ m_g·q_g·(ι_g − ι_own), q = y/δ, which the quotients stand for
        double[] plain = new double[dual.Length];
        Divided(dual, plain);
        double entropy = Plain.DualValueBelow(multiplicities, double.NaN, plain), others = Rounding.Up(Rounding.SumOfProducts(multiplicities, plain), Rounding.SumError + 2);
        if (!(others <= 1))
        {
            return double.NegativeInfinity;
        }

        CompensatedSum linear = default, size = default;
        for (int g = 0; g < plain.Length; g++)
        {
            double share = multiplicities[g] * plain[g], adjustment = adjustments is null ? 0 : adjustments[g];
            linear.Add(share * (adjustment - ownAdjustment));
            size.Add(share * (Math.Abs(adjustment) + Math.Abs(ownAdjustment)));
        }

        // The entropy of q is that of the quotients but for u·Σ m·q·(|log q| + 2), and 40·u of the own probability, which is off by u.
        double error = Rounding.Unit * ((2 * Math.Abs(entropy)) + 60 + ((Rounding.SumError + 8) * size.Value));
        return entropy + linear.Value - (error * (1 + (8 * Rounding.Unit)));
    }
}
