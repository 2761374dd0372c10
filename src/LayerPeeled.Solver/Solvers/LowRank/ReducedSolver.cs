using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>
/// The factor form of the symmetry-reduced program: classes with equal data are held together, so that a million classes in three groups
/// cost what three classes cost. Needs a feature dimension of at least the optimal rank; K − 1 is always enough. Thread-safe.
/// </summary>
public sealed class ReducedSolver : ISolver
{
    // From a point farther off than this the way is longer than from the centred identity: what has to grow starts small.
    private const double NearStationarity = 0.015;
    private readonly LowRankOptions options;

    /// <summary>A solver with the given options, or the default ones.</summary>
    /// <param name="options">The options.</param>
    public ReducedSolver(LowRankOptions? options = null) => this.options = options ?? new LowRankOptions();

    /// <inheritdoc/>
    public string Name => "reduced";

    /// <inheritdoc/>
    public LayerPeeledSolution Solve(LayerPeeledModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default) =>
        Solve(model, null, progress, cancellationToken);

    /// <summary>Solves from a given point (a neighbouring solution, say), where that saves iterations.</summary>
    /// <param name="model">The model.</param>
    /// <param name="start">
    /// A point over as many groups as the model has; not changed. One that is far from stationary is passed over, as is null: the options decide.
    /// </param>
    /// <param name="progress">Called on the solving thread after each iteration.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned, certified.</param>
    public LayerPeeledSolution Solve(
        LayerPeeledModel model, GroupedFactors? start, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        NuclearNormProgram program = NuclearNormProgram.ForGroups(model);
        LowRankSolver.RequireSameGroups(program, start);
        GroupedFactors? near = start is not null && FactorObjective.StationarityOf(program, start) <= NearStationarity ? start : null;
        return LowRankSolver.Solve(Name, options, program, near, progress, cancellationToken);
    }
}
