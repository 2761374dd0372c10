using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Geometry;

/// <summary>
/// How far two points are from each other as geometries: rotations of the feature space and the scales of both sides do not count. A Gram distance is ‖A/‖A‖_F −
/// B/‖B‖_F‖_F, between 0 and √2, NaN where a side vanishes. Costs the groups and not the classes where both points are over the same groups. Immutable.
/// </summary>
public sealed record GeometryDistance
{
    private GeometryDistance()
    {
    }

    /// <summary>The Gram distance of W·Wᵀ.</summary>
    public required double ClassifierGram { get; init; }

    /// <summary>The Gram distance of H̄ᵀ·H̄.</summary>
    public required double FeatureGram { get; init; }

    /// <summary>The same for Z = W·H̄, without a bias.</summary>
    public required double Logits { get; init; }

    /// <summary>The largest difference between the cosines of two classifiers; NaN where one vanishes.</summary>
    public required double ClassifierCosine { get; init; }

    /// <summary>The largest difference between the cosines of two class means; NaN where one vanishes.</summary>
    public required double FeatureCosine { get; init; }

    /// <summary>The largest of the three Gram distances.</summary>
    public double Largest => Math.Max(ClassifierGram, Math.Max(FeatureGram, Logits));

    /// <summary>The distance of two points over the same classes.</summary>
    /// <param name="point">One point.</param>
    /// <param name="reference">The other.</param>
    /// <exception cref="ArgumentException">Their classes differ.</exception>
    public static GeometryDistance Between(GroupedFactors point, GroupedFactors reference)
    {
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(reference);
        LayerPeeledModel model = point.Program.Model, other = reference.Program.Model;
        if (!model.Groups.SequenceEqual(other.Groups) || !model.GroupOfClass.SequenceEqual(other.GroupOfClass))
        {
            throw new ArgumentException("The classes of the two points differ.", nameof(point));
        }

        (GroupedFactors a, GroupedFactors b) = (Unmerged(point), Unmerged(reference));
        NuclearNormProgram? classes = a.Program.IsReduced && b.Program.IsReduced ? null : NuclearNormProgram.ForClasses(model);
        (GroupedMatrix classifier, GroupedMatrix otherClassifier) = (Gram(a, classes, features: false), Gram(b, classes, features: false));
        (GroupedMatrix feature, GroupedMatrix otherFeature) = (Gram(a, classes, features: true), Gram(b, classes, features: true));
        return new GeometryDistance
        {
            ClassifierGram = Distance(classifier, otherClassifier),
            FeatureGram = Distance(feature, otherFeature),
            Logits = Distance(ScaledLogits(a, classes), ScaledLogits(b, classes)),
            ClassifierCosine = CosineDifference(classifier, otherClassifier),
            FeatureCosine = CosineDifference(feature, otherFeature),
        };
    }

    private static GroupedFactors Unmerged(GroupedFactors point) =>
        point.Program.IsMerged ? point.Refine(NuclearNormProgram.ForGroups(point.Program.Model)) : point;

    private static GroupedMatrix Gram(GroupedFactors point, NuclearNormProgram? classes, bool features)
    {
        GroupedMatrix gram = features
            ? FactorExpansion.Gram(point, point.FeatureSpread, point.FeatureCore)
            : FactorExpansion.Gram(point, point.ClassifierSpread, point.ClassifierCore);
        Scale(gram, point.Program, rows: features, columns: features);
        return classes is null || !point.Program.IsReduced ? gram : OfClasses(classes, gram.Expand(point.Program));
    }

    private static GroupedMatrix ScaledLogits(GroupedFactors point, NuclearNormProgram? classes)
    {
        GroupedMatrix logits = point.Program.CreateMatrix();
        point.Product(logits);
        Scale(logits, point.Program, rows: false, columns: true);
        return classes is null || !point.Program.IsReduced ? logits : OfClasses(classes, logits.Expand(point.Program));
    }

    // From scaled features √ρ_k·h_k to features
    private static void Scale(GroupedMatrix matrix, NuclearNormProgram program, bool rows, bool columns)
    {
        int n = matrix.GroupCount;
        for (int h = 0; h < n; h++)
        {
            double column = columns ? program.FeatureRoots[h] : 1;
            for (int g = 0; g < n; g++)
            {
                matrix.Core[g + (h * n)] /= column * (rows ? program.FeatureRoots[g] : 1);
            }

            matrix.Spread[h] /= column * (rows ? program.FeatureRoots[h] : 1);
        }
    }

    private static GroupedMatrix OfClasses(NuclearNormProgram classes, Matrix<double> full)
    {
        GroupedMatrix matrix = classes.CreateMatrix();
        full.ToColumnMajorArray().CopyTo(matrix.Core, 0);
        return matrix;
    }

    private static double Distance(GroupedMatrix a, GroupedMatrix b)
    {
        GroupedMatrix difference = a.Clone();
        difference.Scale(1 / a.FrobeniusNorm());
        difference.Add(-1 / b.FrobeniusNorm(), b);
        return difference.FrobeniusNorm();
    }

    private static double CosineDifference(GroupedMatrix a, GroupedMatrix b)
    {
        int n = a.GroupCount;
        double[] left = Norms(a), right = Norms(b);
        double largest = 0;
        for (int h = 0; h < n; h++)
        {
            for (int g = 0; g <= h; g++)
            {
                if (g != h || a.Sizes[g] > 1)
                {
                    // NaN stays NaN.
                    largest = Math.Max(largest, Math.Abs((a.OffDiagonal(g, h) / (left[g] * left[h])) - (b.OffDiagonal(g, h) / (right[g] * right[h]))));
                }
            }
        }

        return largest;
    }

    private static double[] Norms(GroupedMatrix gram) =>
        Enumerable.Range(0, gram.GroupCount).Select(g => Math.Sqrt(gram.OffDiagonal(g, g) + gram.Spread[g])).ToArray();
}
