using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>
/// Burer–Monteiro: classifiers and class means themselves, K×p each, on the product of two spheres, by limited-memory quasi-Newton steps
/// and a Riemannian trust-region Newton finish. Nonconvex, but certified globally. Works class by class, without use of symmetry. Thread-safe.
/// </summary>
public sealed class LowRankSolver : ISolver
{
    private readonly LowRankOptions options;

    /// <summary>A solver with the given options, or the default ones.</summary>
    /// <param name="options">The options.</param>
    public LowRankSolver(LowRankOptions? options = null) => this.options = options ?? new LowRankOptions();

    /// <inheritdoc/>
    public string Name => "low-rank";

    /// <inheritdoc/>
    public LayerPeeledSolution Solve(LayerPeeledModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Solve(NuclearNormProgram.ForClasses(model), null, progress, cancellationToken);
    }

    /// <summary>Solves a program in factor form, from a given point or the one the options name.</summary>
    /// <param name="program">The program, class by class or over groups.</param>
    /// <param name="start">A point over the same groups to start from (a neighbouring solution, say); not changed. Null: the options decide.</param>
    /// <param name="progress">Called on the solving thread after each iteration.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned, certified.</param>
    public LayerPeeledSolution Solve(
        NuclearNormProgram program, GroupedFactors? start, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        return Solve(Name, options, program, start, progress, cancellationToken);
    }

    internal static LayerPeeledSolution Solve(
        string name, LowRankOptions options, NuclearNormProgram program, GroupedFactors? start,
        IProgress<IterationReport>? progress, CancellationToken cancellationToken)
    {
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        RequireSameGroups(program, start);
        MemoryNeed.Require(options, MemoryNeed.OfFactorForm(program), name, MemoryNeed.Describe(program), mayMerge: ModelScope.MayMerge(program.Model));
        var control = new IterationControl(options, cancellationToken);
        SolverRun Start() => new LowRankRun(program, options, start, control);
        return new LayerPeeledSolution(name, options.RelativeGapTolerance, IterationLoop.Run(name, program, Start, options, control, progress));
    }

    internal static void RequireSameGroups(NuclearNormProgram program, GroupedFactors? start)
    {
        if (start is not null && start.Program.GroupCount != program.GroupCount)
        {
            throw new ArgumentException($"The start has {start.Program.GroupCount} groups and the program {program.GroupCount}.", nameof(start));
        }
    }
}
