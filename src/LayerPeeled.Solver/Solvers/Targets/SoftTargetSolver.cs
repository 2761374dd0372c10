using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Solvers.Targets;

/// <summary>
/// Solves a model with soft targets by any method for classes: in closed form where the budgets are slack, in its Fourier transform where the automatic method finds a cycle, and else as the model of its columns. Gaps are those of the excess over
/// the entropy floor, and so is the tolerance of the options: 1e-6 asks for a millionth of what could be gained, and not of the entropy of the text.
/// </summary>
public sealed class SoftTargetSolver
{
    // Below, matrices cost nothing to speak of, and their certificate is a proof.
    private const int SmallestCycle = 32;
    private readonly ISolver method;

    /// <summary>A solver.</summary>
    /// <param name="method">The method with its options; the automatic one when null.</param>
    public SoftTargetSolver(ISolver? method = null) => this.method = method ?? new AutomaticSolver();

    /// <summary>Solves a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">Called on the solving thread after each iteration; the objective it reports is the excess.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned, certified.</param>
    /// <exception cref="ArgumentException">The model needs more memory than the options of the method allow.</exception>
    public SoftTargetSolution Solve(SoftTargetModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        if (SlackBudgets.Of(model) is { } slack)
        {
            return SoftTargetSolution.OfSlackBudgets(model, slack);
        }

        if (method is AutomaticSolver automatic && Cycle(model, automatic.Options, progress, cancellationToken) is { } cycle)
        {
            return cycle;
        }

        var program = new SoftTargetProgram(model, merge: method is AutomaticSolver or ReducedSolver or LowRankSolver);
        return new SoftTargetSolution(program, method.Solve(program.Square, progress, cancellationToken));
    }

    // Null where the model is not cyclic or small, or the short way did not lead to the end.
    private static SoftTargetSolution? Cycle(SoftTargetModel model, SolverOptions options, IProgress<IterationReport>? progress, CancellationToken token)
    {
        if (model.Targets.Tokens < SmallestCycle || model.FeatureDimension < model.Targets.Tokens || CyclicTargets.Of(model) is not { } program)
        {
            return null;
        }

        var control = new IterationControl(options, token);
        var run = new CyclicRun(program);
        return run.Run(options, control, Report) ? SoftTargetSolution.OfCycle(model, program, run, control.Elapsed) : null;

        void Report(CyclicRun now) => progress?.Report(
            new IterationReport("cyclic", now.Iterations, now.Value, now.RelativeGap, now.RelativeGap, control.Elapsed) { Log10Objective = Math.Log10(now.Value) });
    }
}
