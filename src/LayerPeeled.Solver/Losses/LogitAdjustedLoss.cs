using System.Buffers;
using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// Cross-entropy of δ_y·z + ι: a temperature δ_y of the label's class (label-dependent temperature, LDT: Ye et al. 2020; Behnia et al. 2023) and an additive adjustment ι_c of
/// every logit (logit adjustment, LA: Menon et al. 2021), both made of the class counts: δ_k = (n_k/n_max)^γ and ι_k = τ·log(n_k/N). Shift-invariant, with the
/// collapse factor δ_k. γ = τ = 0 is cross-entropy.
/// </summary>
public sealed class LogitAdjustedLoss : ILoss
{
    // Roundings of δ·z + ι, and of a dual divided by δ
    private const int LogitSteps = 3;
    private static readonly CrossEntropyLoss Plain = CrossEntropyLoss.Instance;
    private readonly double delta = 1;
    private readonly double ownAdjustment;
    private readonly double[]? adjustments;

    /// <summary>The loss.</summary>
    /// <param name="temperature">γ, from −2 to 2: positive, and rarer classes have the smaller δ.</param>
    /// <param name="adjustment">τ, from −10 to 10; 1 makes balanced predictions optimal.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public LogitAdjustedLoss(double temperature, double adjustment)
    {
        Temperature = Check(temperature, 2, nameof(temperature));
        Adjustment = Check(adjustment, 10, nameof(adjustment));
    }

    private LogitAdjustedLoss(LogitAdjustedLoss parameters, double delta, double[]? adjustments, int own)
        : this(parameters.Temperature, parameters.Adjustment)
    {
        this.delta = delta;
        this.adjustments = adjustments;
        ownAdjustment = adjustments?[own] ?? 0;
    }

    /// <summary>γ.</summary>
    public double Temperature { get; }

    /// <summary>τ.</summary>
    public double Adjustment { get; }

    /// <inheritdoc/>
    public string Name => "logit-adjusted";

    /// <inheritdoc/>
    public bool IsShiftInvariant => true;

    /// <inheritdoc/>
    public bool IsNonNegative => true;

    /// <inheritdoc/>
    public bool DependsOnClass => true;

    /// <inheritdoc/>
    public double CollapseFactor => delta;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A class has no examples: δ or ι has no value.</exception>
    public ILoss OfClass(ReadOnlySpan<double> classes, ReadOnlySpan<double> counts, int own)
    {
        double largest = TensorPrimitives.Max(counts), total = TensorPrimitives.Dot(classes, counts);
        double[]? adjusted = Adjustment == 0 ? null : new double[counts.Length];
        for (int g = 0; g < counts.Length; g++)
        {
            if (!(counts[g] > 0) && (Adjustment != 0 || (Temperature != 0 && g == own)))
            {
                throw new ArgumentException($"The loss '{Name}' needs examples of every class; entry {g} has {counts[g]}.", nameof(counts));
            }

            if (adjusted is not null)
            {
                adjusted[g] = Adjustment * Math.Log(counts[g] / total);
            }
        }

        return new LogitAdjustedLoss(this, Temperature == 0 ? 1 : Math.Pow(counts[own] / largest, Temperature), adjusted, own);
    }

    /// <inheritdoc/>
    public double Value(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(logits.Length);
        Span<double> adjusted = rented.AsSpan(0, logits.Length);
        double value = Plain.Value(Adjust(ownLogit, logits, adjusted), adjusted, multiplicities);
        ArrayPool<double>.Shared.Return(rented);
        return value;
    }

