using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Geometry;

/// <summary>
/// The optimum with squared error and M linear layers in closed form (Dang et al., ICML 2023): classifiers and class means are orthogonal frames of unequal lengths, Z is diagonal,
/// z_k = y/(1 + y) with y = x^M the largest root of (M/ω_k)·(ρ_k·Λ/ω_k)^{1/M} = M·y^{(M−1)/M}/(1 + y)². A class vanishes unless the left side is below
/// (M − 1)^{(M−1)/M}/M, where its root is better than 0. Every factor costs the same on each class: λ_j·‖·‖² = ω_k·z_k·(1 − z_k). Immutable.
/// </summary>
public sealed class DeepOrthogonalFrame
{
    // ω/ρ of all classes must agree to this, or the error is not the same in all directions.
    private const double SameCurvature = 1e-12;
    private const int MaximumSteps = 200;

    private DeepOrthogonalFrame(DeepProgram program, double[] ratios, double[] logits, double[] costs, double objective)
    {
        (Program, Ratios, Logits, Objective) = (program, ratios, logits, objective);
        NuclearNormProgram groups = NuclearNormProgram.ForGroups(program.Model);
        ClassifierNorm2 = Array.ConvertAll(costs, cost => cost / program.ClassifierPenalty);
        FeatureNorm2 = costs.Select((cost, g) => cost / program.FeaturePenalty / (groups.FeatureRoots[g] * groups.FeatureRoots[g])).ToArray();
    }

    /// <summary>The program.</summary>
    public DeepProgram Program { get; }

    /// <summary>(M/ω_k)·(ρ_k·Λ/ω_k)^{1/M} of each group, which is b/n_k for features that count per sample; +∞ without weight.</summary>
    public IReadOnlyList<double> Ratios { get; }

    /// <summary>(M − 1)^{(M−1)/M}/M: classes with this ratio or more vanish. 1 for M = 1.</summary>
    public double CriticalRatio => Critical(Program.Layers);

    /// <summary>z_k of each group: the own logit, all others are 0.</summary>
    public IReadOnlyList<double> Logits { get; }

    /// <summary>‖w_k‖² of each group, of the rows of W_M.</summary>
    public IReadOnlyList<double> ClassifierNorm2 { get; }

    /// <summary>‖h_k‖² of each group.</summary>
    public IReadOnlyList<double> FeatureNorm2 { get; }

    /// <summary>The optimal objective, penalties included.</summary>
    public double Objective { get; }

    /// <summary>The optimum of a program.</summary>
    /// <param name="program">The program; all widths are at least the number of classes that do not vanish.</param>
    /// <exception cref="ArgumentException">
    /// The loss is another one, p is too small, or with M ≥ 2 the error of an example does not count the same for all classes (features that count per class, or loss weights, and
    /// classes that differ): then singular vectors of optimal logits need not be those of the labels.
    /// </exception>
    public static DeepOrthogonalFrame Of(DeepProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        LayerPeeledModel model = program.Model;
        if (model.Loss is not SquaredErrorLoss)
        {
            throw new ArgumentException($"The closed form is for squared error; the model's loss is {model.Loss.Name}.", nameof(program));
        }

        NuclearNormProgram groups = NuclearNormProgram.ForGroups(model);
        int n = groups.GroupCount, layers = program.Layers;
        if (layers > 1 && !HaveSameCurvature(groups))
        {
            throw new ArgumentException(
                "With M ≥ 2 layers the closed form needs features that count per sample and equal loss weights, or balanced classes; ω/ρ of the model's classes differs.", nameof(program));
        }

        double[] ratios = new double[n], logits = new double[n], costs = new double[n];
        double objective = 0, dimensions = 0;
        for (int g = 0; g < n; g++)
        {
            double weight = groups.Weights[g];
            double logRatio = Math.Log(layers) - Math.Log(weight)
                + (((2 * Math.Log(groups.FeatureRoots[g])) + ((layers + 1) * program.LogPenalty) - Math.Log(weight)) / layers);
            ratios[g] = Math.Exp(logRatio);
            double y = logRatio < Math.Log(Critical(layers)) ? LargestRoot(layers, logRatio) : 0;
            logits[g] = y / (1 + y);
            costs[g] = weight * (y / (1 + y)) / (1 + y);
            objective += groups.Sizes[g] * ((0.5 * weight / (1 + y) / (1 + y)) + (0.5 * (layers + 1) * costs[g]));
            dimensions += y > 0 ? groups.Sizes[g] : 0;
        }

        return dimensions <= model.FeatureDimension
            ? new DeepOrthogonalFrame(program, ratios, logits, costs, objective)
            : throw new ArgumentException($"The frame needs {dimensions} dimensions, the model has p = {model.FeatureDimension}.", nameof(program));
    }

    private static double Critical(int layers) => layers == 1 ? 1 : Math.Pow(layers - 1, (layers - 1.0) / layers) / layers;

    private static bool HaveSameCurvature(NuclearNormProgram groups)
    {
        double[] curvatures = Enumerable.Range(0, groups.GroupCount).Where(g => groups.Weights[g] > 0)
            .Select(g => groups.Weights[g] / (groups.FeatureRoots[g] * groups.FeatureRoots[g])).ToArray();
        return curvatures.Max() - curvatures.Min() <= SameCurvature * curvatures.Max();
    }

    // y of log M + ((M−1)/M)·log y − 2·log(1 + y) = log(ratio): concave and falling in log y from the last root on, so that Newton's steps from the right stay on the right.
    private static double LargestRoot(int layers, double logRatio)
    {
        if (layers == 1)
        {
            return Math.Exp(-0.5 * logRatio) - 1;
        }

        double slope = (layers - 1.0) / layers, logarithm = (Math.Log(layers) - logRatio) / (2 - slope);
        for (int step = 0; step < MaximumSteps; step++)
        {
            double y = Math.Exp(logarithm), value = Math.Log(layers) + (slope * logarithm) - (2 * Math.Log(1 + y)) - logRatio;
            double next = logarithm - (value / (slope - (2 * y / (1 + y))));
            if (!(next < logarithm))
            {
                break;
            }

            logarithm = next;
        }

        return Math.Exp(logarithm);
    }
}
