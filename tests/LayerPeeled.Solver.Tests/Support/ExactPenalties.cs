using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>Values of small models with penalties to a hundred digits, class by class, from their definitions.</summary>
internal static class ExactPenalties
{
    /// <summary>√(λ_W·λ_H).</summary>
    public static FixedPoint Lambda(LayerPeeledModel model)
    {
        var penalties = (Penalties)model.Regulariser;
        return FixedPoint.Sqrt((FixedPoint)penalties.Classifier * penalties.Feature);
    }

    /// <summary>
    /// −Σ_k ω_k·L*(y_k) − what the dual point costs for W and H, (σ − λ)₊·upper/λ, and for the bias: a number not above the value of the dual. Column k of
    /// <paramref name="duals"/> is y_k, its own entry included.
    /// </summary>
    public static FixedPoint DualValue(LayerPeeledModel model, FixedPoint[][] duals, double upper)
    {
        int n = model.ClassCount;
        FixedPoint[] weights = ExactModel.Weights(model), sums = new FixedPoint[n];
        var matrix = new FixedPoint[n, n];
        FixedPoint value = 0, lambda = Lambda(model);
        for (int k = 0; k < n; k++)
        {
            value += weights[k] * (model.Loss is CrossEntropyLoss ? ExactModel.Entropies(duals[k], k) : ExactModel.Squares(duals[k], k));
            for (int j = 0; j < n; j++)
            {
                matrix[j, k] = duals[k][j] * weights[k] / FeatureRoot(model, k);
                sums[j] += duals[k][j] * weights[k];
            }
        }

        FixedPoint excess = ExactModel.LargestSingularValue(matrix) - lambda;
        value -= excess > 0 ? excess * upper / lambda : 0;
        return value - BiasCost(model, weights, sums, upper);
    }

    /// <summary>Σ_k ω_k·entropy(p_k) − r·σ_max(Y·diag(1/√ρ)), ρ_k = n_k·K/N, for budgets whose features count per sample and cross-entropy; not above the value.</summary>
    public static FixedPoint DualValueOfBudgets(LayerPeeledModel model, FixedPoint[][] duals)
    {
        int n = model.ClassCount;
        FixedPoint[] weights = ExactModel.Weights(model);
        FixedPoint total = Enumerable.Range(0, n).Aggregate((FixedPoint)0, (sum, k) => sum + model.Groups[model.GroupOfClass[k]].Count);
        var matrix = new FixedPoint[n, n];
        FixedPoint value = 0;
        for (int k = 0; k < n; k++)
        {
            value += weights[k] * ExactModel.Entropies(duals[k], k);
            for (int j = 0; j < n; j++)
            {
                matrix[j, k] = duals[k][j] * weights[k] / FixedPoint.Sqrt((FixedPoint)model.Groups[model.GroupOfClass[k]].Count * n / total);
            }
        }

        return value - (ExactModel.Radius(model) * ExactModel.LargestSingularValue(matrix));
    }

    /// <summary>Loss and penalties of W, H̄ and b, class by class.</summary>
    public static FixedPoint Objective(LayerPeeledModel model, double[,] classifier, double[,] scaledMeans, double[] scale, double[]? bias)
    {
        int n = model.ClassCount, p = classifier.GetLength(1);
        var penalties = (Penalties)model.Regulariser;
        FixedPoint[] weights = ExactModel.Weights(model);
        FixedPoint value = 0;
        for (int k = 0; k < n; k++)
        {
            var logits = new FixedPoint[n];
            for (int j = 0; j < n; j++)
            {
                for (int i = 0; i < p; i++)
                {
                    logits[j] += (FixedPoint)classifier[j, i] * scaledMeans[k, i] / scale[k];
                }

                logits[j] += bias?[j] ?? 0;
            }

            value += weights[k] * (model.Loss is CrossEntropyLoss ? CrossEntropy(logits, k) : SquaredError(logits, k));
            for (int i = 0; i < p; i++)
            {
                FixedPoint w = classifier[k, i], h = (FixedPoint)scaledMeans[k, i] / scale[k], root = FeatureRoot(model, k);
                value += ((penalties.Classifier * w * w) + (penalties.Feature * root * root * h * h)) / 2;
            }

            value += bias is null ? 0 : (FixedPoint)penalties.Bias!.Value * bias[k] * bias[k] / 2;
        }

        return value;
    }

