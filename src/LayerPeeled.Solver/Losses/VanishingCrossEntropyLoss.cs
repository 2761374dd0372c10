using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// Cross-entropy in units of e^s so small that e^s is nothing beside 1: L/e^s = Σ_g m_g·exp(z_g − z_own − s), since log(1 + x) and x, p_own and 1
/// agree to far more digits than a double has. Near its unit no number is too small to be represented, however small the loss itself.
/// </summary>
internal sealed class VanishingCrossEntropyLoss(double logUnit) : ILoss
{
    // Below, 1 − s is 1 to far more digits than a double has.
    private const double LargestLogSum = -100;

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

    public double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
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

    public void RepairDual(ReadOnlySpan<double> multiplicities, ref double ownDual, Span<double> dual)
    {
        TensorPrimitives.Max(dual, 0.0, dual);
        ownDual = -TensorPrimitives.Dot(multiplicities, dual);
    }

    public double ValueAbove(
        double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, double ownError, ReadOnlySpan<double> errors)
    {
        // log(1 + x) ≤ x
        double largest = double.NegativeInfinity;
        for (int g = 0; g < logits.Length; g++)
        {
            largest = multiplicities[g] == 0 ? largest : Math.Max(largest, logits[g] - ownLogit - logUnit);
        }

        // Exponents are positive by rounding at most: e^s ≤ 1 + s + s² for s ≤ 1.
        double shift = Math.Max(0, largest), unitError = 2 * Rounding.Unit * Math.Abs(logUnit);
        double sum = CrossEntropyLoss.SumAbove(ownLogit, logUnit + shift, logits, multiplicities, ownError + unitError, errors);
        return shift <= 1 ? Rounding.Up(sum * (1 + (shift * (1 + shift))), 4) : double.PositiveInfinity;
    }

    public double DualValueBelow(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        // With p = u·q, s = Σ m·p: Σ m·q·(−log u − log q) − (1 − s)·log(1 − s)/u, whose last term is at least (1 − s)·s/u
        (double others, double entropy) = CrossEntropyLoss.Entropy(multiplicities, dual, 1 - logUnit);
        return Math.Log(others) + logUnit < LargestLogSum ? Rounding.Down(entropy, 2) : double.NegativeInfinity;
    }
}
