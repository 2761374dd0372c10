using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data;

/// <summary>Compares norms, cosines and biases that a saved solution claims with those of its point.</summary>
internal sealed class GeometryChecks
{
    // Numbers that follow from those of the file by a sum
    private const double NormTolerance = 1e-9;

    // Cosines of vectors down to 1e-8 of the usual length, from other sums.
    private const double CosineTolerance = 1e-6;
    private const double SmallNorm2 = 1e-12;

    private readonly SavedSolution saved;
    private readonly ClassGeometry geometry;
    private readonly double classifierScale;
    private readonly double featureScale;

    public GeometryChecks(SavedSolution saved, GroupedFactors point)
    {
        this.saved = saved;
        geometry = new ClassGeometry(point, saved.Multiplier);
        (classifierScale, featureScale) = ClassGeometry.MeanNorms2(point);
    }

    public VerificationCheck NormsAndCosines()
    {
        string? wrong = null;
        for (int g = 0; g < saved.Model.Groups.Count && wrong is null; g++)
        {
            GroupGeometry claimed = saved.Groups[g], found = geometry.Groups[g];
            double classifierNorm2 = ClassifierNorm2(g), featureNorm2 = FeatureNorm2(g);
            wrong = Norm($"groups[{g}].classifierNorm2", claimed.ClassifierNorm2, found.ClassifierNorm2, classifierScale)
                ?? Norm($"groups[{g}].featureNorm2", claimed.FeatureNorm2, found.FeatureNorm2, FeatureScale(g))
                ?? Cosine($"groups[{g}].classifierCosine", claimed.ClassifierCosine, found.ClassifierCosine, classifierNorm2)
                ?? Cosine($"groups[{g}].featureCosine", claimed.FeatureCosine, found.FeatureCosine, featureNorm2)
                ?? Cosine($"groups[{g}].leastClassifierCosine", claimed.LeastClassifierCosine, found.LeastClassifierCosine, classifierNorm2)
                ?? Cosine($"groups[{g}].largestClassifierCosine", claimed.LargestClassifierCosine, found.LargestClassifierCosine, classifierNorm2)
                ?? Cosine($"groups[{g}].leastFeatureCosine", claimed.LeastFeatureCosine, found.LeastFeatureCosine, featureNorm2)
                ?? Cosine($"groups[{g}].largestFeatureCosine", claimed.LargestFeatureCosine, found.LargestFeatureCosine, featureNorm2);
        }

        wrong ??= Cosines("classifierCosines", saved.ClassifierCosines, geometry.ClassifierCosines, ClassifierNorm2)
            ?? Cosines("featureCosines", saved.FeatureCosines, geometry.FeatureCosines, FeatureNorm2);
        return Comparison.Check("norms and cosines", wrong is null, wrong ?? "as claimed");
    }

    /// <summary>Null where the model has no bias.</summary>
    public VerificationCheck? Biases()
    {
        if (geometry.Groups[0].Bias is null)
        {
            return null;
        }

        double scale = geometry.Groups.Max(group => Math.Abs(group.Bias!.Value));
        string? wrong = null;
        for (int g = 0; g < geometry.Groups.Count && wrong is null; g++)
        {
            double claimed = saved.GroupBiases![g], found = geometry.Groups[g].Bias!.Value;
            wrong = Math.Abs(claimed - found) <= NormTolerance * scale ? null : $"groups[{g}].bias claimed {Comparison.Text(claimed)}, recomputed {Comparison.Text(found)}";
        }

        return Comparison.Check("bias", wrong is null, wrong ?? "as claimed");
    }

    private double ClassifierNorm2(int g) => geometry.Groups[g].ClassifierNorm2 / classifierScale;

    private double FeatureNorm2(int g) => geometry.Groups[g].FeatureNorm2 / FeatureScale(g);

    // Where examples count, the features of a class with few of them are long.
    private double FeatureScale(int g)
    {
        LayerPeeledModel model = saved.Model;
        double count = model.Groups[g].Count;
        return model.Regulariser.FeatureNorm == FeatureNorm.PerClass || count == 0 ? featureScale : featureScale * (model.Examples / model.ClassCount) / count;
    }

    private static string? Norm(string name, double claimed, double found, double scale) =>
        Math.Abs(claimed - found) <= NormTolerance * Math.Max(scale, found) ? null : $"{name} claimed {Comparison.Text(claimed)}, recomputed {Comparison.Text(found)}";

    private static string? Cosines(string name, Matrix<double>? claimed, Matrix<double> found, Func<int, double> norm2)
    {
        for (int i = 0; claimed is not null && i < found.RowCount; i++)
        {
            for (int j = 0; j < found.ColumnCount; j++)
            {
                if (Cosine($"{name}[{i}][{j}]", claimed[i, j], found[i, j], Math.Min(norm2(i), norm2(j))) is { } wrong)
                {
                    return wrong;
                }
            }
        }

        return null;
    }

    // Directions of vectors next to zero are rounding, and whether they count as zero may differ.
    private static string? Cosine(string name, double claimed, double found, double norm2) =>
        norm2 < SmallNorm2 || (double.IsNaN(claimed) && double.IsNaN(found)) || Math.Abs(claimed - found) <= CosineTolerance
            ? null : $"{name} claimed {Comparison.Text(claimed)}, recomputed {Comparison.Text(found)}";
}