    /// <summary>Loss and penalties of the point that grouped factors stand for, whose rows have roots that no double is equal to.</summary>
    public static FixedPoint Objective(GroupedFactors factors)
    {
        NuclearNormProgram program = factors.Program;
        LayerPeeledModel model = program.Model;
        int n = program.GroupCount;
        var penalties = (Penalties)model.Regulariser;
        FixedPoint[] weights = ExactModel.Weights(model), roots = Array.ConvertAll(program.Sizes.ToArray(), size => FixedPoint.Sqrt(size));
        FixedPoint total = model.Groups.Aggregate((FixedPoint)0, (sum, group) => sum + ((FixedPoint)group.Classes * group.Count)), value = 0;
        bool isPerClass = penalties.FeatureNorm == FeatureNorm.PerClass;
        for (int k = 0; k < model.ClassCount; k++)
        {
            int h = program.BlockOfClass(k);
            // Z = W·H̄: the columns of the program are those of H̄ times √ρ, ρ = n·K/N
            FixedPoint featureRoot = isPerClass ? 1 : FixedPoint.Sqrt(model.Groups[model.GroupOfClass[k]].Count * (FixedPoint)model.ClassCount / total);
            FixedPoint[] logits = new FixedPoint[model.ClassCount];
            for (int j = 0; j < logits.Length; j++)
            {
                int g = program.BlockOfClass(j);
                for (int i = 0; i < factors.Rank; i++)
                {
                    logits[j] += (FixedPoint)factors.ClassifierCore[g + (i * n)] * factors.FeatureCore[h + (i * n)] / (roots[g] * roots[h]);
                }

                // ⟨c_j, c_k⟩ of rows of a basis of the centred vectors of the group
                FixedPoint spread = program.Sizes[h] == 1 ? 0 : (FixedPoint)factors.ClassifierSpread[h] * factors.FeatureSpread[h];
                logits[j] += g == h ? spread * ((j == k ? 1 : 0) - (1 / (FixedPoint)program.Sizes[h])) : 0;
                logits[j] = (logits[j] / featureRoot) + (factors.Bias.IsEmpty ? 0 : factors.Bias[g] / roots[g]);
            }

            value += weights[k] * (model.Loss is CrossEntropyLoss ? CrossEntropy(logits, k) : SquaredError(logits, k));
        }

        // (λ_H/2)·Σ n·‖h‖² is (λ_H/2)·N/K of the scaled features
        FixedPoint feature = isPerClass ? penalties.Feature : penalties.Feature * total / model.ClassCount;
        value += ((penalties.Classifier * Norm2(factors.ClassifierSpread, factors.ClassifierCore)) + (feature * Norm2(factors.FeatureSpread, factors.FeatureCore))) / 2;
        foreach (double bias in factors.Bias)
        {
            value += (FixedPoint)penalties.Bias!.Value * bias * bias / 2;
        }

        return value;

        FixedPoint Norm2(ReadOnlySpan<double> spread, ReadOnlySpan<double> core)
        {
            FixedPoint sum = 0;
            foreach (double entry in core)
            {
                sum += (FixedPoint)entry * entry;
            }

            for (int g = 0; g < n; g++)
            {
                sum += (program.Sizes[g] - 1) * ((FixedPoint)spread[g] * spread[g]);
            }

            return sum;
        }
    }

    // √n_k, or 1
    private static FixedPoint FeatureRoot(LayerPeeledModel model, int k)
    {
        double count = model.Groups[model.GroupOfClass[k]].Count;
        return model.Regulariser.FeatureNorm == FeatureNorm.PerClass || count == 0 ? 1 : FixedPoint.Sqrt(count);
    }

    private static FixedPoint CrossEntropy(FixedPoint[] logits, int own) =>
        FixedPoint.Log(logits.Aggregate((FixedPoint)0, (sum, z) => sum + FixedPoint.Exp(z - logits[own])));

    private static FixedPoint SquaredError(FixedPoint[] logits, int own)
    {
        FixedPoint value = 0;
        for (int j = 0; j < logits.Length; j++)
        {
            FixedPoint distance = logits[j] - (j == own ? 1 : 0);
            value += distance * distance / 2;
        }

        return value;
    }

    /// <summary>
    /// What q = −Y·1 costs: the lesser of ‖q‖²/(2λ_b) and Σ |q_k|·B_k, B_k = reach of the loss + 1.5·upper/(λ·√ρ_k), the least of them for a loss without shifts.
    /// </summary>
    public static FixedPoint BiasCost(LayerPeeledModel model, FixedPoint[] weights, FixedPoint[] sums, double upper)
    {
        double? penalty = ((Penalties)model.Regulariser).Bias;
        if (penalty is null)
        {
            return 0;
        }

        FixedPoint square = 0, linear = 0;
        FixedPoint[] reach = Enumerable.Range(0, sums.Length).Select(k => (model.Loss is CrossEntropyLoss ? upper / weights[k] : 1 + FixedPoint.Sqrt(2 * upper / weights[k]))
            + (1.5 * (FixedPoint)upper / (Lambda(model) * FeatureRoot(model, k)))).ToArray();
        for (int k = 0; k < sums.Length; k++)
        {
            FixedPoint size = sums[k] < 0 ? -sums[k] : sums[k];
            square += size * size;
            linear += size * (model.Loss is CrossEntropyLoss ? reach[k] : reach.Min());
        }

        return penalty == 0 ? linear : new[] { linear, square / (2 * penalty.Value) }.Min();
    }
}
