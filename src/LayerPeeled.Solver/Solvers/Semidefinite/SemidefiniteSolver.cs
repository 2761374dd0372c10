using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.Spectral;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Solvers.Semidefinite;

/// <summary>
/// The alternating direction method of multipliers (Boyd et al. 2011) on the semidefinite program over 2K×2K matrices: one symmetric
/// eigendecomposition of order 2K and K small proximal problems an iteration. Thread-safe.
/// </summary>
public sealed class SemidefiniteSolver : ISolver
{
    private readonly SemidefiniteOptions options;

    /// <summary>A solver.</summary>
    /// <param name="options">The options; defaults when null.</param>
    public SemidefiniteSolver(SemidefiniteOptions? options = null) => this.options = options ?? new SemidefiniteOptions();

    /// <inheritdoc/>
    public string Name => "sdp";

    /// <inheritdoc/>
    public LayerPeeledSolution Solve(LayerPeeledModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default) =>
        Solve(new SemidefiniteProgram(model), null, progress, cancellationToken);

    /// <summary>Solves a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="start">Logits Z to start from, class by class, moved into the ball first; c·(I − 11ᵀ/K) when null.</param>
    /// <param name="progress">Called on the solving thread after each iteration.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned, certified.</param>
    /// <exception cref="ArgumentException">The start has another shape or entries that are not finite.</exception>
    public LayerPeeledSolution Solve(
        SemidefiniteProgram program, GroupedMatrix? start = null, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default) =>
        SolveWithMultipliers(program, start, progress, cancellationToken).Solution;

    /// <summary>Solves a program and keeps X and the dual variables of the method.</summary>
    /// <inheritdoc cref="Solve(SemidefiniteProgram, GroupedMatrix?, IProgress{IterationReport}?, CancellationToken)"/>
    public SemidefiniteSolution SolveWithMultipliers(
        SemidefiniteProgram program, GroupedMatrix? start = null, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        NuclearNormProgram logits = program.NuclearNorm;
        MemoryNeed.Require(options, MemoryNeed.OfSquares(MemoryNeed.Semidefinite, logits.GroupCount), Name, MemoryNeed.Describe(logits));
        SemidefiniteRun? run = null;
        var control = new IterationControl(options, cancellationToken);
        SolverRun Start() => run = new SemidefiniteRun(program, start is null ? SpectralStart.CentredIdentity(logits) : SpectralStart.Feasible(logits, start), options);
        var solution = new LayerPeeledSolution(Name, options.RelativeGapTolerance, IterationLoop.Run(Name, logits, Start, options, control, progress));
        return run?.Describe(solution) ?? WithoutIterations(program, solution);
    }

    // A decomposition failed before there was anything to describe.
    private static SemidefiniteSolution WithoutIterations(SemidefiniteProgram program, LayerPeeledSolution solution)
    {
        Matrix<double> zero = Matrix<double>.Build.Dense(program.Order, program.Order);
        return new SemidefiniteSolution
        {
            Solution = solution,
            X = zero,
            DualMatrix = zero.Clone(),
            FeatureMultiplier = 0,
            ClassifierMultiplier = 0,
            PrimalResidual = double.PositiveInfinity,
            DualResidual = double.PositiveInfinity,
        };
    }
}
