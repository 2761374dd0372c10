using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// Half the squared distance of the logits from the one-hot target: L = ½(z_own − 1)² + ½Σ_g m_g·z_g² (Zhou et al. 2022; Dang et al. 2023). Its conjugate is
/// L*(y) = y_own + ½y_own² + ½Σ_g m_g·y_g², finite everywhere, and the dual in the own logit is a number of its own.
/// </summary>
public sealed class SquaredErrorLoss : ILoss
{
    /// <summary>The one instance: the loss has no parameters.</summary>
    public static SquaredErrorLoss Instance { get; } = new();

    // Squares that are subnormal, or 0 where they should not be
    private const double LostToUnderflow = 1e-300;

    private SquaredErrorLoss()
    {
    }

    /// <inheritdoc/>
    public string Name => "squared-error";

    /// <inheritdoc/>
    public bool IsShiftInvariant => false;

    /// <inheritdoc/>
    public bool IsNonNegative => true;

    /// <inheritdoc/>
    public bool VanishesAtTarget => true;

    /// <inheritdoc/>
    public double? ConstantCurvature => 1;

    /// <inheritdoc/>
    public double Value(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities)
    {
        double sum = (ownLogit - 1) * (ownLogit - 1);
        for (int g = 0; g < logits.Length; g++)
        {
            sum += multiplicities[g] == 0 ? 0 : multiplicities[g] * logits[g] * logits[g];
        }

        return 0.5 * sum;
    }

    /// <inheritdoc/>
    public double Gradient(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, out double ownGradient, Span<double> gradient)
    {
        logits.CopyTo(gradient);
        ownGradient = ownLogit - 1;
        return Value(ownLogit, logits, multiplicities);
    }

    /// <inheritdoc/>
    public void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product)
    {
        direction.CopyTo(product);
        ownProduct = ownDirection;
    }

    /// <inheritdoc/>
    public double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        // ½‖∇L − y‖²
        double sum = (ownDual - ownGradient) * (ownDual - ownGradient);
        for (int g = 0; g < gradient.Length; g++)
        {
            double difference = dual[g] - gradient[g];
            sum += multiplicities[g] == 0 ? 0 : multiplicities[g] * difference * difference;
        }

        return 0.5 * sum;
    }

    /// <inheritdoc/>
    public void RepairDual(ReadOnlySpan<double> multiplicities, ref double ownDual, Span<double> dual)
    {
        // The conjugate is finite everywhere.
    }

    /// <inheritdoc/>
    public double LargestLogit(double value) => Rounding.Up(1 + Math.Sqrt(2 * value), 4);

    /// <inheritdoc/>
    public double ValueAbove(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, double ownError, ReadOnlySpan<double> errors)
    {
        // Each distance: two roundings, and what is to be added to it
        CompensatedSum sum = default;
        double own = Rounding.Up(Math.Abs(ownLogit - 1) + ownError, 2);
        sum.Add(own * own);
        for (int g = 0; g < logits.Length; g++)
        {
            double distance = multiplicities[g] == 0 ? 0 : Rounding.Up(Math.Abs(logits[g]) + errors[g], 1);
            sum.Add(multiplicities[g] * distance * distance);
        }

        return (0.5 * Rounding.Up(sum.Value, Rounding.SumError + 3)) + LostToUnderflow;
    }

    /// <inheritdoc/>
    public double DualValueBelow(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        // −y_own − ½·y_own² − ½Σ m·y²; with t = −y_own it is t − (½t² + …), two numbers whose difference is rounded once
        CompensatedSum squares = default;
        squares.Add(ownDual * ownDual);
        for (int g = 0; g < dual.Length; g++)
        {
            squares.Add(multiplicities[g] * dual[g] * dual[g]);
        }

        double half = 0.5 * Rounding.Up(squares.Value, Rounding.SumError + 2), value = -ownDual - half;
        return value - (2 * Rounding.Unit * Math.Abs(value)) - LostToUnderflow;
    }
}
