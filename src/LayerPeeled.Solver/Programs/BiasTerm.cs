using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// A bias b, the same in every column of logits, and its penalty (λ_b/2)·‖b‖². Classes of a group have the same; β_g = √K_g·b_g, so that ‖b‖² = ‖β‖². What a
/// dual point costs for it is the conjugate of the penalty at q = −Y·1, ‖q‖²/(2λ_b); of a free bias B·‖q‖, where an optimal ‖b‖ is at most B.
/// </summary>
internal sealed class BiasTerm
{
    private readonly NuclearNormProgram program;

    public BiasTerm(NuclearNormProgram program, double penalty) => (this.program, Penalty) = (program, penalty);

    /// <summary>λ_b, 0 for a free bias.</summary>
    public double Penalty { get; }

    /// <summary>(λ_b/2)·‖b‖².</summary>
    public double Value(ReadOnlySpan<double> bias) => 0.5 * Penalty * TensorPrimitives.SumOfSquares(bias);

    /// <summary>⟨Y, b·1ᵀ⟩ + (λ_b/2)·‖b‖² + what Y costs, never negative: 0 at an optimum.</summary>
    /// <param name="dual">Y.</param>
    /// <param name="bias">β.</param>
    /// <param name="upper">An upper bound of the optimum, +∞ if the loss may be negative.</param>
    public double Misfit(GroupedMatrix dual, ReadOnlySpan<double> bias, double upper)
    {
        double[] slope = new double[program.GroupCount];
        program.BiasGradient(dual, slope);
        if (Penalty > 0)
        {
            // ‖λ_b·β + Y·ν‖²/(2λ_b)
            TensorPrimitives.MultiplyAdd(bias, Penalty, slope, slope);
            return TensorPrimitives.SumOfSquares<double>(slope) / (2 * Penalty);
        }

        double norm = TensorPrimitives.Norm<double>(slope);
        return norm == 0 ? 0 : TensorPrimitives.Dot(slope, bias) + (norm * LargestNorm(upper));
    }

    /// <summary>A number not below what Y costs, every rounding allowed for.</summary>
    /// <param name="matrix">Y as it has been computed.</param>
    /// <param name="entryError">What its entries are off by at most, relatively.</param>
    /// <param name="diagonalError">What its diagonal is off by besides.</param>
    /// <param name="upper">An upper bound of the optimum, +∞ if the loss may be negative.</param>
    public double SupportAbove(GroupedMatrix matrix, double entryError, double diagonalError, double upper)
    {
        int n = program.GroupCount;
        double square = 0;
        for (int g = 0; g < n; g++)
        {
            CompensatedSum sum = default;
            double size = 0;
            for (int h = 0; h < n; h++)
            {
                double term = matrix.Core[g + (h * n)] * (program.Roots[h] * program.FeatureRoots[h]);
                sum.Add(term);
                size += Math.Abs(term);
            }

            double error = (size * (entryError + ((Rounding.SumError + 6) * Rounding.Unit)) * (1 + Rounding.Gamma(n)))
                + (diagonalError * program.Roots[g] * program.FeatureRoots[g] * 1.01);
            double largest = Rounding.Up(Math.Abs(sum.Value) + error, 2);
            square += largest * largest;
        }

        square *= 1 + Rounding.Gamma(n + 4);
        return Penalty > 0 ? Rounding.Up(square / (2 * Penalty), 3) : square == 0 ? 0 : Rounding.Up(Math.Sqrt(square) * LargestNorm(upper), 4);
    }

    // A number not below ‖b‖ for one of the optima of a free bias, every rounding allowed for. Each class k has ω_k·L(z_k) ≤ upper, and |z_jk − b_j| is at most
    // ‖Z̃‖/√ρ_k with λ·‖Z̃‖ ≤ upper: b_j − b_k (for a loss without shifts |b_j|) exceeds what the loss allows z_jk − z_kk (|z_jk|) by √2 times that at most.
    private double LargestNorm(double upper)
    {
        if (!double.IsFinite(upper))
        {
            return double.PositiveInfinity;
        }

        double reach = Rounding.Up(upper / Rounding.Down(((NuclearPenalty)program.Term).Lambda, 8), 4) * 1.5, largest = 0;
        for (int g = 0; g < program.GroupCount; g++)
        {
            double loss = program.Model.Loss.LargestLogit(Rounding.Up(upper / program.Weights[g], 8));
            largest = Math.Max(largest, loss + (reach / program.FeatureRoots[g]));
        }

        return Rounding.Up(largest * Math.Sqrt(program.Model.ClassCount), 8);
    }
}
