using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// Cross-entropy in units of e^s so small that e^s is nothing beside 1: L/e^s = Σ_g m_g·exp(z_g − z_own − s), since log(1 + x) and x, p_own and 1
/// agree to far more digits than a double has. Near its unit no number is too small to be represented, however small the loss itself.
/// </summary>
internal sealed class VanishingCrossEntropyLoss(double logUnit) : ILoss
{
    public string Name => CrossEntropyLoss.Instance.Name;

    public bool IsShiftInvariant => true;

    public bool IsNonNegative => true;

    public double Value(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities)
    {
        double sum = 0;
        for (int g = 0; g < logits.Length; g++)
        {
            sum += multiplicities[g] == 0 ? 0 : multiplicities[g] * Math.Exp(logits[g] - ownLogit - logUnit);
        }

        return sum;
    }

    public double Gradient(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, out double ownGradient, Span<double> gradient)
    {
        double sum = 0;
        for (int g = 0; g < logits.Length; g++)
        {
            gradient[g] = multiplicities[g] == 0 ? 0 : Math.Exp(logits[g] - ownLogit - logUnit);
            sum += multiplicities[g] * gradient[g];
        }

        ownGradient = -sum;
        return sum;
    }

    public void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product)
    {
        // diag(p) in differences to the own logit; ppᵀ is smaller by e^s
        product = product[..gradient.Length];
        TensorPrimitives.Subtract(direction, ownDirection, product);
        TensorPrimitives.Multiply(product, gradient, product);
        ownProduct = -TensorPrimitives.Dot<double>(product, multiplicities);
    }

    public double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, ReadOnlySpan<double> dual)
    {
        // Σ q·h(p/q − 1), h(δ) = (1 + δ)·log(1 + δ) − δ; the term of the own class is smaller by e^s
        double sum = 0;
        for (int g = 0; g < gradient.Length; g++)
        {
            double q = gradient[g], p = dual[g];
            if (multiplicities[g] == 0 || p == q)
            {
                continue;
            }

            if (!(p >= 0) || q <= 0)
            {
                return double.PositiveInfinity;
            }

            sum += multiplicities[g] * q * CrossEntropyLoss.Divergence((p - q) / q);
        }

        return sum;
    }

    public double RepairDual(ReadOnlySpan<double> multiplicities, Span<double> dual)
    {
        TensorPrimitives.Max(dual, 0.0, dual);
        return -TensorPrimitives.Dot(multiplicities, dual);
    }
}
