using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// A bias b, the same in every column of logits, and its penalty (λ_b/2)·‖b‖². Classes of a group have the same; β_g = √K_g·b_g, so that ‖b‖² = ‖β‖². What a
/// dual point costs for it is the conjugate of the penalty at q = −Y·1, ‖q‖²/(2λ_b); of a free bias Σ_k |q_k|·B_k, where an optimal |b_k| is at most B_k.
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

        double cost = TensorPrimitives.Dot(slope, bias);
        for (int g = 0; g < slope.Length; g++)
        {
            cost += slope[g] == 0 ? 0 : Math.Abs(slope[g]) * program.Roots[g] * Largest(g, upper);
        }

        return cost;
    }

    /// <summary>A number not below what Y costs, every rounding allowed for.</summary>
    /// <param name="matrix">Y as it has been computed.</param>
    /// <param name="entryError">What its entries are off by at most, relatively.</param>
    /// <param name="diagonalErrors">What the entries of its diagonal are off by besides.</param>
    /// <param name="upper">An upper bound of the optimum, +∞ if the loss may be negative.</param>
    public double SupportAbove(GroupedMatrix matrix, double entryError, ReadOnlySpan<double> diagonalErrors, double upper)
    {
        int n = program.GroupCount;
        double square = 0, free = 0;
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
            free += largest == 0 || Penalty > 0 ? 0 : Rounding.Up(largest * program.Roots[g], 3) * Largest(g, upper);
        }

        return (Penalty > 0 ? Rounding.Up(square / (2 * Penalty), 3) : free) * (1 + Rounding.Gamma(n + 4));
    }

    // A number not below |b_k| of one of the optima of a free bias, for a class of a group, every rounding allowed for. ω_k·L(z_k) ≤ upper, and the logits that
    // features give to class k are at most ‖Z̃‖/√ρ_k ≤ upper/(λ·√ρ_k). For a loss without shifts z_kk, which is b_k and one of those, is bounded by the loss; for one
    // with shifts the largest entry of an optimal b may be 0, that of class j, and z_jk − z_kk, which is −b_k and two of those, is bounded by the loss.
    private double Largest(int g, double upper)
    {
        if (!double.IsFinite(upper))
        {
            return double.PositiveInfinity;
        }

        double reach = Rounding.Up(upper / (Rounding.Down(((NuclearPenalty)program.Term).Lambda, 8) * program.FeatureRoots[g]), 8);
        return Rounding.Up(program.Model.Loss.LargestLogit(Rounding.Up(upper / program.Weights[g], 8)) + (1.5 * reach), 4);
    }
}
