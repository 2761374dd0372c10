using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// Cross-entropy after softmax: L = log(1 + Σ_g m_g·exp(z_g − z_own)), with full relative precision down to losses near 1e-300.
/// </summary>
public sealed partial class CrossEntropyLoss : ILoss
{
    /// <summary>The one instance: the loss has no parameters.</summary>
    public static CrossEntropyLoss Instance { get; } = new();

    private CrossEntropyLoss()
    {
    }

    /// <inheritdoc/>
    public string Name => "cross-entropy";

    /// <inheritdoc/>
    public bool IsShiftInvariant => true;

    /// <inheritdoc/>
    public double Value(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities)
    {
        double shift = Shift(ownLogit, logits, multiplicities);
        double sum = 0;
        for (int g = 0; g < logits.Length; g++)
        {
            if (multiplicities[g] != 0)
            {
                sum += multiplicities[g] * Math.Exp(logits[g] - ownLogit - shift);
            }
        }

        return LogOnePlus(sum, shift);
    }

    /// <inheritdoc/>
    public double Gradient(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, out double ownGradient, Span<double> gradient)
    {
        // p_g = exp(z_g − z_own) / (1 + Σ m·exp(z − z_own));  ∂L/∂z_own = −Σ m_g p_g, never p_own − 1
        double shift = Shift(ownLogit, logits, multiplicities);
        gradient = gradient[..logits.Length];
        TensorPrimitives.Subtract(logits, ownLogit + shift, gradient);
        TensorPrimitives.Min(gradient, 0.0, gradient); // entries of multiplicity zero may exceed the shift
        TensorPrimitives.Exp(gradient, gradient);
        double sum = TensorPrimitives.Dot(gradient, multiplicities);
        double total = Math.Exp(-shift) + sum;
        TensorPrimitives.Divide(gradient, total, gradient);
        ownGradient = -(sum / total);
        return LogOnePlus(sum, shift);
    }

    /// <inheritdoc/>
    public void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product)
    {
        // (diag p − ppᵀ)d in differences to the own logit: p_g((d_g − d_own) − Σ m p (d − d_own))
        product = product[..gradient.Length];
        TensorPrimitives.Subtract(direction, ownDirection, product);
        TensorPrimitives.Multiply(product, gradient, product);
        double mean = TensorPrimitives.Dot<double>(product, multiplicities);
        TensorPrimitives.MultiplyAdd(gradient, -mean, product, product);
        // own entry: minus the weighted sum of the others = −(mean − mean·Σ m p) = −mean·p_own
        ownProduct = -mean * (1 + ownGradient);
    }

    /// <inheritdoc/>
    public double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, ReadOnlySpan<double> dual)
    {
        // KL(p‖q) = Σ q·h(p/q − 1), h(δ) = (1 + δ)·log(1 + δ) − δ: every term is non-negative and none cancels
        double sum = 0, difference = 0, others = 0;
        for (int g = 0; g < gradient.Length; g++)
        {
            double multiplicity = multiplicities[g], q = gradient[g], p = dual[g];
            if (multiplicity == 0 || p == q)
            {
                others += multiplicity * p;
                continue;
            }

            if (!(p >= 0) || q <= 0)
            {
                return double.PositiveInfinity;
            }

            others += multiplicity * p;
            difference += multiplicity * (p - q);
            sum += multiplicity * q * Divergence((p - q) / q);
        }

        double own = 1 + ownGradient;
        if (others > 1 || own <= 0)
        {
            return others <= 1 && difference == 0 ? sum : double.PositiveInfinity;
        }

        return sum + (own * Divergence(Math.Max(-difference / own, -1)));
    }

    /// <inheritdoc/>
    public double RepairDual(ReadOnlySpan<double> multiplicities, Span<double> dual)
    {
        TensorPrimitives.Max(dual, 0.0, dual);
        double others = TensorPrimitives.Dot(multiplicities, dual);
        if (others > 1)
        {
            TensorPrimitives.Divide(dual, others, dual);
            others = 1;
        }

        return -others;
    }

    private static double Shift(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities)
    {
        double max = 0;
        for (int g = 0; g < logits.Length; g++)
        {
            double difference = logits[g] - ownLogit;
            if (difference > max && multiplicities[g] != 0)
            {
                max = difference;
            }
            else if (double.IsNaN(difference))
            {
                return double.NaN;
            }
        }

        return max;
    }

    // log(e^{-shift} + sum) + shift, by log1p where nothing had to be shifted
    private static double LogOnePlus(double sum, double shift) =>
        shift == 0 ? Elementary.LogOnePlus(sum) : shift + Math.Log(Math.Exp(-shift) + sum);

    private static double Divergence(double delta)
    {
        if (Math.Abs(delta) < 0.03)
        {
            // Σ_{n≥2} (−δ)ⁿ/(n(n−1)), to 1e-17 relative at |δ| = 0.03
            double x = -delta, power = x * x, result = 0;
            for (int n = 2; n <= 13; n++)
            {
                result += power / (n * (n - 1));
                power *= x;
            }

            return result;
        }

        return delta <= -1 ? 1 : ((1 + delta) * Math.Log(1 + delta)) - delta;
    }
}
