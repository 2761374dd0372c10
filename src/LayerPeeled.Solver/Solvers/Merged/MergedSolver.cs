using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Solvers.Merged;

/// <summary>
/// For models with more distinct classes than a dense method can hold: merges groups of nearly equal effective count, solves the smaller
/// model, and certifies its solution on the true one, whose loss at the point is the same and which the same dual matrix bounds. Where the
/// merging costs too much the groups are told apart again and the solve goes on from where it is, until the gap of the true model closes.
/// </summary>
public sealed class MergedSolver : ISolver
{
    private readonly LowRankOptions options;

    /// <summary>A solver with the given options, or the default ones.</summary>
    /// <param name="options">The options of the factor-form method that solves the merged models.</param>
    public MergedSolver(LowRankOptions? options = null) => this.options = options ?? new LowRankOptions();

    /// <inheritdoc/>
    public string Name => "merged";

    /// <inheritdoc/>
    public LayerPeeledSolution Solve(LayerPeeledModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var control = new IterationControl(options, cancellationToken);
        double tolerance = options.RelativeGapTolerance;
        // The cost of merging is quadratic in the width, with a small factor.
        GroupMerging merging = GroupMerging.ByWeight(model, Math.Clamp(5 * Math.Sqrt(tolerance), 1e-3, 0.1));
        double inner = Math.Max(tolerance / 4, Math.Min(1e-4, 100 * tolerance));
        IterationOutcome? best = null;
        GroupedFactors? start = null;
        while (true)
        {
            NuclearNormProgram program = NuclearNormProgram.ForMergedGroups(model, merging.BlockOfGroup());
            bool exact = merging.Count == model.Groups.Count;
            LowRankOptions within = Options(control, inner, best?.Iterations ?? 0, exact);
            SolverRun Start() => new LowRankRun(program, within, start?.Refine(program)) { CertifiesWithinProgram = true };
            IterationOutcome level = IterationLoop.Run(Name, program, Start, within, progress, cancellationToken);
            bool solved = level.Status == SolverStatus.Optimal;
            var cost = new double[program.GroupCount];
            DualityCertificate certificate;
            try
            {
                certificate = DualityGap.CertifyMerged(level.Point, inner, cost);
            }
            catch (DecompositionException)
            {
                certificate = DualityGap.WithoutDecomposition(level.Point);
                solved = false;
                level = level with { Status = SolverStatus.NumericalError };
            }

            level = level with
            {
                Certificate = certificate,
                Status = certificate.Closes(tolerance) ? SolverStatus.Optimal : solved ? SolverStatus.Stalled : level.Status,
            };
            best = best is null ? level : best.Then(level, tolerance);
            if (best.Status == SolverStatus.Optimal || !solved || (exact && inner <= tolerance) || control.ShouldStop)
            {
                return new LayerPeeledSolution(Name, tolerance, best with { Elapsed = control.Elapsed });
            }

            double allowance = tolerance / 4 * Math.Abs(certificate.PrimalValue);
            if (cost.Sum() > 2 * allowance)
            {
                merging = merging.Refine(cost, allowance);
            }

            inner = merging.Count == model.Groups.Count ? tolerance : tolerance / 4;
            start = level.Point;
        }
    }

    // Digits beyond the tolerance are not those of the true model while groups are merged.
    private LowRankOptions Options(IterationControl control, double tolerance, int iterationsDone, bool exact) => options with
    {
        PolishTolerance = exact ? options.PolishTolerance : 1,
        RelativeGapTolerance = tolerance,
        MaxIterations = Math.Max(1, options.MaxIterations - iterationsDone),
        TimeLimit = control.Remaining,
    };
}
