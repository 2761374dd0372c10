using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

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
            value += weights[k] * (model.Loss is CrossEntropyLoss ? Entropies(duals[k], k) : Squares(duals[k], k));
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
            value += weights[k] * Entropies(duals[k], k);
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

    // √n_k, or 1
    private static FixedPoint FeatureRoot(LayerPeeledModel model, int k)
    {
        double count = model.Groups[model.GroupOfClass[k]].Count;
        return model.Regulariser.FeatureNorm == FeatureNorm.PerClass || count == 0 ? 1 : FixedPoint.Sqrt(count);
    }

    private static FixedPoint Entropies(FixedPoint[] dual, int own)
    {
        FixedPoint value = 0;
        for (int j = 0; j < dual.Length; j++)
        {
            FixedPoint p = dual[j] + (j == own ? 1 : 0);
            Assert.True(p >= 0, "the dual is not a distribution");
            value += ExactModel.Entropy(p);
        }

        return value;
    }

    private static FixedPoint Squares(FixedPoint[] dual, int own) =>
        -dual[own] - (dual.Aggregate((FixedPoint)0, (sum, y) => sum + (y * y)) / 2);

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

    // The lesser of ‖q‖²/(2λ_b) and Σ |q_k|·B_k, B_k = reach of the loss + 1.5·upper/(λ·√ρ_k), the least of them for a loss without shifts
    private static FixedPoint BiasCost(LayerPeeledModel model, FixedPoint[] weights, FixedPoint[] sums, double upper)
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
