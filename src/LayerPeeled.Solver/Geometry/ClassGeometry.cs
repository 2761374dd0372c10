using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Geometry;

/// <summary>Norms and cosines of a point, per group of equal classes, at the cost of the groups and not of the classes. Immutable.</summary>
public sealed class ClassGeometry
{
    // A vector whose squared norm is below this share of the budget is zero to the accuracy of a solve: it has no direction.
    private const double VanishingNorm2 = 1e-16;

    // Classes whose cosines with all others are formed at a time.
    private const int Strip = 128;

    private readonly Side classifiers;
    private readonly Side features;

    /// <summary>Measures a point.</summary>
    /// <param name="factors">The point.</param>
    /// <param name="multiplier">λ, which decides which groups are collapsed.</param>
    public ClassGeometry(GroupedFactors factors, double multiplier)
    {
        ArgumentNullException.ThrowIfNull(factors);
        LayerPeeledModel model = factors.Program.Model;
        (double classifier, double feature) = MeanNorms2(factors);
        classifiers = Measure(factors, factors.ClassifierSpreadArray, factors.ClassifierCoreArray, VanishingNorm2 * classifier);
        features = Measure(factors, factors.FeatureSpreadArray, factors.FeatureCoreArray, VanishingNorm2 * feature);
        double[]? biases = Biases(factors);
        CriticalClassSize = CollapseLaw.CriticalSize(model, multiplier);
        (double[] size, bool[] atPoint) = PointCollapse.SizesOf(factors);
        CollapseRatios = Array.ConvertAll(size, s => s / CriticalClassSize);
        Groups = model.Groups.Select((group, g) => new GroupGeometry
        {
            Classes = group.Classes,
            Count = group.Count,
            LossWeight = group.LossWeight,
            ClassifierNorm2 = classifiers.Norm2[g],
            FeatureNorm2 = features.Norm2[g] / CollapseLaw.FeatureCost(model, group),
            Bias = biases?[g],
            ClassifierCosine = group.Classes > 1 ? classifiers.Cosine(g, g) : double.NaN,
            FeatureCosine = group.Classes > 1 ? features.Cosine(g, g) : double.NaN,
            LeastClassifierCosine = classifiers.Range(g).Least,
            LargestClassifierCosine = classifiers.Range(g).Largest,
            LeastFeatureCosine = features.Range(g).Least,
            LargestFeatureCosine = features.Range(g).Largest,
            Collapsed = atPoint[g]
                ? PointCollapse.IsCollapsed(CollapseRatios[g], group.Classes > 1 ? classifiers.Cosine(g, g) : 0)
                : CollapseLaw.IsBelow(size[g], CriticalClassSize),
        }).ToArray();
    }

    /// <summary>n* = λ·N in effective examples, or as <see cref="CollapseLaw"/> has it.</summary>
    public double CriticalClassSize { get; }

    /// <summary>
    /// κ_k·ω_k/(√ρ_k·λ) of each group, squared where features count per sample: at most 1, and the group is collapsed. NaN for a class on its own under a loss whose κ depends on
    /// the point.
    /// </summary>
    public IReadOnlyList<double> CollapseRatios { get; }

    /// <summary>Norms and angles of each group, in the order of <see cref="LayerPeeledModel.Groups"/>.</summary>
    public IReadOnlyList<GroupGeometry> Groups { get; }

    /// <summary>
    /// Cosine between a classifier of group g and one of group h, G×G; on the diagonal between two different classes of the group, NaN where
    /// it has one class. NaN where a norm vanishes. Formed at each call.
    /// </summary>
    public Matrix<double> ClassifierCosines => Table(classifiers);

    /// <summary>The same for class means. Formed at each call.</summary>
    public Matrix<double> FeatureCosines => Table(features);

    /// <summary>What the mean of ‖w_k‖² and that of ‖√ρ_k·h_k‖² are held to: the budgets, or with penalties what they are.</summary>
    /// <param name="factors">The point.</param>
    public static (double Classifier, double Feature) MeanNorms2(GroupedFactors factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        LayerPeeledModel model = factors.Program.Model;
        return model.Regulariser is Budgets budgets
            ? (budgets.Classifier, budgets.Feature)
            : (factors.ClassifierNorm2() / model.ClassCount, factors.FeatureNorm2() / model.ClassCount);
    }

    // One number a group, the average where its classes differ
    private static double[]? Biases(GroupedFactors factors)
    {
        NuclearNormProgram program = factors.Program;
        LayerPeeledModel model = program.Model;
        if (factors.Bias.IsEmpty)
        {
            return null;
        }

        var biases = new double[model.Groups.Count];
        for (int g = 0; g < biases.Length && program.IsReduced; g++)
        {
            int block = program.BlockOfGroup[g];
            biases[g] = factors.Bias[block] / program.Roots[block];
        }

        for (int k = 0; k < model.ClassCount && !program.IsReduced; k++)
        {
            int g = model.GroupOfClass[k];
            biases[g] += factors.Bias[k] / model.Groups[g].Classes;
        }

        return biases;
    }

    private Matrix<double> Table(Side side)
    {
        _ = MatrixShape.Length(Groups.Count, Groups.Count);
        return Matrix<double>.Build.Dense(Groups.Count, Groups.Count, side.Cosine);
    }

    private static Side Measure(GroupedFactors factors, double[] spread, double[] core, double smallest) =>
        factors.Program.IsReduced ? MeasureGroups(factors, spread, core, smallest) : MeasureClasses(factors, core, smallest);

