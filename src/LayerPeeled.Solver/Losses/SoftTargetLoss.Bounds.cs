using System.Buffers;
using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Losses;

/// <content>Bounds in exact arithmetic, for targets that sum to 1 exactly and are within <see cref="TargetColumns.TargetError"/> units of those given.</content>
internal sealed partial class SoftTargetLoss
{
    // Of the target, which is left of a probability that a dual point brings to 0: more than what the target may be off by
    private const double LeastShare = 4 * TargetColumns.TargetError * Rounding.Unit;

    // Where the remaining probability of a dual point has to be: 1 − Σ p̂ of the others, off by what the targets are
    private const double LargestSum = 1 - (4 * TargetColumns.TargetError * Rounding.Unit);
    private static readonly CrossEntropyLoss Plain = CrossEntropyLoss.Instance;

    /// <inheritdoc/>
    public double OwnDual(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual, out double excess)
    {
        // The others have both signs: what their sum is off by goes with their sizes.
        ReadOnlySpan<double> others = dual[..Tokens];
        excess = Rounding.Up((Rounding.SumError + 1) * Rounding.Unit * TensorPrimitives.SumOfMagnitudes(others), Tokens + 4);
        return -Rounding.SumOfProducts(multiplicities[..Tokens], others);
    }

    /// <inheritdoc/>
    public double ValueAbove(
        double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, double ownError, ReadOnlySpan<double> errors)
    {
        // [log Σ exp(z_j) − z_own] − Σ t_j·(z_j − z_own) − H(t)
        double above = Plain.ValueAbove(ownLogit, logits[..Tokens], multiplicities[..Tokens], ownError, errors[..Tokens]);
        ReadOnlySpan<int> rows = targets.Rows(column);
        ReadOnlySpan<double> target = targets.Targets(column);
        CompensatedSum linear = default, slack = default;
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            double difference = row == OwnRow ? 0 : logits[row] - ownLogit;
            linear.Add(target[i] * difference);
            // what the two logits, the target, the difference and the product are off by
            slack.Add(row == OwnRow ? 0 : target[i] * (errors[row] + ownError + ((TargetColumns.TargetError + 3) * Rounding.Unit * Math.Abs(difference))));
            slack.Add(Rounding.SumError * Rounding.Unit * target[i] * Math.Abs(difference));
        }

        double entropy = targets.Entropy(column), result = above - linear.Value - entropy;
        double rounding = 4 * Rounding.Unit * (Math.Abs(above) + Math.Abs(linear.Value) + entropy);
        return Math.Max(0, Rounding.Up(result + Rounding.Up(slack.Value + rounding + targets.EntropyError(column), Rounding.SumError + 8), 2));
    }

    /// <inheritdoc/>
    public double DualValueBelow(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        // −L*(y) = entropy(p̂) − H(t), p̂ = t + y
        double[] rented = ArrayPool<double>.Shared.Rent(dual.Length);
        Span<double> shifted = rented.AsSpan(0, dual.Length), p = shifted[..Tokens];
        Probabilities(0, dual, shifted);
        p[OwnRow] = 0;
        double others = Rounding.Up(TensorPrimitives.Sum<double>(p), Tokens), below = double.NegativeInfinity, error = 0;
        ReadOnlySpan<int> rows = targets.Rows(column);
        ReadOnlySpan<double> target = targets.Targets(column);
        // Of p̂, from the target and the sum t + y; −p·log p changes by (|log p| + 1) times as much.
        double largest = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] != OwnRow)
            {
                double share = p[rows[i]], off = (TargetColumns.TargetError + 1) * Rounding.Unit * (target[i] + Math.Abs(share));
                largest = Math.Max(largest, off > share / 2 ? double.PositiveInfinity : 0);
                error += off * (Math.Abs(Math.Log(share)) + 2);
            }
        }

        if (others <= LargestSum && largest == 0)
        {
            // The own probability is off by what all the others are together.
            double remaining = Math.Max(1 - others, Rounding.Unit), all = 2 * (TargetColumns.TargetError + 1) * Rounding.Unit;
            error += all * (Math.Abs(Math.Log(remaining)) + 2);
            below = Plain.DualValueBelow(multiplicities[..Tokens], double.NaN, p) - targets.Entropy(column);
            below -= Rounding.Up(error + targets.EntropyError(column) + (4 * Rounding.Unit * (Math.Abs(below) + (2 * targets.Entropy(column)))), 2 * Tokens);
        }

        ArrayPool<double>.Shared.Return(rented);
        return below;
    }
}
