using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// Focal loss (Lin et al. 2017): L = (1 − p)^γ·ℓ with ℓ = −log p the cross-entropy of the example and p the probability of its class. Not convex in the logits: there is no conjugate, no
/// lower bound but 0, and a solution is a local one.
/// </summary>
public sealed class FocalLoss : ILoss
{
    private static readonly CrossEntropyLoss Plain = CrossEntropyLoss.Instance;

    /// <summary>The loss.</summary>
    /// <param name="gamma">γ, from 0 (cross-entropy) to 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">γ is out of its range.</exception>
    public FocalLoss(double gamma)
    {
        Gamma = gamma is >= 0 and <= 10 ? gamma : throw new ArgumentOutOfRangeException(nameof(gamma), gamma, "It must be between 0 and 10.");
        Name = string.Create(CultureInfo.InvariantCulture, $"focal:gamma={gamma}");
    }

    /// <summary>γ.</summary>
    public double Gamma { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsConvex => false;

    /// <inheritdoc/>
    public bool IsShiftInvariant => true;

    /// <inheritdoc/>
    public bool IsNonNegative => true;

    /// <inheritdoc/>
    public bool NeedsLogits => true;

    /// <inheritdoc/>
    public double CollapseFactor => double.NaN;

    /// <inheritdoc/>
    public double Value(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities) =>
        Of(Plain.Value(ownLogit, logits, multiplicities)).Value;

    /// <inheritdoc/>
    public double Gradient(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, out double ownGradient, Span<double> gradient)
    {
        (double value, double slope, _) = Of(Plain.Gradient(ownLogit, logits, multiplicities, out ownGradient, gradient));
        gradient = gradient[..logits.Length];
        ownGradient *= slope;
        TensorPrimitives.Multiply(gradient, slope, gradient);
        return value;
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: the gradient does not tell p.</exception>
    public void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product) =>
        throw new NotSupportedException($"The curvature of the loss '{Name}' is not a function of its gradient.");

    /// <inheritdoc/>
    public void CurvatureProduct(
        double ownLogit, ReadOnlySpan<double> logits, double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product)
    {
        // F′(ℓ)·∇²ℓ·d + F″(ℓ)·⟨∇ℓ, d⟩·∇ℓ
        int n = gradient.Length;
        double[] rented = ArrayPool<double>.Shared.Rent(2 * n);
        Span<double> plain = rented.AsSpan(0, n), weighted = rented.AsSpan(n, n);
        (_, double slope, double curvature) = Of(Plain.Gradient(ownLogit, logits, multiplicities, out double own, plain));
        Plain.CurvatureProduct(own, plain, multiplicities, ownDirection, direction, out ownProduct, product);
        product = product[..n];
        TensorPrimitives.Multiply(plain, multiplicities, weighted);
        double along = curvature * ((own * ownDirection) + TensorPrimitives.Dot(weighted, direction[..n]));
        TensorPrimitives.Multiply(product, slope, product);
        TensorPrimitives.MultiplyAdd(plain, along, product, product);
        ownProduct = (slope * ownProduct) + (along * own);
        ArrayPool<double>.Shared.Return(rented);
    }

    // F(ℓ) = w^γ·ℓ with w = 1 − e^−ℓ, dw/dℓ = p, and its two derivatives
    private (double Value, double Slope, double Curvature) Of(double loss)
    {
        double p = Math.Exp(-loss), w = -double.ExpM1(-loss), power = Math.Pow(w, Gamma);
        if (Gamma == 0 || !(w > 0))
        {
            return (power * loss, power, 0);
        }

        double ratio = p / w;
        return (power * loss, power * (1 + (Gamma * ratio * loss)), power * Gamma * ratio * (2 - loss + ((Gamma - 1) * ratio * loss)));
    }
}