    private static Side MeasureGroups(GroupedFactors factors, double[] spread, double[] core, double smallest)
    {
        // ⟨w_j, w_k⟩ = s_b²([j = k] − 1/K_b)[same block] + U_b·U_c/√(K_b K_c)
        LayerPeeledModel model = factors.Program.Model;
        int n = factors.Program.GroupCount;
        double[] gram = Gram(core, n, factors.Rank);
        int[] blocks = factors.Program.BlockOfGroup.ToArray();
        double[] sizes = factors.Program.Sizes.ToArray();
        double Own(int b) => sizes[b] == 1 ? 0 : spread[b] * spread[b];
        double[] norm2 = Enumerable.Range(0, n).Select(b => (Own(b) * (1 - (1 / sizes[b]))) + (gram[b + (b * n)] / sizes[b])).ToArray();
        double Entry(int g, int h)
        {
            int b = blocks[g], c = blocks[h];
            double inner = (gram[b + (c * n)] / Math.Sqrt(sizes[b] * sizes[c])) - (b == c ? Own(b) / sizes[b] : 0);
            return g == h && model.Groups[g].Classes == 1 ? double.NaN : Cosine(inner, norm2[b], norm2[c], smallest);
        }

        // The classes of a group are alike in this form.
        return new Side(blocks.Select(b => norm2[b]).ToArray(), Entry, g => (Entry(g, g), Entry(g, g)));
    }

    private static Side MeasureClasses(GroupedFactors factors, double[] core, double smallest)
    {
        // Mean cosine over pairs from the sums of unit vectors: Σ_{j∈g,k∈h} cos = ⟨Σ_g ŵ, Σ_h ŵ⟩
        LayerPeeledModel model = factors.Program.Model;
        int classes = model.ClassCount, rank = factors.Rank, n = model.Groups.Count;
        var norm2 = new double[n];
        var sums = new double[MatrixShape.Length(n, rank)];
        var missing = new bool[n];
        var row = new double[rank];
        var units = new double[core.Length];
        for (int k = 0; k < classes; k++)
        {
            int g = model.GroupOfClass[k];
            for (int i = 0; i < rank; i++)
            {
                row[i] = core[k + (i * classes)];
            }

            double square = TensorPrimitives.SumOfSquares<double>(row);
            norm2[g] += square / model.Groups[g].Classes;
            if (!(square > smallest))
            {
                missing[g] = true;
                continue;
            }

            double inverse = 1 / Math.Sqrt(square);
            for (int i = 0; i < rank; i++)
            {
                units[k + (i * classes)] = row[i] * inverse;
                sums[g + (i * n)] += units[k + (i * classes)];
            }
        }

        double[] gram = Gram(sums, n, rank);
        double Entry(int g, int h)
        {
            double size = model.Groups[g].Classes, other = model.Groups[h].Classes, inner = gram[g + (h * n)];
            return missing[g] || missing[h] ? double.NaN
                : g != h ? Math.Clamp(inner / (size * other), -1, 1)
                : size == 1 ? double.NaN
                : Math.Clamp((inner - size) / (size * (size - 1)), -1, 1);
        }

        (double, double)[] ranges = Ranges(model, units, rank, missing);
        return new Side(norm2, Entry, g => ranges[g]);
    }

    // Least and largest cosine between two classes of each group, from the products of a strip of classes with all at a time.
    private static (double Least, double Largest)[] Ranges(LayerPeeledModel model, double[] units, int rank, bool[] missing)
    {
        int classes = model.ClassCount;
        var ranges = model.Groups.Select((group, g) => group.Classes == 1 || missing[g]
            ? (Least: double.NaN, Largest: double.NaN)
            : (Least: 1.0, Largest: -1.0)).ToArray();
        if (ranges.All(range => double.IsNaN(range.Least)))
        {
            return ranges;
        }

        var cosines = new double[Strip * classes];
        for (int first = 0; first < classes; first += Strip)
        {
            int rows = Math.Min(Strip, classes - first);
            LinearAlgebraProvider.Backend.Multiply(
                false, true, rows, classes, rank, 1, units.AsSpan(first), classes, units, classes, 0, cosines, rows);
            for (int k = 0; k < classes; k++)
            {
                int g = model.GroupOfClass[k];
                for (int j = first; j < Math.Min(first + rows, k); j++)
                {
                    if (model.GroupOfClass[j] == g)
                    {
                        // NaN stays NaN.
                        double cosine = Math.Clamp(cosines[j - first + (k * rows)], -1, 1);
                        ranges[g] = (Math.Min(ranges[g].Least, cosine), Math.Max(ranges[g].Largest, cosine));
                    }
                }
            }
        }

        return ranges;
    }

    private static double[] Gram(double[] core, int n, int rank)
    {
        var gram = new double[MatrixShape.Length(n, n)];
        LinearAlgebraProvider.Backend.SymmetricProduct(false, n, rank, 1, core, n, 0, gram, n);
        return gram;
    }

    private static double Cosine(double inner, double left, double right, double smallest) =>
        left > smallest && right > smallest ? Math.Clamp(inner / (Math.Sqrt(left) * Math.Sqrt(right)), -1, 1) : double.NaN;

    private sealed record Side(double[] Norm2, Func<int, int, double> Cosine, Func<int, (double Least, double Largest)> Range);
}
