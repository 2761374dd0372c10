using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Geometry;

/// <summary>Norms and cosines of a point, per group of equal classes, at the cost of the groups and not of the classes.</summary>
public sealed class ClassGeometry
{
    // A vector whose squared norm is below this share of the budget is zero to the accuracy of a solve: it has no direction.
    internal const double VanishingNorm2 = 1e-16;

    private readonly Lazy<Matrix<double>> classifierCosines;
    private readonly Lazy<Matrix<double>> featureCosines;

    /// <summary>Measures a point.</summary>
    /// <param name="factors">The point.</param>
    /// <param name="multiplier">λ, which decides which groups are collapsed.</param>
    public ClassGeometry(GroupedFactors factors, double multiplier)
    {
        ArgumentNullException.ThrowIfNull(factors);
        LayerPeeledModel model = factors.Program.Model;
        double smallestClassifier = VanishingNorm2 * model.ClassifierBudget, smallestFeature = VanishingNorm2 * model.FeatureBudget;
        Side classifiers = Measure(factors, factors.ClassifierSpread, factors.ClassifierCore, smallestClassifier);
        Side features = Measure(factors, factors.FeatureSpread, factors.FeatureCore, smallestFeature);
        CriticalClassSize = multiplier * model.EffectiveTotal;
        Groups = model.Groups.Select((group, g) => new GroupGeometry
        {
            Classes = group.Classes,
            Count = group.Count,
            LossWeight = group.LossWeight,
            ClassifierNorm2 = classifiers.Norm2[g],
            FeatureNorm2 = features.Norm2[g],
            ClassifierCosine = group.Classes > 1 ? classifiers.Cosine(g, g) : double.NaN,
            FeatureCosine = group.Classes > 1 ? features.Cosine(g, g) : double.NaN,
            Collapsed = group.EffectiveCount <= CriticalClassSize,
        }).ToArray();
        int n = model.Groups.Count;
        classifierCosines = new(() => Table(n, classifiers.Cosine));
        featureCosines = new(() => Table(n, features.Cosine));
    }

    /// <summary>n* = λ·N, in effective examples.</summary>
    public double CriticalClassSize { get; }

    /// <summary>Norms and angles of each group, in the order of <see cref="LayerPeeledModel.Groups"/>.</summary>
    public IReadOnlyList<GroupGeometry> Groups { get; }

    /// <summary>
    /// Cosine between a classifier of group g and one of group h, G×G; on the diagonal between two different classes of the group, NaN where
    /// it has one class. NaN where a norm vanishes.
    /// </summary>
    public Matrix<double> ClassifierCosines => classifierCosines.Value;

    /// <summary>The same for class means.</summary>
    public Matrix<double> FeatureCosines => featureCosines.Value;

    private static Matrix<double> Table(int n, Func<int, int, double> entry)
    {
        _ = MatrixShape.Length(n, n);
        return Matrix<double>.Build.Dense(n, n, entry);
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

        return new Side(blocks.Select(b => norm2[b]).ToArray(), Entry);
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
                sums[g + (i * n)] += row[i] * inverse;
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

        return new Side(norm2, Entry);
    }

    private static double[] Gram(double[] core, int n, int rank)
    {
        var gram = new double[MatrixShape.Length(n, n)];
        LinearAlgebraProvider.Backend.SymmetricProduct(false, n, rank, 1, core, n, 0, gram, n);
        return gram;
    }

    private static double Cosine(double inner, double left, double right, double smallest) =>
        left > smallest && right > smallest ? Math.Clamp(inner / (Math.Sqrt(left) * Math.Sqrt(right)), -1, 1) : double.NaN;

    private sealed record Side(double[] Norm2, Func<int, int, double> Cosine);
}
