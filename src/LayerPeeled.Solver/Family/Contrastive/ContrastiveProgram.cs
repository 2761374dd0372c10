using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Kernels;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Family.Contrastive;

/// <summary>
/// The convex program in X = H̄ᵀH̄/τ: minimise e(X) = Σ_k ω_k·log(1 + Σ_{j ≠ k} (n_j/m_k)·exp(X_jk − X_kk)) over X ⪰ 0, tr X ≤ t = K·E_H/τ. e is the loss less its
/// floor Σ_k ω_k·log m_k, and its columns are cross-entropies in which class j stands n_j/m_k times. Over groups of equal classes, or class by class with one in
/// each. Immutable.
/// </summary>
internal sealed class ContrastiveProgram
{
    private readonly double[] roots;
    private readonly double[] inverseRoots;
    private readonly double[] counts;
    private readonly double[] anchors;

    private ContrastiveProgram(ContrastiveModel model, IReadOnlyList<int> groups, double[] sizes)
    {
        Model = model;
        Sizes = sizes;
        roots = Array.ConvertAll(sizes, Math.Sqrt);
        inverseRoots = Array.ConvertAll(roots, root => 1 / root);
        counts = groups.Select(g => model.Groups[g].Count).ToArray();
        anchors = Array.ConvertAll(counts, n => model.Denominator == ContrastiveDenominator.AllSamples ? n : n - 1);
        double[] effective = groups.Select((g, i) => anchors[i] > 0 ? model.Groups[g].EffectiveCount : 0).ToArray();
        double total = TensorPrimitives.Dot<double>(sizes, effective);
        Weights = Array.ConvertAll(effective, n => n / total);
        Radius = model.ClassCount * (model.FeatureBudget / model.Temperature);
        for (int h = 0; h < sizes.Length; h++)
        {
            Floor += Weights[h] > 0 ? sizes[h] * Weights[h] * Math.Log(anchors[h]) : 0;
        }
    }

    /// <summary>The model this program belongs to.</summary>
    public ContrastiveModel Model { get; }

    /// <summary>K_g.</summary>
    public double[] Sizes { get; }

    /// <summary>ω_g, the weight of the anchors of one class, Σ K_g·ω_g = 1; 0 where anchors have no positives.</summary>
    public double[] Weights { get; }

    /// <summary>t = K·E_H/τ.</summary>
    public double Radius { get; }

    /// <summary>Σ_k ω_k·log m_k, the infimum of the loss over all budgets.</summary>
    public double Floor { get; }

    /// <summary>The program over groups of equal classes.</summary>
    public static ContrastiveProgram ForGroups(ContrastiveModel model) =>
        new(model, Enumerable.Range(0, model.Groups.Count).ToArray(), model.Groups.Select(g => (double)g.Classes).ToArray());

    /// <summary>The program class by class.</summary>
    public static ContrastiveProgram ForClasses(ContrastiveModel model)
    {
        double[] ones = new double[model.ClassCount];
        Array.Fill(ones, 1);
        return new ContrastiveProgram(model, model.GroupOfClass.ToArray(), ones);
    }

    /// <summary>A zero matrix of this program's shape.</summary>
    public GroupedMatrix CreateMatrix() => new(Sizes);

    /// <summary>tr X.</summary>
    public static double Trace(GroupedMatrix matrix)
    {
        double trace = 0;
        for (int g = 0; g < matrix.GroupCount; g++)
        {
            trace += ((matrix.Sizes[g] - 1) * matrix.Spread[g]) + matrix.Core[g * (matrix.GroupCount + 1)];
        }

        return trace;
    }

    /// <summary>M_gh = K_g·n_g/m_h, and (K_h − 1)·n_h/m_h of the siblings: how often the column of a class of group h sees those of g.</summary>
    public void Multiplicities(int h, Span<double> multiplicities)
    {
        for (int g = 0; g < Sizes.Length; g++)
        {
            multiplicities[g] = (g == h ? Sizes[g] - 1 : Sizes[g]) * (counts[g] / anchors[h]);
        }
    }

    /// <summary>e(X) and its gradient: column k is the derivative of the loss of class k, so that the matrix is not symmetric.</summary>
    public double Gradient(GroupedMatrix point, GroupedMatrix gradient)
    {
        int n = Sizes.Length;
        double[] column = new double[n], derivative = new double[n], multiplicities = new double[n];
        double value = 0;
        for (int h = 0; h < n; h++)
        {
            if (Weights[h] == 0)
            {
                gradient.Core.AsSpan(h * n, n).Clear();
                gradient.Spread[h] = 0;
                continue;
            }

            Multiplicities(h, multiplicities);
            double own = ReadColumn(point, h, column);
            value += Sizes[h] * Weights[h] * CrossEntropyLoss.Instance.Gradient(own, column, multiplicities, out double ownGradient, derivative);
            WriteColumn(gradient, h, ownGradient, derivative);
        }

        return value;
    }

    /// <summary>Column h of X for one class of group h: column[g] = b_gh, siblings at g = h; returns its own entry b_hh + a_h.</summary>
    public double ReadColumn(GroupedMatrix point, int h, Span<double> column)
    {
        int n = Sizes.Length;
        ReadOnlySpan<double> source = point.Core.AsSpan(h * n, n);
        RowScaling.Scale(inverseRoots[h], inverseRoots, source, column);
        double spread = Sizes[h] == 1 ? 0 : point.Spread[h];
        column[h] = (source[h] - spread) / Sizes[h];
        return column[h] + spread;
    }

    /// <summary>
    /// Duals of one column, as cross-entropy has them, into the matrix: a class of group g collects n_g/m_h times dual[g], and all is weighted by ω_h.
    /// </summary>
    public void WriteColumn(GroupedMatrix target, int h, double own, Span<double> dual)
    {
        int n = Sizes.Length;
        double weight = Weights[h] / anchors[h], sibling = Sizes[h] == 1 ? 0 : Weights[h] * dual[h] * (counts[h] / anchors[h]);
        Span<double> destination = target.Core.AsSpan(h * n, n);
        TensorPrimitives.Multiply(dual, counts, destination);
        TensorPrimitives.Multiply(destination, roots, destination);
        TensorPrimitives.Multiply(destination, weight * roots[h], destination);
        target.Spread[h] = Sizes[h] == 1 ? 0 : (Weights[h] * own) - sibling;
        destination[h] = (Weights[h] * own) + ((Sizes[h] - 1) * sibling);
    }

    /// <summary>The inverse of <see cref="WriteColumn"/>; the own dual is what the others imply.</summary>
    public void ReadDual(GroupedMatrix dual, int h, Span<double> column)
    {
        int n = Sizes.Length;
        ReadOnlySpan<double> source = dual.Core.AsSpan(h * n, n);
        double unit = anchors[h] / Weights[h];
        for (int g = 0; g < n; g++)
        {
            column[g] = source[g] * inverseRoots[g] * inverseRoots[h] * unit / counts[g];
        }

        column[h] = Sizes[h] == 1 ? 0 : (source[h] - dual.Spread[h]) / Sizes[h] * unit / counts[h];
    }
}