    /// <inheritdoc/>
    public double Gradient(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, out double ownGradient, Span<double> gradient)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(logits.Length);
        Span<double> adjusted = rented.AsSpan(0, logits.Length);
        double value = Plain.Gradient(Adjust(ownLogit, logits, adjusted), adjusted, multiplicities, out ownGradient, gradient);
        ArrayPool<double>.Shared.Return(rented);
        ownGradient *= delta;
        TensorPrimitives.Multiply(gradient[..logits.Length], delta, gradient);
        return value;
    }

    /// <inheritdoc/>
    public void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product)
    {
        // δ²·H(p), p the gradient over δ
        double[] rented = ArrayPool<double>.Shared.Rent(gradient.Length);
        Span<double> plain = Divided(gradient, rented);
        Plain.CurvatureProduct(ownGradient / delta, plain, multiplicities, ownDirection, direction, out ownProduct, product);
        ArrayPool<double>.Shared.Return(rented);
        ownProduct *= delta * delta;
        TensorPrimitives.Multiply(product[..gradient.Length], delta * delta, product);
    }

    /// <inheritdoc/>
    public double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        // L*(y) = CE*(y/δ) − ⟨ι, y/δ⟩: what ι adds cancels
        double[] rented = ArrayPool<double>.Shared.Rent(2 * gradient.Length);
        Span<double> plain = Divided(gradient, rented), plainDual = Divided(dual, rented.AsSpan(gradient.Length));
        double remainder = Plain.FenchelYoung(ownGradient / delta, plain, multiplicities, ownDual / delta, plainDual);
        ArrayPool<double>.Shared.Return(rented);
        return remainder;
    }

    /// <inheritdoc/>
    public void RepairDual(ReadOnlySpan<double> multiplicities, ref double ownDual, Span<double> dual)
    {
        TensorPrimitives.Divide(dual, delta, dual);
        Plain.RepairDual(multiplicities, ref ownDual, dual);
        TensorPrimitives.Multiply(dual, delta, dual);
        ownDual *= delta;
    }

    /// <inheritdoc/>
    public double ValueAbove(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, double ownError, ReadOnlySpan<double> errors)
    {
        double[] adjusted = new double[logits.Length], larger = new double[logits.Length];
        double own = Adjust(ownLogit, logits, adjusted);
        for (int g = 0; g < adjusted.Length; g++)
        {
            larger[g] = Error(logits[g], adjusted[g], errors[g]);
        }

        return Plain.ValueAbove(own, adjusted, multiplicities, Error(ownLogit, own, ownError), larger);

        double Error(double logit, double result, double error) =>
            Rounding.Up((delta * error) + (LogitSteps * Rounding.Unit * ((delta * Math.Abs(logit)) + Math.Abs(result))), 4);
    }

    /// <inheritdoc/>
    public double DualValueBelow(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        // −L*(y) = entropy(q) + Σ m_g·q_g·(ι_g − ι_own), q = y/δ, which the quotients stand for
        double[] plain = new double[dual.Length];
        TensorPrimitives.Divide(dual, delta, plain);
        double entropy = Plain.DualValueBelow(multiplicities, double.NaN, plain), others = Rounding.Up(Rounding.SumOfProducts(multiplicities, plain), Rounding.SumError + 2);
        if (!(others <= 1))
        {
            return double.NegativeInfinity;
        }

        CompensatedSum linear = default, size = default;
        for (int g = 0; g < plain.Length && adjustments is not null; g++)
        {
            double share = multiplicities[g] * plain[g];
            linear.Add(share * (adjustments[g] - ownAdjustment));
            size.Add(share * (Math.Abs(adjustments[g]) + Math.Abs(ownAdjustment)));
        }

        // The entropy of q is that of the quotients but for u·Σ m·q·(|log q| + 2), and 40·u of the own probability, which is off by u.
        double error = Rounding.Unit * ((2 * Math.Abs(entropy)) + 60 + ((Rounding.SumError + 8) * size.Value));
        return entropy + linear.Value - (error * (1 + (8 * Rounding.Unit)));
    }

    private double Adjust(double ownLogit, ReadOnlySpan<double> logits, Span<double> adjusted)
    {
        TensorPrimitives.Multiply(logits, delta, adjusted);
        if (adjustments is not null)
        {
            TensorPrimitives.Add(adjusted, adjustments, adjusted);
        }

        return (delta * ownLogit) + ownAdjustment;
    }

    private Span<double> Divided(ReadOnlySpan<double> values, Span<double> target)
    {
        target = target[..values.Length];
        TensorPrimitives.Divide(values, delta, target);
        return target;
    }

    private static double Check(double value, double most, string name) => Math.Abs(value) <= most ? value
        : throw new ArgumentOutOfRangeException(name, value, $"It must be between {-most} and {most}.");
}
