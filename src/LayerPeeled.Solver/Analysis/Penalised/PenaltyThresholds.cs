using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Analysis.Penalised;

/// <summary>
/// The strengths λ_Z = √(λ_W·λ_H) of penalties from which classes collapse: those of each group into one classifier, and everything to zero. They depend on the
/// counts, weights and bias of a model and not on its own λ_W and λ_H. Cross-entropy and squared error. Immutable.
/// </summary>
public sealed class PenaltyThresholds
{
    // Penalties under which nothing but the bias is left
    private const double Overwhelming = 1e10;

    private PenaltyThresholds(double[] groups, double complete) => (Groups, Complete) = (groups, complete);

    /// <summary>
    /// λ_Z from which the classes of each group share one classifier (with squared error and no bias: have none), in the order of <see cref="LayerPeeledModel.Groups"/>: ω_k/√n_k, which without
    /// weights is √n_k/N, where features count per sample, and ω_k where they count per class. Whatever the bias costs.
    /// </summary>
    public IReadOnlyList<double> Groups { get; }

    /// <summary>
    /// λ_Z from which W = 0 and H = 0 are optimal: σ_max of the gradient there, with the best bias. √n_A/N for groups A of at least two largest classes and
    /// cross-entropy without a bias (Hong, Ling, JMLR 25, 2024).
    /// </summary>
    public double Complete { get; }

    /// <summary>The thresholds of a model with penalties.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">The model has budgets, or another loss.</exception>
    public static PenaltyThresholds Of(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Regulariser is not Penalties penalties)
        {
            throw new ArgumentException("The model has budgets; thresholds in λ are those of penalties.", nameof(model));
        }

        if (model.Loss is not (CrossEntropyLoss or SquaredErrorLoss))
        {
            throw new ArgumentException($"The collapse law is that of cross-entropy and squared error; the model's loss is {model.Loss.Name}.", nameof(model));
        }

        NuclearNormProgram program = NuclearNormProgram.ForGroups(model);
        // The program scales features so that they count once on average.
        double unit = penalties.FeatureNorm == FeatureNorm.PerClass ? 1 : Math.Sqrt(model.ClassCount / model.Examples);
        double[] groups = new double[program.GroupCount];
        for (int g = 0; g < groups.Length; g++)
        {
            groups[g] = program.Losses(0)[g].CollapseFactor * program.Weights[g] / program.FeatureRoots[g] * unit;
        }

        return new PenaltyThresholds(groups, AtZero(model, penalties, program) * unit);
    }

    // σ_max of the gradient at Z = 0
    private static double AtZero(LayerPeeledModel model, Penalties penalties, NuclearNormProgram program)
    {
        GroupedMatrix logits = program.CreateMatrix(), gradient = program.CreateMatrix();
        if (penalties.Bias is not null)
        {
            LayerPeeledModel nothing = model.WithRegulariser(penalties with { Classifier = Overwhelming, Feature = Overwhelming });
            program.AddBias(logits, new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-12 }).Solve(nothing).Factors.Bias);
        }

        program.Gradient(logits, gradient);
        return GroupedSpectrum.Of(gradient).Largest(gradient);
    }
}
