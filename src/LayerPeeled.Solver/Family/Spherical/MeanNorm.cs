using System.Numerics.Tensors;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>
/// A budget: (1/K)·Σ_k ‖v_k‖_q^q ≤ E, used in full. With q = 2 that of the Layer-Peeled Model; for another q no multipliers of squared norms bound the optimum, and the
/// simplex ETF is not optimal for K ≥ 3 (Fang, He, Long, Su, PNAS 2021).
/// </summary>
/// <param name="Budget">E, between 1e-150 and 1e150.</param>
/// <param name="Exponent">q, above 1 and at most 64.</param>
public sealed record MeanNorm(double Budget, double Exponent = 2) : NormConstraint
{
    private const double LargestExponent = 64;

    /// <inheritdoc/>
    internal override bool IsEuclidean => Exponent == 2;

    /// <inheritdoc/>
    internal override bool IsBudget => true;

    internal override double[] Norms2(int classes)
    {
        double[] result = new double[classes];
        Array.Fill(result, Math.Pow(Budget, 2 / Exponent));
        return result;
    }

    internal override void Validate(int classes, string name)
    {
        ModelValidation.BudgetInRange(Budget, name);
        if (!(Exponent is > 1 and <= LargestExponent))
        {
            throw new ArgumentOutOfRangeException(name, Exponent, $"The exponent q must be above 1 and at most {LargestExponent}.");
        }
    }

    internal override void Place(int dimension, ReadOnlySpan<double> point, Span<double> vectors) =>
        TensorPrimitives.Multiply(point, Math.Pow(point.Length / dimension * Budget / PowerSum(point), 1 / Exponent), vectors);

    internal override void Pull(int dimension, ReadOnlySpan<double> point, ReadOnlySpan<double> vectors, Span<double> derivative)
    {
        // v = c·x, c = (K·E/S)^{1/q}, S = Σ|x|^q: c·d − ⟨v, d⟩·|x|^{q−1}·sgn(x)/S
        double sum = PowerSum(point), scale = Math.Pow(point.Length / dimension * Budget / sum, 1 / Exponent);
        double along = TensorPrimitives.Dot(vectors, derivative) / sum;
        for (int i = 0; i < point.Length; i++)
        {
            double power = Exponent == 2 ? point[i] : Math.CopySign(Math.Pow(Math.Abs(point[i]), Exponent - 1), point[i]);
            derivative[i] = (scale * derivative[i]) - (along * power);
        }
    }

    internal override double RelativeSlope2(int dimension, ReadOnlySpan<double> point, ReadOnlySpan<double> gradient) =>
        TensorPrimitives.SumOfSquares(point) * TensorPrimitives.SumOfSquares(gradient);

    private double PowerSum(ReadOnlySpan<double> values)
    {
        if (Exponent == 2)
        {
            return TensorPrimitives.SumOfSquares(values);
        }

        double sum = 0;
        foreach (double value in values)
        {
            sum += Math.Pow(Math.Abs(value), Exponent);
        }

        return sum;
    }
}
