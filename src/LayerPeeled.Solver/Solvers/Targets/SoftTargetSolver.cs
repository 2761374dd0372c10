using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Programs.Orbits;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Solvers.Targets;

/// <summary>
/// Solves a model with soft targets by any method for classes: in closed form where the budgets are slack, in its Fourier transform where the automatic method finds a cycle, over the orbits of other symmetries, and else as the model of its columns. Gaps are those of the excess over
/// the entropy floor, and so is the tolerance of the options: 1e-6 asks for a millionth of what could be gained, and not of the entropy of the text. Thread-safe.
/// </summary>
public sealed class SoftTargetSolver
{
    private const string Orbits = "orbits";

    // Below, a certificate that is a proof costs nothing to speak of.
    private const int SmallestCycle = 32;
    private readonly ISolver method;
    private readonly TargetSymmetry symmetry;

    /// <summary>A solver.</summary>
    /// <param name="method">The method with its options; the automatic one when null.</param>
    /// <param name="symmetry">Which symmetry of the targets to use; null for whatever the automatic method finds. Other methods use none.</param>
    /// <exception cref="ArgumentException">A symmetry is given to another method than the automatic one.</exception>
    public SoftTargetSolver(ISolver? method = null, TargetSymmetry? symmetry = null)
    {
        this.method = method ?? new AutomaticSolver();
        this.symmetry = symmetry ?? TargetSymmetry.Automatic;
        if (this.method is not AutomaticSolver && this.symmetry != TargetSymmetry.Automatic && this.symmetry != TargetSymmetry.None)
        {
            throw new ArgumentException($"The symmetry '{this.symmetry.Name}' is used by the method 'auto' only, got '{this.method.Name}'.", nameof(symmetry));
        }
    }

    /// <summary>Solves a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">Called on the solving thread after each iteration; the objective it reports is the excess.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned, certified.</param>
    /// <exception cref="ArgumentException">The given symmetry is none of the targets, or the model needs more memory than the options of the method allow.</exception>
    public SoftTargetSolution Solve(SoftTargetModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        symmetry.Require(model.Targets);
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        var control = new IterationControl((method as AutomaticSolver)?.Options ?? new AutomaticOptions(), cancellationToken);
        if (WithoutFailure(() => SlackBudgets.Of(model)) is { } slack)
        {
            return SoftTargetSolution.OfSlackBudgets(model, slack);
        }

        var program = new SoftTargetProgram(model, merge: method is AutomaticSolver or ReducedSolver or LowRankSolver);
        if (method is not AutomaticSolver automatic)
        {
            return new SoftTargetSolution(program, method.Solve(program.Square, progress, cancellationToken));
        }

        // One limit for all that is tried
        AutomaticOptions options = automatic.Options;
        return Cycle(model, options, control, progress)
            ?? OverOrbits(program, options, control, progress)
            ?? new SoftTargetSolution(program, new AutomaticSolver(options with { TimeLimit = control.Remaining }).Solve(program.Square, progress, cancellationToken));
    }

    // Null where the model is not cyclic or small, or the short way did not lead to the end.
    private SoftTargetSolution? Cycle(SoftTargetModel model, AutomaticOptions options, IterationControl control, IProgress<IterationReport>? progress)
    {
        bool wanted = symmetry == TargetSymmetry.Cyclic || (symmetry == TargetSymmetry.Automatic && model.Targets.Tokens >= SmallestCycle);
        if (!wanted || model.FeatureDimension < model.Targets.Tokens || CyclicTargets.Of(model) is not { } program)
        {
            return null;
        }

        var run = new CyclicRun(program);
        SolverStatus? status = run.Run(options, control, Report) ? SolverStatus.Optimal
            : control.Token.IsCancellationRequested ? SolverStatus.Cancelled
            : control.TimeIsUp ? SolverStatus.TimeLimit
            : null;
        return status is { } end ? SoftTargetSolution.OfCycle(model, program, run, end, control.Elapsed) : null;

        void Report(CyclicRun now) => progress?.Report(
            new IterationReport("cyclic", now.Iterations, now.Value, now.RelativeGap, now.RelativeGap, control.Elapsed) { Log10Objective = Math.Log10(now.Value) });
    }

    // Null where there are no orbits to speak of.
    private SoftTargetSolution? OverOrbits(SoftTargetProgram whole, AutomaticOptions options, IterationControl control, IProgress<IterationReport>? progress)
    {
        if (OrbitSearch.Of(whole.Model.Targets, symmetry, whole.Columns) is not { } colouring || WithoutFailure(() => OrbitProgram.Of(whole.Model, colouring)) is not { } orbits)
        {
            return null;
        }

        NuclearNormProgram program = NuclearNormProgram.ForGroups(whole.Square);
        MemoryNeed.Require(options, MemoryNeed.OfFactorForm(program), Orbits, MemoryNeed.Describe(program), mayMerge: false);
        SolverRun Start() => new OrbitRun(orbits, whole, program, options);
        IterationOutcome outcome = IterationLoop.Run(Orbits, program, Start, options, control, progress);
        var found = new TargetOrbits(colouring.TokenClasses, colouring.ContextClasses, colouring.Count);
        if (outcome.Status is SolverStatus.Optimal || control.ShouldStop || outcome.Iterations >= options.MaxIterations)
        {
            var solution = new LayerPeeledSolution(Orbits, options.RelativeGapTolerance, outcome with { Elapsed = control.Elapsed })
            {
                Reason = $"{colouring.Count} numbers, one for each orbit of a token and a context",
            };
            return new SoftTargetSolution(whole, solution) { Symmetry = found };
        }

        // p is too small, or the last digits are missing: on with the whole model from there
        var rest = new AutomaticSolver(options with { TimeLimit = control.Remaining, MaxIterations = options.MaxIterations - outcome.Iterations });
        GroupedFactors? start = outcome.ExcessRank is null ? outcome.Point : null;
        return new SoftTargetSolution(whole, rest.Solve(whole.Square, start, progress, control.Token)) { Symmetry = start is null ? null : found };
    }

    // Null where a decomposition fails: what is solved by any method needs none of the short ways.
    private static T? WithoutFailure<T>(Func<T?> shortWay)
        where T : class
    {
        try
        {
            return shortWay();
        }
        catch (DecompositionException)
        {
            return null;
        }
    }
}
