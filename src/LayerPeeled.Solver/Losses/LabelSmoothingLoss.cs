using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// Cross-entropy with smoothed labels, the target (1 − ε)·e_own + ε/K in the place of e_own (Szegedy et al. 2016): L = CE(z) + s·Σ_g m_g·(z_own − z_g), s = ε/K. It is never
/// below the entropy of the target, and reaches it at z_own − z_g = log(1 + K(1 − ε)/ε). The collapse factor is 1 − ε.
/// </summary>
public sealed class LabelSmoothingLoss : ILoss
{
    private static readonly CrossEntropyLoss Plain = CrossEntropyLoss.Instance;

    /// <summary>The loss.</summary>
    /// <param name="epsilon">ε, from 0 (cross-entropy) to 0.99.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is out of its range.</exception>
    public LabelSmoothingLoss(double epsilon)
    {
        Epsilon = epsilon is >= 0 and <= 0.99 ? epsilon : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "It must be between 0 and 0.99.");
        Name = string.Create(CultureInfo.InvariantCulture, $"smoothing:epsilon={epsilon}");
    }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsShiftInvariant => true;

    /// <inheritdoc/>
    public bool IsNonNegative => true;

    /// <inheritdoc/>
    public double CollapseFactor => 1 - Epsilon;

    /// <inheritdoc/>
    public double LeastAt(double classes) => Math.Log(1 + (classes * (1 - Epsilon) / Epsilon));

    /// <inheritdoc/>
    public double Value(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities) =>
        Plain.Value(ownLogit, logits, multiplicities) + Linear(ownLogit, logits, multiplicities);

    /// <inheritdoc/>
    public double Gradient(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, out double ownGradient, Span<double> gradient)
    {
        double value = Plain.Gradient(ownLogit, logits, multiplicities, out ownGradient, gradient), others = TensorPrimitives.Sum(multiplicities), share = Share(others);
        gradient = gradient[..logits.Length];
        TensorPrimitives.Subtract(gradient, share, gradient);
        ownGradient += share * others;
        return value + Linear(ownLogit, logits, multiplicities);
    }

    /// <inheritdoc/>
    public void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product)
    {
        double others = TensorPrimitives.Sum(multiplicities), share = Share(others);
        double[] rented = ArrayPool<double>.Shared.Rent(gradient.Length);
        Plain.CurvatureProduct(ownGradient - (share * others), Raised(gradient, share, rented), multiplicities, ownDirection, direction, out ownProduct, product);
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <inheritdoc/>
    public double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        // L*(y) = CE*(y + s) with the probabilities y_g + s: the linear part cancels
        double others = TensorPrimitives.Sum(multiplicities), share = Share(others);
        double[] rented = ArrayPool<double>.Shared.Rent(2 * gradient.Length);
        Span<double> plain = Raised(gradient, share, rented), plainDual = Raised(dual, share, rented.AsSpan(gradient.Length));
        double remainder = Plain.FenchelYoung(ownGradient - (share * others), plain, multiplicities, ownDual - (share * others), plainDual);
        ArrayPool<double>.Shared.Return(rented);
        return remainder;
    }

    /// <inheritdoc/>
    public void RepairDual(ReadOnlySpan<double> multiplicities, ref double ownDual, Span<double> dual)
    {
        double others = TensorPrimitives.Sum(multiplicities), share = Share(others);
        TensorPrimitives.Add(dual, share, dual);
        Plain.RepairDual(multiplicities, ref ownDual, dual);
        TensorPrimitives.Subtract(dual, share, dual);
        ownDual += share * others;
    }

    /// <inheritdoc/>
    public double OwnDual(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual, out double excess)
    {
        // The others have either sign, and cancel.
        CompensatedSum sum = default, size = default;
        for (int g = 0; g < dual.Length; g++)
        {
            double term = multiplicities[g] * dual[g];
            sum.Add(-term);
            size.Add(Math.Abs(term));
        }

        excess = (Rounding.SumError + 2) * Rounding.Unit * size.Value;
        return sum.Value;
    }

    /// <inheritdoc/>
    public double LargestLogit(double value) => Rounding.Up(value / (1 - Epsilon), 3); // L ≥ −t_own·log p_own, t_own ≥ 1 − ε

    /// <inheritdoc/>
    public double ValueAbove(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, double ownError, ReadOnlySpan<double> errors)
    {
        double share = Share(TensorPrimitives.Sum(multiplicities));
        CompensatedSum sum = default, size = default;
        for (int g = 0; g < logits.Length; g++)
        {
            if (multiplicities[g] != 0)
            {
                double difference = ownLogit - logits[g];
                sum.Add(multiplicities[g] * difference);
                size.Add(multiplicities[g] * (((Rounding.SumError + 4) * Rounding.Unit * Math.Abs(difference)) + ownError + errors[g]));
            }
        }

        double linear = share * (sum.Value + Rounding.Up(size.Value, Rounding.SumError + 6)), value = Plain.ValueAbove(ownLogit, logits, multiplicities, ownError, errors);
        return value + linear + (3 * Rounding.Unit * (Math.Abs(value) + Math.Abs(linear)));
    }

    /// <inheritdoc/>
    public double DualValueBelow(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        // −L*(y) = entropy(p), p = y + s, which the sums stand for
        double[] plain = new double[dual.Length];
        Raised(dual, Share(TensorPrimitives.Sum(multiplicities)), plain);
        double others = Rounding.Up(Rounding.SumOfProducts(multiplicities, plain), Rounding.SumError + 2);
        if (!(others <= 1))
        {
            return double.NegativeInfinity;
        }

        // As for the quotients of LogitAdjustedLoss
        double entropy = Plain.DualValueBelow(multiplicities, double.NaN, plain);
        return entropy - (Rounding.Unit * ((2 * Math.Abs(entropy)) + 60) * (1 + (8 * Rounding.Unit)));
    }

    private double Share(double others) => Epsilon / (1 + others);

    // s·Σ m·(z_own − z)
    private double Linear(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities)
    {
        double sum = 0, others = 0;
        for (int g = 0; g < logits.Length; g++)
        {
            sum += multiplicities[g] == 0 ? 0 : multiplicities[g] * (ownLogit - logits[g]);
            others += multiplicities[g];
        }

        return Epsilon == 0 ? 0 : Share(others) * sum;
    }

    private static Span<double> Raised(ReadOnlySpan<double> values, double share, Span<double> target)
    {
        target = target[..values.Length];
        TensorPrimitives.Add(values, share, target);
        return target;
    }
}
