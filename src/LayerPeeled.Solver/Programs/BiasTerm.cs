using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// A bias b, the same in every column of logits, and its penalty (λ_b/2)·‖b‖². Classes of a group have the same; β_g = √K_g·b_g, so that ‖b‖² = ‖β‖². What a
/// dual point costs for it is the conjugate of the penalty at q = −Y·1, ‖q‖²/(2λ_b), or Σ_k |q_k|·B_k where an optimal |b_k| is at most B_k: for a free bias, or
/// one whose penalty is next to nothing.
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
        double[] reach = Reach(upper);
        double linear = TensorPrimitives.Dot(slope, bias) + Value(bias);
        for (int g = 0; g < slope.Length; g++)
        {
            linear += slope[g] == 0 ? 0 : Math.Abs(slope[g]) * reach[g];
        }

        // ‖λ_b·β + Y·ν‖²/(2λ_b)
        TensorPrimitives.MultiplyAdd(bias, Penalty, slope, slope);
        return Penalty > 0 ? Math.Min(TensorPrimitives.SumOfSquares<double>(slope) / (2 * Penalty), linear) : linear;
    }

    /// <summary>A number not below what Y costs, every rounding allowed for.</summary>
    /// <param name="matrix">Y as it has been computed.</param>
    /// <param name="entryError">What its entries are off by at most, relatively.</param>
    /// <param name="diagonalErrors">What the entries of its diagonal are off by besides.</param>
    /// <param name="upper">An upper bound of the optimum, +∞ if the loss may be negative.</param>
    public double SupportAbove(GroupedMatrix matrix, double entryError, ReadOnlySpan<double> diagonalErrors, double upper)
    {
        int n = program.GroupCount;
        double square = 0, linear = 0;
        double[] reach = Reach(upper);
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
                + (diagonalErrors[g] * program.Roots[g] * program.FeatureRoots[g] * 1.01);
            double largest = Rounding.Up(Math.Abs(sum.Value) + error, 2);
            square += largest * largest;
            linear += largest == 0 ? 0 : largest * reach[g];
        }

        linear *= 1 + Rounding.Gamma(n + 4);
        return Penalty > 0 ? Math.Min(Rounding.Up(square / (2 * Penalty), 3) * (1 + Rounding.Gamma(n + 4)), linear) : linear;
    }

    // Numbers not below √K_g·|b_k| for an optimal bias, every rounding allowed for. ω_k·L(z_k) ≤ upper, and the logits that features give to class k are at
    // most ‖Z̃‖/√ρ_k ≤ upper/(λ·√ρ_k). A loss without shifts bounds z_jk, which is b_j and one of those, by that of any class k. One with shifts bounds z_jk − z_kk by
    // that of class k: with j the class of the largest b it is b_j − b_k and two of those, and b may be counted from b_j since the dual does not see shifts.
    private double[] Reach(double upper)
    {
        double[] reach = new double[program.GroupCount];
        Array.Fill(reach, double.PositiveInfinity);
        ColumnLosses losses = program.Losses(0);
        double least = double.PositiveInfinity, lambda = Rounding.Down(((NuclearPenalty)program.Term).Lambda, 8);
        for (int g = 0; g < reach.Length && double.IsFinite(upper); g++)
        {
            double logits = Rounding.Up(1.5 * upper / (lambda * program.FeatureRoots[g]), 8);
            double loss = program.Weights[g] == 0 ? double.PositiveInfinity : losses[g].LargestLogit(Rounding.Up(upper / program.Weights[g], 8));
            reach[g] = Rounding.Up(loss + logits, 4);
            least = Math.Min(least, reach[g]);
        }

        for (int g = 0; g < reach.Length; g++)
        {
            reach[g] = Rounding.Up(program.Roots[g] * (program.Model.Loss.IsShiftInvariant ? reach[g] : least), 3);
        }

        return reach;
    }
}
