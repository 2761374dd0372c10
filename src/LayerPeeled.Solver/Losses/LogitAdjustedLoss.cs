using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// Cross-entropy of logits that are scaled and shifted class by class, L = log(1 + Σ_g m_g·exp(δ_g·z_g + ι_g − δ_own·z_own − ι_own)): the vector-scaling loss
/// (Kini et al. 2021) and its relatives, with temperatures δ_k = (n_k/n_max)^γ, adjustments ι_k = τ·log(n_k/N) and a margin of the own logit made of the class
/// counts. γ = τ = 0 is cross-entropy.
/// </summary>
/// <remarks>
/// Temperatures of the classes that differ within a column leave L as it is along 1/δ_k, not along 1, so that it is not shift-invariant: the own dual is −δ_own·Σ_g m_g·y_g/δ_g.
/// </remarks>
public sealed partial class LogitAdjustedLoss : ILoss
{
    private static readonly CrossEntropyLoss Plain = CrossEntropyLoss.Instance;
    private readonly double ownDelta = 1;
    private readonly double[]? deltas; // null: those of the others are the own one
    private readonly double ownAdjustment;
    private readonly double[]? adjustments;
    private readonly bool isOfClass;

    private LogitAdjustedLoss(string name, double temperature, bool perLabel, double adjustment, double margin)
    {
        Name = name;
        Temperature = temperature;
        IsTemperatureOfLabel = perLabel;
        Adjustment = adjustment;
        Margin = margin;
    }

    private LogitAdjustedLoss(LogitAdjustedLoss family, double ownDelta, double[]? deltas, double ownAdjustment, double[]? adjustments)
        : this(family.Name, family.Temperature, family.IsTemperatureOfLabel, family.Adjustment, family.Margin) =>
        (this.ownDelta, this.deltas, this.ownAdjustment, this.adjustments, isOfClass) = (ownDelta, deltas, ownAdjustment, adjustments, true);

    /// <summary>γ, the power of the temperatures.</summary>
    public double Temperature { get; }

    /// <summary>Whether the label's temperature scales all logits, rather than each class's its own.</summary>
    public bool IsTemperatureOfLabel { get; }

    /// <summary>τ, the factor of the adjustments.</summary>
    public double Adjustment { get; }

