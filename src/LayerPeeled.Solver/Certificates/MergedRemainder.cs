using System.Numerics.Tensors;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// What the gap of a merged program leaves out: that the merged classes have different weights. The dual point of class k of a block with the
/// average weight ω is d_k·Y_k, which stands for p_k = e_k + ρ_k(p − e_k), ρ_k = d_k·ω/ω_k. With d_k = 1 nothing but the Fenchel–Young remainders
/// changes: right where classes stand apart, since −Y is λ times a partial isometry there. Collapsed classes share their probabilities, ρ_k = 1, so
/// d_k = ω_k/ω. In between d_k = c·(ω_k/ω)^θ. The spectral norm stays below σ as long as the average of h(d_k), h(d) = d²/(σ² − α²d²), is at most
/// h(1) in each block, α its spread: then YᵀY ⪯ σ²·D⁻², by the Schur complement of the coordinates in which the classes of a block spread out.
/// </summary>
internal sealed class MergedRemainder
{
    // Below, classes stand apart as far as roundoff can tell.
    private const double SmallestMargin = 1e-8;
    private const double Safety = 1 - 1e-14;
    private const int Bisections = 60;
    private readonly NuclearNormProgram program;
    private readonly ILoss loss;
    private readonly GroupedMatrix logits;
    private readonly GroupedMatrix gradient;
    private readonly GroupedMatrix dual;
    private readonly double sigma;
    private readonly double[] slope;
    private readonly double[] column;
    private readonly double[] scaled;
    private readonly double[] multiplicities;
    private readonly double[] ratios;

    /// <param name="program">The program with merged groups.</param>
    /// <param name="logits">Z.</param>
    /// <param name="gradient">∇f(Z), in the unit of the certificate.</param>
    /// <param name="within">The certificate within the program: Y, feasible there, and a bound of its spectral norm.</param>
    public MergedRemainder(NuclearNormProgram program, GroupedMatrix logits, GroupedMatrix gradient, DualityCertificate within)
    {
        this.program = program;
        this.logits = logits;
        this.gradient = gradient;
        (dual, sigma) = (within.SharedDual, within.Sigma);
        // Merged groups have one loss.
        loss = program.Model.Loss.InUnit(within.LogUnit);
        int n = program.GroupCount;
        (slope, column, scaled) = (new double[n], new double[n], new double[n]);
        multiplicities = program.Sizes.ToArray();
        ratios = new double[program.Model.Groups.Count];
        Array.Fill(ratios, 1);
    }

    /// <summary>ρ of each group of the model, once <see cref="Total"/> has found them.</summary>
    public ReadOnlySpan<double> Ratios => ratios;

    /// <summary>What has to be added to the gap within the program, in all and for each block.</summary>
    public double Total(Span<double> cost)
    {
        ILookup<int, int> members = Enumerable.Range(0, program.Model.Groups.Count).ToLookup(g => program.BlockOfGroup[g]);
        double total = 0;
        for (int h = 0; h < program.GroupCount; h++)
        {
            int[] groups = members[h].ToArray();
            cost[h] = program.Weights[h] == 0 || groups.Length == 1 ? 0 : OfBlock(h, groups);
            total += cost[h];
        }

        return total;
    }

    private double OfBlock(int h, int[] groups)
    {
        int n = program.GroupCount;
        multiplicities[h] -= 1;
        double own = program.ReadGradient(gradient, h, slope);
        double ownDual = program.ReadGradient(dual, h, column);
        double weight = program.Weights[h], size = program.Sizes[h];
        // ⟨Y_k, Z_k⟩ of one class
        double pairing = (TensorPrimitives.Dot<double>(dual.Core.AsSpan(h * n, n), logits.Core.AsSpan(h * n, n))
            + ((size - 1) * dual.Spread[h] * logits.Spread[h])) / size;
        double[] classes = Array.ConvertAll(groups, g => (double)program.Model.Groups[g].Classes);
        double[] relative = Array.ConvertAll(groups, g => program.Model.WeightOf(g) / weight);
        double within = FenchelYoung(own, ownDual, 1), spread = Math.Abs(dual.Spread[h]) / sigma, margin = 1 - (spread * spread);
        double exponent = 0, best = Cost(0);
        if (margin > SmallestMargin)
        {
            // The second-order expansion of the cost in log d and log(ω_k/ω), minimised over θ
            double width = 1 - Math.Min(relative.Min(), 1 / relative.Max());
            double curvature = 2 * weight * FenchelYoung(own, ownDual, 1 - width) / (width * width);
            double expanded = curvature / (curvature + (Math.Abs(pairing) * ((4 / margin) - 3))), cost = Cost(expanded);
            (exponent, best) = cost < best ? (expanded, cost) : (exponent, best);
        }

        if (!double.IsFinite(best))
        {
            // A bound there is in any case: probabilities of the average class.
            (exponent, best) = (1, Cost(1));
        }

        double[] factors = Factors(exponent);
        for (int i = 0; i < groups.Length; i++)
        {
            ratios[groups[i]] = factors[i] / relative[i];
        }

        multiplicities[h] += 1;
        // Non-negative by the convexity of the conjugate, but for roundoff.
        return Math.Max(0, best);

        double[] Factors(double power)
        {
            double[] d = Array.ConvertAll(relative, ratio => Math.Pow(ratio, power));
            double c = power == 0 ? 1 : Normaliser(classes, d, spread);
            return Array.ConvertAll(d, factor => c * factor);
        }

        double Cost(double power)
        {
            double[] d = Factors(power);
            double sum = 0;
            for (int i = 0; i < groups.Length; i++)
            {
                sum += classes[i]
                    * ((weight * relative[i] * FenchelYoung(own, ownDual, d[i] / relative[i])) - (weight * within) + ((d[i] - 1) * pairing));
            }

            return double.IsNaN(sum) ? double.PositiveInfinity : sum;
        }
    }

    private double FenchelYoung(double own, double ownDual, double factor)
    {
        TensorPrimitives.Multiply(column, factor, scaled);
        return loss.FenchelYoung(own, slope, multiplicities, factor * ownDual, scaled);
    }

    /// <summary>
    /// c with the average of h(c·d_k) over the classes of a block at most h(1), h(d) = d²/(1 − spread²·d²): then σ_max(Y·diag(c·d)) ≤ σ_max(Y).
    /// </summary>
    /// <param name="classes">Classes of each group of the block.</param>
    /// <param name="d">A positive factor for each group.</param>
    /// <param name="spread">|α|/σ, the spread of Y in the block relative to its spectral norm, at most 1.</param>
    internal static double Normaliser(double[] classes, double[] d, double spread)
    {
        // c lies between 1/max d and 1/min d, and h has a pole
        double low = 1 / d.Max(), high = Math.Min(1 / d.Min(), low / Math.Max(spread, double.Epsilon)), square = spread * spread;
        if (1 - square <= SmallestMargin)
        {
            return low * Safety;
        }

        double size = classes.Sum();
        for (int i = 0; i < Bisections; i++)
        {
            double c = 0.5 * (low + high), sum = 0;
            for (int j = 0; j < d.Length; j++)
            {
                double x = c * d[j] * c * d[j];
                sum += classes[j] * x / (1 - (square * x));
            }

            (low, high) = sum * (1 - square) <= size ? (c, high) : (low, c);
        }

        return low * Safety;
    }
}
