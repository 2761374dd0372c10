using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Geometry;

/// <summary>
/// The optimum with squared error in closed form: classifiers and class means are orthogonal frames of unequal lengths and Z is diagonal,
/// z_k = (1 − λ·√ρ_k/ω_k)₊ (Dang et al., ICML 2023; ρ_k is what ‖h_k‖² counts). Classes with ω_k/√ρ_k ≤ λ vanish. With penalties λ = √(λ_W·λ_H); with budgets it is the
/// one that uses them up, Σ_k √ρ_k·z_k = K√(E_W·E_H). Immutable.
/// </summary>
public sealed class OrthogonalFrame
{
    private OrthogonalFrame(LayerPeeledModel model, double multiplier, double[] logits, double[] classifierNorm2, double[] featureNorm2, double objective) =>
        (Model, Multiplier, Logits, ClassifierNorm2, FeatureNorm2, Objective) = (model, multiplier, logits, classifierNorm2, featureNorm2, objective);

    /// <summary>The model.</summary>
    public LayerPeeledModel Model { get; }

    /// <summary>λ, for features scaled so that ρ_k is 1 on average.</summary>
    public double Multiplier { get; }

    /// <summary>z_k of each group: the own logit, all others are 0.</summary>
    public IReadOnlyList<double> Logits { get; }

    /// <summary>‖w_k‖² of each group.</summary>
    public IReadOnlyList<double> ClassifierNorm2 { get; }

    /// <summary>‖h_k‖² of each group.</summary>
    public IReadOnlyList<double> FeatureNorm2 { get; }

    /// <summary>The optimal objective, penalties included.</summary>
    public double Objective { get; }

    /// <summary>The optimum of a model without a bias.</summary>
    /// <param name="model">The model; its p must be at least the number of classes that do not vanish.</param>
    /// <exception cref="ArgumentException">The loss is another one, the model has a bias, or p is too small.</exception>
    public static OrthogonalFrame Of(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Loss is not SquaredErrorLoss)
        {
            throw new ArgumentException($"The closed form is for squared error; the model's loss is {model.Loss.Name}.", nameof(model));
        }

        if (model.Regulariser is Penalties { Bias: not null })
        {
            throw new ArgumentException("The closed form is for a model without a bias.", nameof(model));
        }

        NuclearNormProgram program = NuclearNormProgram.ForGroups(model);
        int n = program.GroupCount;
        // λ from which a class vanishes
        double[] critical = new double[n], logits = new double[n], classifier = new double[n], feature = new double[n];
        for (int g = 0; g < n; g++)
        {
            critical[g] = program.Weights[g] / program.FeatureRoots[g];
        }

        double multiplier = program.Term is NuclearPenalty penalty ? penalty.Lambda : BudgetMultiplier(program, critical);
        double objective = 0, dimensions = 0;
        for (int g = 0; g < n; g++)
        {
            double z = critical[g] > multiplier ? 1 - (multiplier / critical[g]) : 0, root = program.FeatureRoots[g];
            double square = z * root;
            logits[g] = z;
            classifier[g] = square * program.Term.ClassifierUnit * program.Term.ClassifierUnit;
            feature[g] = square * program.Term.FeatureUnit * program.Term.FeatureUnit / (root * root);
            objective += program.Sizes[g] * ((0.5 * program.Weights[g] * (1 - z) * (1 - z)) + (program.Term is NuclearPenalty ? multiplier * square : 0));
            dimensions += z > 0 ? program.Sizes[g] : 0;
        }

        return dimensions <= model.FeatureDimension
            ? new OrthogonalFrame(model, multiplier, logits, classifier, feature, objective)
            : throw new ArgumentException($"The frame needs {dimensions} dimensions, the model has p = {model.FeatureDimension}.", nameof(model));
    }

    // Σ_g K_g·√ρ_g·(1 − λ/c_g)₊ = r: linear between the c_g, and falling
    private static double BudgetMultiplier(NuclearNormProgram program, double[] critical)
    {
        double sum = 0, slope = 0, multiplier = 0;
        foreach (int g in Enumerable.Range(0, critical.Length).Where(g => critical[g] > 0).OrderByDescending(g => critical[g]))
        {
            if (multiplier >= critical[g])
            {
                break;
            }

            sum += program.Sizes[g] * program.FeatureRoots[g];
            slope += program.Sizes[g] * program.FeatureRoots[g] / critical[g];
            multiplier = (sum - program.Radius) / slope;
        }

        return multiplier;
    }
}
