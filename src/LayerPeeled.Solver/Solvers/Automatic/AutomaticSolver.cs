using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.Merged;
using LayerPeeled.Solver.Solvers.NuclearNorm;

namespace LayerPeeled.Solver.Solvers.Automatic;

/// <summary>
/// Picks the method: the symmetry-reduced one first (with merged groups where there are too many of them), then, if its certificate stays open, the one that fits the reason: the convex
/// nuclear-norm method from the same point when the factor form got stuck, the factor form in p dimensions when p is below the optimal rank.
/// The best point and the best bound of all of them make up the result; <see cref="LayerPeeledSolution.Reason"/> says what was done and why. Thread-safe.
/// </summary>
public sealed class AutomaticSolver : ISolver
{
    // Beyond, G×G matrices cost minutes; groups of nearly equal counts are merged then, at no loss within the gap.
    private const int LargestExactGroupCount = 1200;

    // The K×p factor form is formed explicitly for the second stage.
    private const long LargestFactorForm = 20_000_000;

    // Where no step brings anything any more the gradient is at most the root of roundoff.
    private const double StationaryToRoundoff = 1e-6;
    private readonly AutomaticOptions options;

    /// <summary>A solver with the given options, or the default ones.</summary>
    /// <param name="options">The options.</param>
    public AutomaticSolver(AutomaticOptions? options = null) => this.options = options ?? new AutomaticOptions();

    /// <inheritdoc/>
    public string Name => "auto";

    internal AutomaticOptions Options => options;

    /// <inheritdoc/>
    public LayerPeeledSolution Solve(LayerPeeledModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default) =>
        Solve(model, null, progress, cancellationToken);

    /// <summary>Solves from a given point (a neighbouring solution, say).</summary>
    /// <param name="model">The model.</param>
    /// <param name="start">A point over as many groups as the model has; not changed. Null, or a point far from stationary: the centred identity.</param>
    /// <param name="progress">Called on the solving thread after each iteration.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned, certified.</param>
    public LayerPeeledSolution Solve(
        LayerPeeledModel model, GroupedFactors? start, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        var control = new IterationControl(options, cancellationToken);
        string reason = $"{model.ClassCount} classes in {model.Groups.Count} group{(model.Groups.Count == 1 ? "" : "s")} of equal ones";
        LayerPeeledSolution solution;
        bool mayMerge = ModelScope.MayMerge(model);
        if (mayMerge && (model.Groups.Count > MemoryNeed.LargestFactorForm(options) || (model.Groups.Count > LargestExactGroupCount && start is null)))
        {
            solution = new MergedSolver(LowRank(control, 0)).Solve(model, progress, cancellationToken);
            reason = $"merged: {reason}, too many for dense matrices, so neighbours were merged to {solution.Factors.Program.GroupCount} as far as the gap allows";
        }
        else
        {
            solution = new ReducedSolver(LowRank(control, 0)).Solve(model, start, progress, cancellationToken);
            reason = "reduced: " + reason;
        }

        if (solution.Status is SolverStatus.Optimal or SolverStatus.IterationLimit or SolverStatus.TimeLimit or SolverStatus.MemoryLimit || control.ShouldStop)
        {
            return With(solution.Method, solution.Outcome, reason);
        }

        if (solution.ExcessRank is { } rank)
        {
            reason += $"; its optimal rank {rank} exceeds p = {model.FeatureDimension}, so the relaxation is not tight and its bound cannot close";
            if ((long)model.ClassCount * model.ClassCount > LargestFactorForm || MemoryNeed.LargestFactorForm(options) < model.ClassCount)
            {
                return With(solution.Method, solution.Outcome, reason + ", and the factor form class by class would be too large");
            }

            reason += $"; low-rank from its {model.FeatureDimension} leading directions";
            return Continue(solution, new LowRankSolver(LowRank(control, solution.Iterations)).Solve(
                NuclearNormProgram.ForClasses(model), AsClasses(solution), progress, cancellationToken), reason);
        }

        if (model.Regulariser is Penalties { Bias: not null } || !model.Loss.IsConvex)
        {
            return With(solution.Method, solution.Outcome, reason);
        }

        NuclearNormProgram program = solution.Factors.Program;
        if (MemoryNeed.OfSquares(MemoryNeed.Projection, program.GroupCount) > options.MemoryBudgetInBytes)
        {
            return With(solution.Method, solution.Outcome, reason + $"; it ended {solution.Status} with the certificate open, and nuclear-norm would need more memory than there may be");
        }

        reason += $"; it ended {solution.Status} with the certificate open, so nuclear-norm from its point";
        GroupedMatrix logits = program.CreateMatrix();
        solution.Factors.ProvenProduct(logits);
        return Continue(solution, new NuclearNormSolver(NuclearNorm(control, solution.Iterations)).Solve(program, logits, progress, cancellationToken), reason);
    }

    private static GroupedFactors AsClasses(LayerPeeledSolution solution)
    {
        if (!solution.Factors.Program.IsReduced)
        {
            return solution.Factors;
        }

        return GroupedFactors.OfClasses(NuclearNormProgram.ForClasses(solution.Model), solution.Classifier, solution.ClassMeans, solution.Bias);
    }

    private LayerPeeledSolution Continue(LayerPeeledSolution first, LayerPeeledSolution second, string reason)
    {
        IterationOutcome outcome = first.Outcome.Then(second.Outcome, options.RelativeGapTolerance);
        if (first.ExcessRank is not null && outcome.Status == SolverStatus.Stalled
            && FactorObjective.StationarityOf(outcome.Point.Program, outcome.Point) <= StationaryToRoundoff)
        {
            outcome = outcome with { Status = SolverStatus.Stationary };
        }

        return With(ReferenceEquals(outcome.Point, first.Factors) ? first.Method : second.Method, outcome, reason);
    }

    private LayerPeeledSolution With(string method, IterationOutcome outcome, string reason) =>
        new(method, options.RelativeGapTolerance, outcome) { Reason = reason };

    private LowRankOptions LowRank(IterationControl control, int iterationsDone) => new()
    {
        RelativeGapTolerance = options.RelativeGapTolerance,
        StationarityTolerance = options.StationarityTolerance,
        MaxIterations = Math.Max(1, options.MaxIterations - iterationsDone),
        TimeLimit = control.Remaining,
        Seed = options.Seed,
        RecordTrace = options.RecordTrace,
        Clock = options.Clock,
        GeometryErrorTolerance = options.GeometryErrorTolerance,
        MultiplierErrorTolerance = options.MultiplierErrorTolerance,
        MemoryBudget = options.MemoryBudget,
    };

    private NuclearNormOptions NuclearNorm(IterationControl control, int iterationsDone) => new()
    {
        RelativeGapTolerance = options.RelativeGapTolerance,
        StationarityTolerance = options.StationarityTolerance,
        MaxIterations = Math.Max(1, options.MaxIterations - iterationsDone),
        TimeLimit = control.Remaining,
        Seed = options.Seed,
        RecordTrace = options.RecordTrace,
        Clock = options.Clock,
        MemoryBudget = options.MemoryBudget,
    };
}
