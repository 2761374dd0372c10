using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.Spectral;

namespace LayerPeeled.Solver.Solvers.FrankWolfe;

/// <summary>
/// Conditional gradient (Frank and Wolfe 1956; Jaggi 2013) on minimise f(Z) subject to ‖Z‖_* ≤ r: each iteration moves towards the extreme
/// point −r·u·vᵀ, (u, v) the top singular pair of the gradient, with an exact line search and, by default, corrective steps within the
/// subspaces found so far. Thread-safe.
/// </summary>
public sealed class FrankWolfeSolver : ISolver
{
    private readonly FrankWolfeOptions options;

    /// <summary>A solver.</summary>
    /// <param name="options">The options; defaults when null.</param>
    public FrankWolfeSolver(FrankWolfeOptions? options = null) => this.options = options ?? new FrankWolfeOptions();

    /// <inheritdoc/>
    public string Name => "frank-wolfe";

    /// <summary>Solves a model class by class, from Z = 0.</summary>
    /// <inheritdoc/>
    public LayerPeeledSolution Solve(LayerPeeledModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default) =>
        Solve(NuclearNormProgram.ForClasses(model), null, progress, cancellationToken);

    /// <summary>Solves a program, class by class or over groups.</summary>
    /// <param name="program">The program.</param>
    /// <param name="start">Z to start from, moved into the ball first and left unchanged; zero when null.</param>
    /// <param name="progress">Called on the solving thread after each iteration.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned, certified.</param>
    /// <exception cref="ArgumentException">The start is over other groups or has entries that are not finite.</exception>
    public LayerPeeledSolution Solve(
        NuclearNormProgram program, GroupedMatrix? start = null, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        ModelScope.RequireBudgets(program.Model, Name);
        ModelScope.RequireConvex(program.Model, Name);
        MemoryNeed.Require(options, MemoryNeed.OfSquares(MemoryNeed.ConditionalGradient, program.GroupCount), Name, MemoryNeed.Describe(program), mayMerge: ModelScope.MayMerge(program.Model));
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        var control = new IterationControl(options, cancellationToken);
        SolverRun Start() => new FrankWolfeRun(program, start is null ? program.CreateMatrix() : SpectralStart.Feasible(program, start), options);
        return new LayerPeeledSolution(Name, options.RelativeGapTolerance, IterationLoop.Run(Name, program, Start, options, control, progress));
    }
}
