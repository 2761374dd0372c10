using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// Cross-entropy after softmax: L = log(1 + Σ_g m_g·exp(z_g − z_own)), with full relative precision however small it is (<see cref="InUnit"/>).
/// </summary>
public sealed partial class CrossEntropyLoss : ILoss
{
    /// <summary>The one instance: the loss has no parameters.</summary>
    public static CrossEntropyLoss Instance { get; } = new();

    // Of the series of the divergence, to 1e-17 relative at |δ| = 0.03.
    private const int LastTerm = 13;

    // Below e^{-300} squares leave the range of a double, and 1 and 1 + L have long been the same number.
    private const double SmallestLogLoss = -300;

    private CrossEntropyLoss()
    {
    }

    /// <inheritdoc/>
    public string Name => "cross-entropy";

    /// <inheritdoc/>
    public bool IsShiftInvariant => true;

    /// <inheritdoc/>
    public bool IsNonNegative => true;

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
        double shift = logits.IsEmpty || TensorPrimitives.Max(logits) <= ownLogit ? 0 : Shift(ownLogit, logits, multiplicities);
        gradient = gradient[..logits.Length];
        double sum = Powers(logits, ownLogit + shift, multiplicities, gradient);
        double total = Math.Exp(-shift) + sum;
        TensorPrimitives.Multiply(gradient, 1 / total, gradient);
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
    public double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
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
        double largest = LargestSum(gradient.Length);
        if (others > largest || own <= 0)
        {
            return others <= largest && Math.Abs(difference) <= largest - 1 ? sum : double.PositiveInfinity;
        }

        return sum + (own * Divergence(Math.Max(-difference / own, -1)));
    }

    /// <inheritdoc/>
    public void RepairDual(ReadOnlySpan<double> multiplicities, ref double ownDual, Span<double> dual)
    {
        TensorPrimitives.Max(dual, 0.0, dual);
        double others = TensorPrimitives.Dot(multiplicities, dual);
        if (others > LargestSum(dual.Length))
        {
            TensorPrimitives.Divide(dual, others, dual);
            others = 1;
        }

        ownDual = -Math.Min(others, 1);
    }

    /// <inheritdoc/>
    public double LogUnit(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities)
    {
        // log of the largest term of the sum
        double largest = double.NegativeInfinity;
        for (int g = 0; g < logits.Length; g++)
        {
            if (multiplicities[g] != 0)
            {
                double difference = logits[g] - ownLogit;
                if (!(difference < SmallestLogLoss))
                {
                    return 0;
                }

                largest = Math.Max(largest, difference);
            }
        }

        return double.IsFinite(largest) ? largest : 0;
    }

    /// <inheritdoc/>
    public ILoss InUnit(double logUnit) => logUnit == 0 ? this
        : logUnit < SmallestLogLoss ? new VanishingCrossEntropyLoss(logUnit)
        : throw new ArgumentOutOfRangeException(nameof(logUnit), logUnit, $"The logarithm of a unit must be 0 or below {SmallestLogLoss}.");

    // 1 and the rounding of a sum of n terms: where the own probability vanishes, softmax itself exceeds 1 by that much.
    internal static double LargestSum(int n) => 1 + (2.3e-16 * (8 + (2 * Math.Sqrt(n))));

    // e_g = exp(z_g − shift), returned with Σ m_g·e_g; entries of multiplicity zero may exceed the shift and are cut off there
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Powers(ReadOnlySpan<double> logits, double shift, ReadOnlySpan<double> multiplicities, Span<double> powers)
    {
        int n = logits.Length, i = 0;
        // A span that is too short is refused here: within, nothing checks.
        multiplicities = multiplicities[..n];
        powers = powers[..n];
        ref double z = ref MemoryMarshal.GetReference(logits), m = ref MemoryMarshal.GetReference(multiplicities), e = ref MemoryMarshal.GetReference(powers);
        Vector256<double> shifts = Vector256.Create(shift), sum = default, late = default;
        for (; i + 8 <= n; i += 8)
        {
            Vector256<double> low = Elementary.Exp(Vector256.MinNative(Vector256<double>.Zero, Vector256.LoadUnsafe(ref z, (nuint)i) - shifts));
            Vector256<double> high = Elementary.Exp(Vector256.MinNative(Vector256<double>.Zero, Vector256.LoadUnsafe(ref z, (nuint)i + 4) - shifts));
            low.StoreUnsafe(ref e, (nuint)i);
            high.StoreUnsafe(ref e, (nuint)i + 4);
            sum = Vector256.MultiplyAddEstimate(low, Vector256.LoadUnsafe(ref m, (nuint)i), sum);
            late = Vector256.MultiplyAddEstimate(high, Vector256.LoadUnsafe(ref m, (nuint)i + 4), late);
        }

        double total = Vector256.Sum(sum + late);
        for (; i < n; i++)
        {
            double power = Elementary.Exp(Vector256.CreateScalar(Math.Min(0, logits[i] - shift))).ToScalar();
            powers[i] = power;
            total += power * multiplicities[i];
        }

        return total;
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

    /// <summary>(1 + δ)·log(1 + δ) − δ, to a relative error of 3e-13, and of 2e-15 where δ is below 0.03.</summary>
    internal static double Divergence(double delta)
    {
        // Σ_{n≥2} (−δ)ⁿ/(n(n−1)), as many terms as full precision takes
        double x = -delta, size = Math.Abs(delta);
        if (size < 1e-3)
        {
            return x * x * ((1.0 / 2) + (x * ((1.0 / 6) + (x * ((1.0 / 12) + (x * ((1.0 / 20) + (x * ((1.0 / 30) + (x * (1.0 / 42)))))))))));
        }

        if (size < 0.03)
        {
            double sum = 1.0 / (LastTerm * (LastTerm - 1));
            for (int n = LastTerm - 1; n >= 2; n--)
            {
                sum = (sum * x) + (1.0 / (n * (n - 1)));
            }

            return x * x * sum;
        }

        return delta <= -1 ? 1 : ((1 + delta) * Math.Log(1 + delta)) - delta;
    }
}