    /// <summary>C of the margin C/n_y^{1/4}.</summary>
    public double Margin { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsShiftInvariant => Temperature == 0 || IsTemperatureOfLabel;

    /// <inheritdoc/>
    public bool IsNonNegative => true;

    /// <inheritdoc/>
    public bool DependsOnClass => Temperature != 0 || Adjustment != 0 || Margin != 0;

    /// <summary>δ of the class, whatever the adjustments: they are the same for all classes of a group. A margin belongs to the own logit alone, and with one κ depends on the point.</summary>
    public double CollapseFactor => Margin == 0 ? ownDelta : double.NaN;

    /// <summary>The vector-scaling loss (VS: Kini et al. 2021): each class's temperature for its own logit, and adjustments.</summary>
    /// <param name="gamma">γ, from −2 to 2: positive, and rarer classes have the smaller δ.</param>
    /// <param name="tau">τ, from −10 to 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static LogitAdjustedLoss VectorScaling(double gamma, double tau) =>
        new(Named($"vs:gamma={gamma},tau={tau}"), Check(gamma, -2, 2, nameof(gamma)), false, Check(tau, -10, 10, nameof(tau)), 0);

    /// <summary>Class-dependent temperatures (CDT: Ye et al. 2020): δ_k scales the logit of class k.</summary>
    /// <param name="gamma">γ, from −2 to 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">γ is out of its range.</exception>
    public static LogitAdjustedLoss ClassDependentTemperature(double gamma) => new(Named($"cdt:gamma={gamma}"), Check(gamma, -2, 2, nameof(gamma)), false, 0, 0);

    /// <summary>Label-dependent temperatures (LDT: Behnia et al. 2023): δ_y of the label scales all logits.</summary>
    /// <param name="gamma">γ, from −2 to 2.</param>
    /// <param name="tau">τ of adjustments besides, from −10 to 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static LogitAdjustedLoss LabelDependentTemperature(double gamma, double tau = 0) =>
        new(Named($"ldt:gamma={gamma},tau={tau}"), Check(gamma, -2, 2, nameof(gamma)), true, Check(tau, -10, 10, nameof(tau)), 0);

    /// <summary>Logit adjustment (LA: Menon et al. 2021): ι_k alone.</summary>
    /// <param name="tau">τ, from −10 to 10; 1 makes balanced predictions optimal.</param>
    /// <exception cref="ArgumentOutOfRangeException">τ is out of its range.</exception>
    public static LogitAdjustedLoss LogitAdjustment(double tau) => new(Named($"la:tau={tau}"), 0, true, Check(tau, -10, 10, nameof(tau)), 0);

    /// <summary>Balanced softmax (Ren et al. 2020): logit adjustment with τ = 1.</summary>
    public static LogitAdjustedLoss BalancedSoftmax() => new("balanced-softmax", 0, true, 1, 0);

    /// <summary>Label-distribution-aware margins (LDAM: Cao et al. 2019): the own logit less C/n_y^{1/4}.</summary>
    /// <param name="c">C, from 0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">C is out of its range.</exception>
    public static LogitAdjustedLoss DistributionAwareMargin(double c) => new(Named($"ldam:c={c}"), 0, true, 0, Check(c, 0, 100, nameof(c)));

    /// <summary>Cross-entropy of δ·z with one δ for all classes. The optimum is that of cross-entropy at budgets of δ²·E_W·E_H.</summary>
    /// <param name="value">δ, from 1e-3 to 1e3.</param>
    /// <exception cref="ArgumentOutOfRangeException">δ is out of its range.</exception>
    public static LogitAdjustedLoss Tempered(double value) =>
        new(new LogitAdjustedLoss(Named($"temperature:value={value}"), 0, true, 0, 0), Check(value, 1e-3, 1e3, nameof(value)), null, 0, null);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A class has no examples: δ, ι or the margin has no value.</exception>
    public ILoss OfClass(ReadOnlySpan<double> classes, ReadOnlySpan<double> counts, int own)
    {
        if (!DependsOnClass)
        {
            return this;
        }

        double largest = TensorPrimitives.Max(counts), total = TensorPrimitives.Dot(classes, counts);
        bool perClass = !IsShiftInvariant;
        double[]? adjusted = Adjustment == 0 ? null : new double[counts.Length], scaled = perClass ? new double[counts.Length] : null;
        for (int g = 0; g < counts.Length; g++)
        {
            if (!(counts[g] > 0) && (Adjustment != 0 || perClass || ((Temperature != 0 || Margin != 0) && g == own)))
            {
                throw new ArgumentException($"The loss '{Name}' needs examples of every class; entry {g} has {counts[g]}.", nameof(counts));
            }

            if (adjusted is not null)
            {
                adjusted[g] = Adjustment * Math.Log(counts[g] / total);
            }

            if (scaled is not null)
            {
                scaled[g] = Math.Pow(counts[g] / largest, Temperature);
            }
        }

        double delta = Temperature == 0 ? 1 : Math.Pow(counts[own] / largest, Temperature);
        double margin = Margin == 0 ? 0 : Margin / Math.Sqrt(Math.Sqrt(counts[own]));
        return new LogitAdjustedLoss(this, delta, scaled, (adjusted?[own] ?? 0) - margin, adjusted);
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
        ownGradient *= ownDelta;
        Scaled(gradient[..logits.Length], gradient);
        return value;
    }

    /// <inheritdoc/>
    public void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product)
    {
        // Δ·H(p)·Δ with Δ = diag(δ), p the gradient over δ
        int n = gradient.Length;
        double[] rented = ArrayPool<double>.Shared.Rent(2 * n);
        Span<double> plain = Divided(gradient, rented), scaled = rented.AsSpan(n, n);
        Scaled(direction[..n], scaled);
        Plain.CurvatureProduct(ownGradient / ownDelta, plain, multiplicities, ownDelta * ownDirection, scaled, out ownProduct, product);
        ArrayPool<double>.Shared.Return(rented);
        ownProduct *= ownDelta;
        Scaled(product[..n], product);
    }

    /// <inheritdoc/>
    public double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        // L*(y) = CE*(y/δ) − ⟨ι, y/δ⟩: what ι adds cancels
        double[] rented = ArrayPool<double>.Shared.Rent(2 * gradient.Length);
        Span<double> plain = Divided(gradient, rented), plainDual = Divided(dual, rented.AsSpan(gradient.Length));
        double remainder = Plain.FenchelYoung(ownGradient / ownDelta, plain, multiplicities, ownDual / ownDelta, plainDual);
        ArrayPool<double>.Shared.Return(rented);
        return remainder;
    }

    /// <inheritdoc/>
    public void RepairDual(ReadOnlySpan<double> multiplicities, ref double ownDual, Span<double> dual)
    {
        Divided(dual, dual);
        Plain.RepairDual(multiplicities, ref ownDual, dual);
        Scaled(dual, dual);
        ownDual *= ownDelta;
    }

    private double Adjust(double ownLogit, ReadOnlySpan<double> logits, Span<double> adjusted)
    {
        Scaled(logits, adjusted);
        if (adjustments is not null)
        {
            TensorPrimitives.Add(adjusted, adjustments, adjusted);
        }

        return (ownDelta * ownLogit) + ownAdjustment;
    }

    private double Delta(int g) => deltas is null ? ownDelta : deltas[g];

    private void Scaled(ReadOnlySpan<double> values, Span<double> target)
    {
        if (deltas is null)
        {
            TensorPrimitives.Multiply(values, ownDelta, target);
        }
        else
        {
            TensorPrimitives.Multiply(values, deltas, target);
        }
    }

    private Span<double> Divided(ReadOnlySpan<double> values, Span<double> target)
    {
        target = target[..values.Length];
        if (deltas is null)
        {
            TensorPrimitives.Divide(values, ownDelta, target);
        }
        else
        {
            TensorPrimitives.Divide(values, deltas, target);
        }

        return target;
    }

    private static string Named(FormattableString name) => name.ToString(CultureInfo.InvariantCulture);

    private static double Check(double value, double least, double most, string name) => value >= least && value <= most ? value
        : throw new ArgumentOutOfRangeException(name, value, $"It must be between {least} and {most}.");
}
