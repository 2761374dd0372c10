using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// The critical class size n* = λ·Σ_k n_k·w_k of any class counts, and which classes are at or below it. With cross-entropy, a group of equal
/// classes collapses to one classifier iff its effective count n_g·w_g is at most n* (where features count per sample: n_g·w_g²
/// at most λ²·(Σ_k n_k·w_k)²·K/N); of classes with distinct counts, those below n* share the
/// singular directions of Z that the others leave.
/// </summary>
public sealed class CollapseAnalysis
{
    private CollapseAnalysis(LayerPeeledModel model, LayerPeeledSolution solution)
    {
        Model = model;
        Solution = solution;
        Groups = model.Groups
            .Select((group, g) => new CollapseGroup(group, CollapseLaw.SizeOf(model, g) / CriticalClassSize, CollapseLaw.IsBelow(CollapseLaw.SizeOf(model, g), CriticalClassSize)))
            .ToArray();
        var collapsed = new List<int>();
        for (int k = 0; k < model.ClassCount; k++)
        {
            if (Groups[model.GroupOfClass[k]].Collapsed)
            {
                collapsed.Add(k);
            }
        }

        CollapsedClasses = collapsed;
    }

    /// <summary>The model.</summary>
    public LayerPeeledModel Model { get; }

    /// <summary>
    /// The solution λ was read from. Where the analysis solved the model itself, classes with equal effective counts are one group in it.
    /// Its status says how far λ can be trusted.
    /// </summary>
    public LayerPeeledSolution Solution { get; }

    /// <summary>λ, the multiplier of the nuclear-norm constraint or that of the penalties: the critical share of the (effective) examples.</summary>
    public double Multiplier => Solution.Multiplier;

    /// <summary>n*, as <see cref="LayerPeeledSolution.CriticalClassSize"/> has it.</summary>
    public double CriticalClassSize => CollapseLaw.CriticalSize(Model, Multiplier);

    /// <summary>The groups of the model, in its order.</summary>
    public IReadOnlyList<CollapseGroup> Groups { get; }

    /// <summary>Indices of the classes at or below the critical size, ascending.</summary>
    public IReadOnlyList<int> CollapsedClasses { get; }

    /// <summary>
    /// Smallest distance of a group's size over n* from 1: how clear the verdicts are. Where this is as small as the accuracy of λ (about 1e-6
    /// next to a threshold, at the default tolerances), the nearest group sits on the threshold.
    /// </summary>
    public double Clearance => Groups.Min(g => Math.Abs(g.RelativeSize - 1));

    /// <summary>Reads the analysis off a solution.</summary>
    /// <param name="solution">A solution of a model with cross-entropy.</param>
    /// <exception cref="ArgumentException">The model has another loss.</exception>
    public static CollapseAnalysis Of(LayerPeeledSolution solution)
    {
        ArgumentNullException.ThrowIfNull(solution);
        EffectiveGroups.RequireCrossEntropy(solution.Model);
        return new CollapseAnalysis(solution.Model, solution);
    }

    /// <summary>Solves a model and reads the analysis off the solution.</summary>
    /// <param name="model">A model with cross-entropy.</param>
    /// <param name="options">Options of the solve, or the default ones.</param>
    /// <param name="progress">Called after each iteration of the solve, on this thread.</param>
    /// <param name="cancellationToken">Stops the solve; the analysis is then that of its best point.</param>
    /// <exception cref="ArgumentException">The model has another loss.</exception>
    public static CollapseAnalysis Of(
        LayerPeeledModel model, AutomaticOptions? options = null, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        EffectiveGroups.RequireCrossEntropy(model);
        return new CollapseAnalysis(model, new AutomaticSolver(options).Solve(EffectiveGroups.Of(model).Model, progress, cancellationToken));
    }
}
