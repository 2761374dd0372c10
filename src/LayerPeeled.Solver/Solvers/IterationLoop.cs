using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers;

/// <summary>
/// The one loop of every method. Checks, in this order: not a usable number, cancelled, gap, stationarity, stall, iterations, time. The certificate
/// has the last word: a point whose gap is closed is Optimal whatever stopped the loop, and no other point is.
/// </summary>
internal static class IterationLoop
{
    private const double SmallestObjective = 1e-303;

    // Where no step brings anything any more the gradient is at most the root of roundoff: a point that nothing else can vouch for is stationary then.
    private const double StationaryToRoundoff = 1e-6;

    /// <param name="method">Name of the method, for the reports.</param>
    /// <param name="program">The program whose points the method finds.</param>
    /// <param name="start">Makes the run. A decomposition that fails there ends the solve like one that fails later.</param>
    /// <param name="options">When to stop.</param>
    /// <param name="control">The clock of the solve, which runs since before the start was made, and the token.</param>
    /// <param name="progress">Called after each iteration.</param>
    /// <param name="fits">Whether the point is brought down to the model's p at the end; not when the caller goes on with it.</param>
    public static IterationOutcome Run(
        string method, NuclearNormProgram program, Func<SolverRun> start, SolverOptions options, IterationControl control, IProgress<IterationReport>? progress,
        bool fits = true)
    {
        SolverRun run;
        try
        {
            run = start();
        }
        catch (DecompositionException)
        {
            GroupedFactors zero = new(program, 0);
            return new IterationOutcome(SolverStatus.NumericalError, zero, DualityGap.WithoutDecomposition(zero), 0, control.Elapsed, []);
        }

        List<IterationReport>? trace = options.RecordTrace ? [] : null;
        var best = new BestPoint(run, program);
        var schedule = new CertificateSchedule(run, best, control, options, fits && program.Model.FeatureDimension < program.GroupCount);
        schedule.Begin();
        int iteration = 0;
        SolverStatus? ended;
        while ((ended = Stop()) is null)
        {
            try
            {
                run.Iterate(control);
            }
            catch (DecompositionException)
            {
                // What was found so far stays.
                ended = SolverStatus.NumericalError;
                break;
            }

            iteration++;
            schedule.Iterated();
            Report();
        }

        SolverStatus status = schedule.Finish(iteration, ended.Value);
        status = best.Closes(options.RelativeGapTolerance) ? SolverStatus.Optimal
            : best.IsContradicted || (best.Certificate.LogUnit != 0 && run.LogUnit == 0 && status is SolverStatus.Stalled or SolverStatus.Stationary)
            ? SolverStatus.NumericalError
            : status == SolverStatus.Optimal ? SolverStatus.Stalled
            : status == SolverStatus.Stalled && !program.Model.Loss.IsConvex && run.Stationarity <= StationaryToRoundoff ? SolverStatus.Stationary : status;
        var outcome = new IterationOutcome(status, best.Point, best.Certificate, iteration, control.Elapsed, trace ?? []) { Error = best.Error };
        return fits ? outcome.Fit(options.RelativeGapTolerance, control) : outcome;

        SolverStatus? Stop()
        {
            bool stationary = run.Stationarity <= options.StationarityTolerance;
            // A loss that underflows in its unit carries no information any more; nor do certificates that contradict each other.
            return !double.IsFinite(run.Objective) || Math.Abs(run.Objective) < SmallestObjective || best.IsContradicted ? SolverStatus.NumericalError
                : control.Token.IsCancellationRequested ? SolverStatus.Cancelled
                : schedule.IsDue(iteration, stationary) && !schedule.Certify(iteration) ? SolverStatus.NumericalError
                : best.Closes(options.RelativeGapTolerance) && !run.Polishing ? SolverStatus.Optimal
                : stationary && !run.MayEscape ? SolverStatus.Stationary
                : run.Stalled ? SolverStatus.Stalled
                : iteration >= options.MaxIterations ? SolverStatus.IterationLimit
                : schedule.TimeIsUp(iteration) ? SolverStatus.TimeLimit
                : null;
        }

        void Report()
        {
            var report = new IterationReport(
                method, iteration, run.Objective * Math.Exp(run.LogUnit), run.Stationarity, best.RelativeGap, control.Elapsed)
            {
                Log10Objective = (Math.Log(run.Objective) + run.LogUnit) / Math.Log(10),
            };
            trace?.Add(report);
            if (progress is not null)
            {
                using ProviderScope outside = LinearAlgebraProvider.Unpin();
                progress.Report(report);
            }
        }
    }
}
