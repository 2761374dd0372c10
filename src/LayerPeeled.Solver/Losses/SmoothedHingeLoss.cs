using System.Globalization;
using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// The multiclass hinge max(0, 1 + max_{j ≠ own} z_j − z_own) (Crammer and Singer 2001), smoothed by a squared norm (Nesterov 2005): with s_g = 1 + z_g − z_own,
/// L = max {Σ_g m_g·(q_g·s_g − (μ/2)·q_g²) : q ≥ 0, Σ_g m_g·q_g ≤ 1} = min over τ ≥ 0 of τ + Σ_g m_g·(s_g − τ)₊²/(2μ). It is at most μ/2 below the hinge, and 0 where the hinge is.
/// The maximiser q is its gradient, and −L*(q) = Σ_g m_g·(q_g − (μ/2)·q_g²).
/// </summary>
/// <remarks>Siblings with the own logit violate the margin: κ of the collapse law depends on the point.</remarks>
public sealed class SmoothedHingeLoss : ILoss
{
    /// <summary>The loss.</summary>
    /// <param name="smoothing">μ, from 1e-3 to 1e3.</param>
    /// <exception cref="ArgumentOutOfRangeException">μ is out of its range.</exception>
    public SmoothedHingeLoss(double smoothing)
    {
        Smoothing = smoothing is >= 1e-3 and <= 1e3 ? smoothing
            : throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "It must be between 1e-3 and 1e3.");
        Name = string.Create(CultureInfo.InvariantCulture, $"hinge:smoothing={smoothing}");
    }

    /// <summary>μ.</summary>
    public double Smoothing { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsShiftInvariant => true;

    /// <inheritdoc/>
    public bool IsNonNegative => true;

    /// <inheritdoc/>
    public bool VanishesAtTarget => true;

    /// <inheritdoc/>
    public bool NeedsLogits => true;

    /// <inheritdoc/>
    public double CollapseFactor => double.NaN;

    /// <inheritdoc/>
    public double Value(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities) =>
        Above(ownLogit, logits, multiplicities, Threshold(ownLogit, logits, multiplicities));

    /// <inheritdoc/>
    public double Gradient(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, out double ownGradient, Span<double> gradient)
    {
        // q = (s − τ)₊/μ
        double threshold = Threshold(ownLogit, logits, multiplicities), sum = 0;
        for (int g = 0; g < logits.Length; g++)
        {
            gradient[g] = multiplicities[g] == 0 ? 0 : Math.Max(0, 1 + (logits[g] - ownLogit) - threshold) / Smoothing;
            sum += multiplicities[g] * gradient[g];
        }

        if (threshold > 0)
        {
            // Σ m·q = 1, to the last digits
            TensorPrimitives.Divide(gradient[..logits.Length], sum, gradient);
            sum = 1;
        }

        ownGradient = -sum;
        return Above(ownLogit, logits, multiplicities, threshold);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: the active classes have to be read off the logits.</exception>
    public void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product) =>
        throw new NotSupportedException($"The curvature of the loss '{Name}' is not a function of its gradient.");

    /// <inheritdoc/>
    public void CurvatureProduct(
        double ownLogit, ReadOnlySpan<double> logits, double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product)
    {
        // (D − its mean over the active classes)/μ, D = d − d_own; the mean where Σ m·q is held at 1
        double sum = 0, active = 0, total = 0;
        for (int g = 0; g < gradient.Length; g++)
        {
            double classes = gradient[g] > 0 ? multiplicities[g] : 0;
            active += classes;
            sum += classes == 0 ? 0 : classes * (direction[g] - ownDirection);
        }

        double mean = active > 0 && Threshold(ownLogit, logits, multiplicities) > 0 ? sum / active : 0;
        for (int g = 0; g < gradient.Length; g++)
        {
            product[g] = gradient[g] > 0 ? (direction[g] - ownDirection - mean) / Smoothing : 0;
            total += multiplicities[g] * product[g];
        }

        ownProduct = -total;
    }

    /// <inheritdoc/>
    public double FenchelYoung(
        double ownLogit, ReadOnlySpan<double> logits, double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDual, ReadOnlySpan<double> dual)
    {
        // (μ/2)·‖y − q‖² + τ·(1 − Σ m·y) + ⟨η, y⟩, where s = μ·q + τ − η
        double threshold = Threshold(ownLogit, logits, multiplicities), sum = 0, others = 0;
        for (int g = 0; g < dual.Length; g++)
        {
            if (multiplicities[g] != 0)
            {
                double difference = dual[g] - gradient[g], slack = Math.Max(0, threshold - (1 + (logits[g] - ownLogit)));
                sum += multiplicities[g] * ((0.5 * Smoothing * difference * difference) + (slack * dual[g]));
                others += multiplicities[g] * dual[g];
                if (!(dual[g] >= 0))
                {
                    return double.PositiveInfinity;
                }
            }
        }

        return others <= CrossEntropyLoss.LargestSum(dual.Length) ? sum + (threshold * Math.Max(0, 1 - others)) : double.PositiveInfinity;
    }

    /// <inheritdoc/>
    public void RepairDual(ReadOnlySpan<double> multiplicities, ref double ownDual, Span<double> dual) =>
        CrossEntropyLoss.Instance.RepairDual(multiplicities, ref ownDual, dual);

    /// <inheritdoc/>
    public double LargestLogit(double value) => Rounding.Up(value + (Smoothing / 2), 1); // 1 + z_j − z_own ≤ L + μ/2

    /// <inheritdoc/>
    public double ValueAbove(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, double ownError, ReadOnlySpan<double> errors)
    {
        // Any τ ≥ 0 gives an upper bound.
        double threshold = Threshold(ownLogit, logits, multiplicities);
        CompensatedSum sum = default;
        for (int g = 0; g < logits.Length; g++)
        {
            if (multiplicities[g] != 0)
            {
                double difference = logits[g] - ownLogit, excess = 1 + difference - threshold;
                double error = ownError + errors[g] + (Rounding.Unit * ((2 * Math.Abs(difference)) + (2 * threshold) + (2 * Math.Abs(excess)) + 4));
                double largest = Math.Max(0, Rounding.Up(Math.Max(0, excess + error), 4));
                sum.Add(multiplicities[g] * largest * largest);
            }
        }

        return Rounding.Up(threshold + Rounding.Up(sum.Value / (2 * Smoothing), Rounding.SumError + 5), 1) + 1e-300;
    }

    /// <inheritdoc/>
    public double DualValueBelow(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        CompensatedSum linear = default, squares = default;
        for (int g = 0; g < dual.Length; g++)
        {
            if (multiplicities[g] != 0)
            {
                if (!(dual[g] >= 0))
                {
                    return double.NegativeInfinity;
                }

                linear.Add(multiplicities[g] * dual[g]);
                squares.Add(multiplicities[g] * dual[g] * dual[g]);
            }
        }

        if (Rounding.Up(linear.Value, Rounding.SumError) > 1)
        {
            return double.NegativeInfinity;
        }

        double low = Rounding.Down(linear.Value, Rounding.SumError), value = low - Rounding.Up(Smoothing / 2 * squares.Value, Rounding.SumError + 4);
        return value - (2 * Rounding.Unit * Math.Abs(value)) - 1e-300;
    }

    // τ + Σ m·(s − τ)₊²/(2μ)
    private double Above(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, double threshold)
    {
        double sum = 0;
        for (int g = 0; g < logits.Length; g++)
        {
            double excess = multiplicities[g] == 0 ? 0 : 1 + (logits[g] - ownLogit) - threshold;
            sum += excess > 0 ? multiplicities[g] * excess * excess : double.IsNaN(excess) ? excess : 0;
        }

        return threshold + (sum / (2 * Smoothing));
    }

    // τ ≥ 0 with Σ m·(s − τ)₊ ≤ μ, and equality if τ > 0: classes that lie below the mean of the rest drop out until none does (Michelot 1986)
    private double Threshold(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities)
    {
        double threshold = 0, active = double.PositiveInfinity;
        while (true)
        {
            double sum = 0, classes = 0;
            for (int g = 0; g < logits.Length; g++)
            {
                double margin = multiplicities[g] == 0 ? 0 : 1 + (logits[g] - ownLogit);
                if (margin > threshold && multiplicities[g] != 0)
                {
                    sum += multiplicities[g] * margin;
                    classes += multiplicities[g];
                }
            }

            if (classes == 0 || classes >= active)
            {
                return threshold;
            }

            active = classes;
            double next = (sum - Smoothing) / classes;
            if (!(next > threshold))
            {
                return threshold;
            }

            threshold = next;
        }
    }
}
