using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Kernels;
using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Programs;

/// <content>Between the columns of matrices and what the loss of one class sees.</content>
public sealed partial class NuclearNormProgram
{
    /// <summary>The target distribution of a column over the rows; zero for one without a weight.</summary>
    internal void Target(int h, Span<double> target)
    {
        target.Clear();
        (lossOfColumn![h] as ITargetLoss)?.AddTarget(1, target);
    }

    /// <summary>The same less 1/V for each of the V tokens.</summary>
    internal void CentredTarget(int h, Span<double> target)
    {
        Target(h, target);
        Span<double> tokens = target[..((ITargetLoss)lossOfColumn![h]).Tokens];
        TensorPrimitives.Subtract(tokens, 1.0 / tokens.Length, tokens);
    }

    /// <summary>How often each token is the target, Σ_h ω_h·t_jh.</summary>
    internal double[] RowWeights()
    {
        var sums = new double[GroupCount];
        for (int h = 0; h < sums.Length; h++)
        {
            ((ITargetLoss)lossOfColumn![h]).AddTarget(WeightsArray[h], sums);
        }

        return sums;
    }

    /// <summary>Adds b·√ρᵀ, a bias b for all columns: core entry (g, h) grows by β_g·ν_h with β_g = √K_g·b_g, ν_h = √(K_h·ρ_h).</summary>
    internal void AddBias(GroupedMatrix logits, ReadOnlySpan<double> bias)
    {
        int n = GroupCount;
        for (int h = 0; h < n; h++)
        {
            Span<double> column = logits.Core.AsSpan(h * n, n);
            TensorPrimitives.MultiplyAdd(bias, roots[h] * featureRoots[h], column, column);
        }
    }

    /// <summary>The derivative in β: Γ·ν.</summary>
    internal void BiasGradient(GroupedMatrix gradient, Span<double> derivative)
    {
        int n = GroupCount;
        derivative.Clear();
        for (int h = 0; h < n; h++)
        {
            TensorPrimitives.MultiplyAdd(gradient.Core.AsSpan(h * n, n), roots[h] * featureRoots[h], derivative, derivative);
        }
    }

    /// <summary>
    /// Reads a column of a gradient or dual as derivatives per single class (per ω_h): <paramref name="column"/>[g] for one class of g,
    /// siblings at g = h.
    /// </summary>
    /// <returns>The derivative in the own logit.</returns>
    internal double ReadGradient(GroupedMatrix gradient, int h, Span<double> column)
    {
        // With ω_h/√ρ_h for ω_h: p_gh = Γ_gh / (√(K_g K_h) ω_h);  p_sibling = (Γ_hh − α_h)/(K_h ω_h);  own = α_h/ω_h + p_sibling
        int n = GroupCount;
        double weight = WeightsArray[h] / featureRoots[h];
        ReadOnlySpan<double> source = gradient.Core.AsSpan(h * n, n);
        if (HasUnitSizes)
        {
            TensorPrimitives.Divide(source, weight, column);
        }
        else
        {
            RowScaling.Scale(inverseRoots[h] / weight, inverseRoots, source, column);
        }

        if (SizesArray[h] == 1)
        {
            int row = OwnRow(h);
            column[row] = 0;
            return source[row] / weight;
        }

        column[h] = (source[h] - gradient.Spread[h]) / (SizesArray[h] * weight);
        return (gradient.Spread[h] / weight) + column[h];
    }

    /// <summary>The inverse of <see cref="ReadGradient"/>: derivatives per single class into column h, times ω_h.</summary>
    internal void WriteColumn(GroupedMatrix target, int h, double own, Span<double> column)
    {
        // With ω_h/√ρ_h for ω_h: α_h = ω_h(own − sibling);  Γ_gh = √(K_g K_h) ω_h p_gh;  Γ_hh = K_h ω_h p_sibling + α_h = ω_h(own + (K_h − 1) p_sibling)
        int n = GroupCount;
        int row = OwnRow(h);
        double weight = WeightsArray[h] / featureRoots[h], sibling = SizesArray[h] == 1 ? 0 : column[h];
        Span<double> destination = target.Core.AsSpan(h * n, n);
        if (HasUnitSizes)
        {
            TensorPrimitives.Multiply(column, weight, destination);
        }
        else
        {
            RowScaling.Scale(roots[h] * weight, roots, column, destination);
        }

        target.Spread[h] = SizesArray[h] == 1 ? 0 : weight * (own - sibling);
        destination[row] = weight * (own + ((SizesArray[h] - 1) * sibling));
    }

    /// <summary>Logits of one class of group h, its column unscaled: <paramref name="column"/>[g] = b_gh, siblings at g = h; returns the own logit b_hh + a_h.</summary>
    internal double ReadColumn(GroupedMatrix logits, int h, Span<double> column)
    {
        int n = GroupCount;
        ReadOnlySpan<double> source = logits.Core.AsSpan(h * n, n);
        double scale = featureRoots[h];
        if (HasUnitSizes)
        {
            TensorPrimitives.Divide(source, scale, column);
            return column[OwnRow(h)];
        }

        RowScaling.Scale(inverseRoots[h] / scale, inverseRoots, source, column);
        double spread = SizesArray[h] == 1 ? 0 : logits.Spread[h];
        column[h] = (source[h] - spread) / (SizesArray[h] * scale);
        return column[h] + (spread / scale);
    }
}
