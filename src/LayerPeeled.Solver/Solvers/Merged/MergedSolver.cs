using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Solvers.Merged;

/// <summary>
/// For models with more distinct classes than a dense method can hold: merges groups of nearly equal effective count, solves the smaller
/// model, and certifies its solution on the true one, whose loss at the point is the same and which the same dual matrix, adapted class by class,
/// bounds. Where the merging costs too much the groups are told apart again and the solve goes on from where it is, until the gap of the true model
/// closes, or as far as time and memory allow. Thread-safe.
/// </summary>
public sealed class MergedSolver : ISolver
{
    // Of the gap, what merging may take, and what the merged model is solved to.
    private const double MergingShare = 0.65;
    private const double SolvingShare = 0.25;

    // Models in between need not be solved to more than a part of what merging costs in them, and a finer one is chosen better from one not much coarser.
    private const double FirstWidth = 0.1;
    private const double FirstGap = 1e-4;
    private const double GapOverCost = 0.4;
    private const double LargestReduction = 0.1;

    // Time grows like the third power of the number of blocks, a little faster for a smaller gap.
    private const double TimeGrowth = 1.5;
    private const double WorthwhileGrowth = 1.1;
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
        ModelScope.RequireBudgetsPerClass(model, Name);
        ModelScope.RequireConvex(model, Name);
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        var control = new IterationControl(options, cancellationToken);
        double tolerance = options.RelativeGapTolerance;
        int largest = MemoryNeed.LargestFactorForm(options);
        GroupMerging merging = GroupMerging.ByWeight(model, FirstWidth, largest);
        double inner = Math.Max(tolerance * SolvingShare, FirstGap);
        IterationOutcome? best = null;
        GroupedFactors? start = null;
        while (true)
        {
            TimeSpan begun = control.Elapsed;
            bool exact = merging.Count == model.Groups.Count;
            inner = exact ? tolerance : inner;
            NuclearNormProgram program = NuclearNormProgram.ForMergedGroups(model, merging.BlockOfGroup());
            LowRankOptions within = Options(control, inner, best?.Iterations ?? 0, exact);
            var limit = new IterationControl(within, cancellationToken);
            SolverRun Start() => new LowRankRun(program, within, start?.Refine(program), limit) { CertifiesWithinProgram = true };
            IterationOutcome level = IterationLoop.Run(Name, program, Start, within, limit, progress, fits: false);
            bool solved = level.Status == SolverStatus.Optimal;
            var cost = new double[program.GroupCount];
            DualityCertificate certificate = DualityGap.OfMergedClasses(level.Point, level.Certificate, cost);
            level = level with
            {
                Certificate = certificate,
                Error = exact ? level.Error : ErrorEstimate.Unknown,
                Status = certificate.Closes(tolerance) ? SolverStatus.Optimal : solved ? SolverStatus.Stalled : level.Status,
            };
            best = best is null ? level : best.Then(level, tolerance);
            if (best.Status == SolverStatus.Optimal || best.Certificate.Contradiction is not null || !solved || exact || control.ShouldStop)
            {
                return Solution(best, control);
            }

            double scale = Math.Abs(certificate.Primal), allowance = Math.Max(tolerance * MergingShare * scale, LargestReduction * cost.Sum());
            int affordable = Affordable(control, merging.Count, control.Elapsed - begun);
            GroupMerging finer = merging.Refine(cost, allowance, Math.Min(largest, affordable), out double expected);
            double next = Math.Max(tolerance * SolvingShare, GapOverCost * expected / scale);
            bool enough = expected <= allowance && (finer.Count > merging.Count || next < inner);
            if (!enough && finer.Count < WorthwhileGrowth * merging.Count)
            {
                SolverStatus reason = expected <= allowance ? SolverStatus.Stalled
                    : affordable < largest ? SolverStatus.TimeLimit : SolverStatus.MemoryLimit;
                return Solution(best with { Status = reason }, control);
            }

            (merging, inner, start) = (finer, next, level.Point);
        }
    }

    // Blocks of the next merged model if it is to be solved in the time that is left.
    private static int Affordable(IterationControl control, int count, TimeSpan took) => control.Remaining is { } left
        ? (int)Math.Min(int.MaxValue, count * Math.Cbrt(left / (TimeGrowth * took)))
        : int.MaxValue;

    private LayerPeeledSolution Solution(IterationOutcome best, IterationControl control) =>
        new(Name, options.RelativeGapTolerance, (best with { Elapsed = control.Elapsed }).Fit(options.RelativeGapTolerance, control));

    // Digits beyond the tolerance are not those of the true model while groups are merged.
    private LowRankOptions Options(IterationControl control, double tolerance, int iterationsDone, bool exact) => options with
    {
        GeometryErrorTolerance = exact ? options.GeometryErrorTolerance : 1,
        MultiplierErrorTolerance = exact ? options.MultiplierErrorTolerance : double.PositiveInfinity,
        RelativeGapTolerance = tolerance,
        MaxIterations = Math.Max(1, options.MaxIterations - iterationsDone),
        TimeLimit = control.Remaining,
    };
}
