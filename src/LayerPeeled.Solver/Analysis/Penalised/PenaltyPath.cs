using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Analysis.Penalised;

/// <summary>
/// The optimum as penalties change: from λ_Z = √(λ_W·λ_H) at which everything is zero down to any weaker one, each from the one before. The ratio λ_W/λ_H and the
/// bias stay those of the model.
/// </summary>
public sealed class PenaltyPath
{
    // At a threshold itself rounding decides.
    private const double Above = 1 + 1e-9;
    private readonly LayerPeeledModel model;
    private readonly Penalties penalties;
    private readonly AutomaticSolver solver;

    /// <summary>The path of a model.</summary>
    /// <param name="model">A model with penalties; how strong they are does not matter.</param>
    /// <param name="options">Options of each solve; defaults when null.</param>
    /// <exception cref="ArgumentException">The model has budgets.</exception>
    public PenaltyPath(LayerPeeledModel model, AutomaticOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        this.model = model;
        penalties = model.Regulariser as Penalties ?? throw new ArgumentException("The model has budgets; a path is one of penalties.", nameof(model));
        solver = new AutomaticSolver(options);
    }

    /// <summary>Strengths in equal ratios, strongest first: from just above where everything becomes zero.</summary>
    /// <param name="weakest">The last λ_Z, positive.</param>
    /// <param name="count">How many, at least 2.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or the loss has no thresholds.</exception>
    public double[] Grid(double weakest, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        double strongest = PenaltyThresholds.Of(model).Complete * Above;
        if (!(weakest > 0 && weakest < strongest))
        {
            throw new ArgumentOutOfRangeException(nameof(weakest), weakest, $"The weakest penalty must be positive and below {strongest}, where everything is zero.");
        }

        return Enumerable.Range(0, count).Select(i => strongest * Math.Pow(weakest / strongest, i / (count - 1.0))).ToArray();
    }

    /// <summary>The model at a strength.</summary>
    /// <param name="strength">λ_Z, positive.</param>
    /// <exception cref="ArgumentException">λ_W or λ_H is out of its range.</exception>
    public LayerPeeledModel At(double strength)
    {
        double factor = strength / (Math.Sqrt(penalties.Classifier) * Math.Sqrt(penalties.Feature));
        return model.WithRegulariser(penalties with { Classifier = factor * penalties.Classifier, Feature = factor * penalties.Feature });
    }

    /// <summary>The optimum at each strength, in order; each solve begins at the one before.</summary>
    /// <param name="strengths">λ_Z, positive; best from strong to weak.</param>
    /// <param name="progress">Called after each iteration of every solve, on this thread.</param>
    /// <param name="cancellationToken">Stops the path; those that were finished are returned.</param>
    /// <exception cref="ArgumentException">A strength is out of its range.</exception>
    public IReadOnlyList<LayerPeeledSolution> Solve(
        IEnumerable<double> strengths, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(strengths);
        var solutions = new List<LayerPeeledSolution>();
        foreach (double strength in strengths)
        {
            LayerPeeledModel here = At(strength);
            GroupedFactors? before = solutions.Count > 0 && solutions[^1].Factors is { Program.IsReduced: true } factors && factors.ClassifierNorm2() > 0 ? factors : null;
            LayerPeeledSolution solution = solver.Solve(here, before, progress, cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            solutions.Add(solution);
        }

        return solutions;
    }
}
