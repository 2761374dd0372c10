using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.Spectral;

namespace LayerPeeled.Solver.Solvers.NuclearNorm;

/// <summary>
/// Accelerated projected gradient on the convex program in the logits, minimise f(Z) subject to ‖Z‖_* ≤ r, or proximal gradient on f(Z) + λ·‖Z‖_*. One singular value decomposition
/// of order K (or of the number of groups) an iteration. Thread-safe.
/// </summary>
public sealed class NuclearNormSolver : ISolver
{
    private readonly NuclearNormOptions options;

    /// <summary>A solver.</summary>
    /// <param name="options">The options; defaults when null.</param>
    public NuclearNormSolver(NuclearNormOptions? options = null) => this.options = options ?? new NuclearNormOptions();

    /// <inheritdoc/>
    public string Name => "nuclear-norm";

    /// <summary>Solves a model class by class, from the pattern of the balanced optimum.</summary>
    /// <inheritdoc/>
    public LayerPeeledSolution Solve(LayerPeeledModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default) =>
        Solve(NuclearNormProgram.ForClasses(model), null, progress, cancellationToken);

    /// <summary>Solves a program, class by class or over groups.</summary>
    /// <param name="program">The program.</param>
    /// <param name="start">Z to start from, moved into the ball first and left unchanged; c·(I − 11ᵀ/K) on the boundary when null.</param>
    /// <param name="progress">Called on the solving thread after each iteration.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned, certified.</param>
    /// <exception cref="ArgumentException">The start is over other groups or has entries that are not finite.</exception>
    public LayerPeeledSolution Solve(
        NuclearNormProgram program, GroupedMatrix? start = null, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        ModelScope.RequireNoBias(program.Model, Name);
        ModelScope.RequireConvex(program.Model, Name);
        MemoryNeed.Require(options, MemoryNeed.OfSquares(MemoryNeed.Projection, program.GroupCount), Name, MemoryNeed.Describe(program), mayMerge: ModelScope.MayMerge(program.Model));
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        var control = new IterationControl(options, cancellationToken);
        SolverRun Start() => new NuclearNormRun(program, start is null ? SpectralStart.CentredIdentity(program) : SpectralStart.Feasible(program, start), options);
        return new LayerPeeledSolution(Name, options.RelativeGapTolerance, IterationLoop.Run(Name, program, Start, options, control, progress));
    }
}
