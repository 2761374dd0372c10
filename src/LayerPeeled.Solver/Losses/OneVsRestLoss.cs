using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// One-vs-rest logistic loss, binary cross-entropy of every class (Rifkin and Klautau 2004): L = log(1 + exp(−z_own)) + Σ_g m_g·log(1 + exp(z_g)). Not shift-invariant. Its conjugate
/// is minus the sum of the binary entropies of −y_own and of each y_g, between 0 and 1, and the dual in the own logit is a number of its own. The collapse factor is 1: siblings with
/// the own logit z have the slope σ(z) + σ(−z).
/// </summary>
public sealed class OneVsRestLoss : ILoss
{
    /// <summary>The one instance: the loss has no parameters.</summary>
    public static OneVsRestLoss Instance { get; } = new();

    private OneVsRestLoss()
    {
    }

    /// <inheritdoc/>
    public string Name => "ovr";

    /// <inheritdoc/>
    public bool IsShiftInvariant => false;

    /// <inheritdoc/>
    public bool IsNonNegative => true;

    /// <inheritdoc/>
    public double Value(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities)
    {
        double sum = SoftPlus(-ownLogit);
        for (int g = 0; g < logits.Length; g++)
        {
            sum += multiplicities[g] == 0 ? 0 : multiplicities[g] * SoftPlus(logits[g]);
        }

        return sum;
    }

    /// <inheritdoc/>
    public double Gradient(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, out double ownGradient, Span<double> gradient)
    {
        double sum = SoftPlus(-ownLogit);
        ownGradient = -Logistic(-ownLogit);
        for (int g = 0; g < logits.Length; g++)
        {
            gradient[g] = multiplicities[g] == 0 ? 0 : Logistic(logits[g]);
            sum += multiplicities[g] == 0 ? 0 : multiplicities[g] * SoftPlus(logits[g]);
        }

        return sum;
    }

    /// <inheritdoc/>
    public void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product)
    {
        // σ(z)·σ(−z)
        for (int g = 0; g < gradient.Length; g++)
        {
            product[g] = gradient[g] * (1 - gradient[g]) * direction[g];
        }

        ownProduct = -ownGradient * (1 + ownGradient) * ownDirection;
    }

    /// <inheritdoc/>
    public double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        double sum = Divergence(-ownDual, -ownGradient);
        for (int g = 0; g < gradient.Length; g++)
        {
            sum += multiplicities[g] == 0 ? 0 : multiplicities[g] * Divergence(dual[g], gradient[g]);
        }

        return sum;
    }

    /// <inheritdoc/>
    public void RepairDual(ReadOnlySpan<double> multiplicities, ref double ownDual, Span<double> dual)
    {
        ownDual = Math.Clamp(ownDual, -1, 0);
        for (int g = 0; g < dual.Length; g++)
        {
            dual[g] = Math.Clamp(dual[g], 0, 1);
        }
    }

    /// <inheritdoc/>
    public double ValueAbove(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, double ownError, ReadOnlySpan<double> errors)
    {
        CompensatedSum sum = default;
        sum.Add(SoftPlusAbove(-ownLogit, ownError));
        for (int g = 0; g < logits.Length; g++)
        {
            sum.Add(multiplicities[g] == 0 ? 0 : multiplicities[g] * SoftPlusAbove(logits[g], errors[g]));
        }

        return Rounding.Up(sum.Value, Rounding.SumError + 1);
    }

    /// <inheritdoc/>
    public double DualValueBelow(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        CompensatedSum sum = default;
        sum.Add(EntropyBelow(-ownDual));
        for (int g = 0; g < dual.Length; g++)
        {
            sum.Add(multiplicities[g] == 0 ? 0 : multiplicities[g] * EntropyBelow(dual[g]));
        }

        return double.IsFinite(sum.Value) ? Rounding.Down(sum.Value, Rounding.SumError + 1) : double.NegativeInfinity;
    }

    // log(1 + e^x)
    private static double SoftPlus(double x) => x <= 0 ? Elementary.LogOnePlus(Math.Exp(x)) : x + Elementary.LogOnePlus(Math.Exp(-x));

    private static double Logistic(double x)
    {
        double power = Math.Exp(-Math.Abs(x));
        return (x <= 0 ? power : 1) / (1 + power);
    }

    // p·log(p/q) + (1 − p)·log((1 − p)/(1 − q)), q·h(p/q − 1) + (1 − q)·h((q − p)/(1 − q)) with h(δ) = (1 + δ)·log(1 + δ) − δ
    private static double Divergence(double p, double q) => p == q ? 0
        : !(p >= 0 && p <= 1) || q <= 0 || q >= 1 ? double.PositiveInfinity
        : (q * CrossEntropyLoss.Divergence((p - q) / q)) + ((1 - q) * CrossEntropyLoss.Divergence((q - p) / (1 - q)));

    private static double SoftPlusAbove(double x, double error)
    {
        double sum = x + error, largest = sum + (2 * Rounding.Unit * Math.Abs(sum));
        return largest <= 0
            ? ProvenFunctions.LogOnePlusAbove(CrossEntropyLoss.ExpAbove(largest))
            : Rounding.Up(largest + ProvenFunctions.LogOnePlusAbove(CrossEntropyLoss.ExpAbove(-largest)), 1);
    }

    // −p·log p − (1 − p)·log(1 − p), not above; −∞ outside of [0, 1]
    private static double EntropyBelow(double p) => !(p >= 0 && p <= 1) ? double.NegativeInfinity
        : (p < 1e-300 ? 0 : Rounding.Down(-p * ProvenFunctions.Log(p), ProvenFunctions.LogError + 1)) + ProvenFunctions.RemainderEntropyBelow(p, p);
}
