using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>What the Fenchel–Young remainder of a merged program leaves out: that the merged classes have different weights.</summary>
internal static class MergedRemainder
{
    /// <summary>Σ over the groups g of each block of K_g·ω_g·FY(z, (ω_block/ω_g)·y), less the block's own K·ω·FY(z, y), all in one unit.</summary>
    public static double Add(NuclearNormProgram program, GroupedMatrix gradient, GroupedMatrix dual, double logUnit, Span<double> cost)
    {
        LayerPeeledModel model = program.Model;
        ILoss loss = model.Loss.InUnit(logUnit);
        int n = program.GroupCount;
        double[] slope = new double[n], column = new double[n], scaled = new double[n], multiplicities = program.Sizes.ToArray();
        ILookup<int, int> members = Enumerable.Range(0, model.Groups.Count).ToLookup(g => program.BlockOfGroup[g]);
        double total = 0;
        for (int h = 0; h < n; h++)
        {
            cost[h] = 0;
            double weight = program.Weights[h];
            if (weight == 0 || !members[h].Skip(1).Any())
            {
                continue;
            }

            multiplicities[h] -= 1;
            double own = program.ReadGradient(gradient, h, slope);
            program.ReadGradient(dual, h, column);
            double sum = -program.Sizes[h] * weight * loss.FenchelYoung(own, slope, multiplicities, column);
            foreach (int g in members[h])
            {
                double ratio = weight / model.WeightOf(g);
                System.Numerics.Tensors.TensorPrimitives.Multiply(column, ratio, scaled);
                sum += model.Groups[g].Classes * model.WeightOf(g) * loss.FenchelYoung(own, slope, multiplicities, scaled);
            }

            multiplicities[h] += 1;
            // Non-negative by the convexity of the conjugate, but for roundoff.
            cost[h] = Math.Max(0, sum);
            total += cost[h];
        }

        return total;
    }
}
