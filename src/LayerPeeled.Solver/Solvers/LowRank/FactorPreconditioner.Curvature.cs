using System.Numerics.Tensors;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <content>What the loss adds to the Hessian.</content>
internal sealed partial class FactorPreconditioner
{
    // √(d_k/λ): the second derivative of the loss in the own logit, from ∇²f[I]; as a change of M_kk it counts 1/K_k of it.
    private void OwnCurvature(FactorObjective objective, double multiplier)
    {
        GroupedMatrix identity = program.CreateMatrix(), product = program.CreateMatrix();
        for (int g = 0; g < n; g++)
        {
            identity.Spread[g] = program.Sizes[g] > 1 ? 1 : 0;
            identity.Core[g * (n + 1)] = 1;
        }

        program.CurvatureProductInUnit(objective.Gradient, identity, product, objective.LogUnit, objective.AllLogits);
        for (int g = 0; g < n; g++)
        {
            double spread = program.Sizes[g] > 1 ? product.Spread[g] : 0;
            double own = spread + ((product.Core[g * (n + 1)] - spread) / program.Sizes[g]);
            rootCurvature[g] = Math.Sqrt(Math.Max(0, own / (program.Sizes[g] * multiplier)));
            if (program.Bias is { } bias)
            {
                double scale = program.FeatureRoots[g];
                biasCurvature[g] = ((Math.Max(own, 0) * scale * scale) + Math.Max(OtherBiasCurvature(objective.Gradient, g), 0) + bias.Penalty) / multiplier;
            }
        }
    }

    // d²f/dβ_g², but for the part of the own logits: Σ over the columns of other classes of their weight times the curvature, the probability as below
    private double OtherBiasCurvature(GroupedMatrix gradient, int g)
    {
        if (program.Model.Loss.ConstantCurvature is { } curvature)
        {
            return curvature * (1 - program.Weights[g]);
        }

        double sum = (gradient.Core[g * (n + 1)] - gradient.Spread[g]) * program.FeatureRoots[g] * (program.Sizes[g] - 1) / program.Sizes[g];
        for (int h = 0; h < n; h++)
        {
            sum += h == g ? 0 : gradient.Core[g + (h * n)] * program.Roots[h] * program.FeatureRoots[h] / program.Roots[g];
        }

        return sum;
    }

    // The curvature in another logit is its probability, as is the gradient: the mean over the entries of U and V of what it adds to the Hessian.
    private double OtherCurvature(GroupedMatrix gradient, double multiplier)
    {
        double[] rows = new double[n], columns = new double[n];
        for (int i = 1; i <= rank; i++)
        {
            TensorPrimitives.MultiplyAdd(classifier.AsSpan(i * n, n), classifier.AsSpan(i * n, n), rows, rows);
            TensorPrimitives.MultiplyAdd(feature.AsSpan(i * n, n), feature.AsSpan(i * n, n), columns, columns);
        }

        double sum = 0;
        for (int k = 0; k < n; k++)
        {
            for (int j = 0; j < n; j++)
            {
                sum += j == k ? 0 : program.Model.Loss.ConstantCurvature is { } curvature
                    ? curvature * program.Weights[k] / (program.FeatureRoots[k] * program.FeatureRoots[k]) * (rows[j] + columns[k])
                    : gradient.Core[j + (k * n)] / (program.Roots[j] * program.Roots[k]) * (rows[j] + columns[k]);
            }
        }

        return sum / (multiplier * n * rank);
    }
}
