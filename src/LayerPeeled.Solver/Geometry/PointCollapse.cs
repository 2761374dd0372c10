using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Geometry;

/// <summary>
/// The collapse law of losses whose factor κ depends on the point (a margin of the own logit, a hinge): the spread of a group is zero at an optimum if and only if the slope of the
/// loss along it, from zero, is at most λ. So κ is ∂L/∂z_sibling − ∂L/∂z_own where the own logit is that of the siblings. One number of cross-entropy, 1 at every point.
/// </summary>
internal static class PointCollapse
{
    // λ is known to about the root of the gap; so near to 1 the angle decides.
    private const double Clear = 1e-3;
    private const double SameDirection = 1e-6;

    /// <summary>
    /// Whether a group is collapsed. Where the loss is linear along the spread, as of a hinge, the slope from zero may be λ for a group that stands apart: then its classifiers tell.
    /// </summary>
    /// <param name="ratio">The size of its classes over n*.</param>
    /// <param name="cosine">Cosine between two of its classifiers; NaN where they vanish.</param>
    public static bool IsCollapsed(double ratio, double cosine) => ratio < 1 - Clear || (ratio <= 1 + Clear && !(cosine < 1 - SameDirection));

    /// <summary>The size of a class of each group that is compared with n*, <see cref="CollapseLaw.SizeOf"/> where that says it, and for which groups the point had to.</summary>
    public static (double[] Sizes, bool[] AtPoint) SizesOf(GroupedFactors factors)
    {
        LayerPeeledModel model = factors.Program.Model;
        double[] sizes = Enumerable.Range(0, model.Groups.Count).Select(g => CollapseLaw.SizeOf(model, g)).ToArray();
        bool[] atPoint = sizes.Select((size, g) => double.IsNaN(size) && model.Groups[g].EffectiveCount > 0).ToArray();
        if (!Array.Exists(sizes, double.IsNaN))
        {
            return (sizes, atPoint);
        }

        GroupedMatrix logits = factors.Program.CreateMatrix();
        factors.Product(logits);
        if (!factors.Bias.IsEmpty)
        {
            factors.Program.AddBias(logits, factors.Bias);
        }

        for (int g = 0; g < sizes.Length; g++)
        {
            ClassGroup classes = model.Groups[g];
            bool perSample = model.Regulariser.FeatureNorm == FeatureNorm.PerSample;
            double factor = atPoint[g] ? FactorAt(factors.Program, logits, g) : 0;
            sizes[g] = classes.EffectiveCount == 0 ? 0 : !atPoint[g] ? sizes[g] : factor * classes.EffectiveCount * (perSample ? factor * classes.LossWeight : 1);
        }

        return (sizes, atPoint);
    }

    // κ of a group; NaN for a class without siblings
    private static double FactorAt(NuclearNormProgram program, GroupedMatrix logits, int group)
    {
        LayerPeeledModel model = program.Model;
        if (model.Groups[group].Classes == 1)
        {
            return double.NaN;
        }

        int n = program.GroupCount, own = program.IsReduced ? program.BlockOfGroup[group] : model.GroupOfClass.IndexOf(group);
        double[] column = new double[n], gradient = new double[n], multiplicities = program.Sizes.ToArray();
        _ = program.ReadColumn(logits, own, column);
        int[] siblings = program.IsReduced ? [own] : Enumerable.Range(0, n).Where(k => k != own && model.GroupOfClass[k] == group).ToArray();
        double mean = siblings.Average(k => column[k]);
        multiplicities[own]--;
        foreach (int k in siblings)
        {
            column[k] = mean;
        }

        program.Losses(0)[own].Gradient(mean, column, multiplicities, out double slope, gradient);
        return gradient[siblings[0]] - slope;
    }
}
