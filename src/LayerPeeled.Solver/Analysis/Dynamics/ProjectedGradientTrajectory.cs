using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.ProjectedGradient;

namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>
/// The way of the projected gradient method through the Layer-Peeled Model, at the level of class means or of single examples: how features collapse and
/// angles form on the way to the optimum.
/// </summary>
public static class ProjectedGradientTrajectory
{
    /// <summary>Runs the method and records its iterates.</summary>
    /// <param name="program">The program.</param>
    /// <param name="solver">Options of the method; defaults when null. A step is an iteration.</param>
    /// <param name="options">What is recorded; defaults when null.</param>
    /// <param name="start">A point of the program's shape; projected first, not changed. Null: the options of the method decide.</param>
    /// <param name="progress">Called with each record.</param>
    /// <param name="cancellationToken">Ends the run; the trajectory so far is returned.</param>
    /// <exception cref="ArgumentException">A class has no examples, the start or the target has another shape, or the method refuses the program.</exception>
    public static Trajectory Run(
        FactorizedProgram program, ProjectedGradientOptions? solver = null, TrajectoryOptions? options = null, FactorizedPoint? start = null,
        IProgress<TrajectoryRecord>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        // Fused passes hold features as sums; here every iterate is looked at.
        ProjectedGradientOptions method = (solver ?? new ProjectedGradientOptions()) with { FusedLength = long.MaxValue };
        var follower = new Follower(program, method, options ?? new TrajectoryOptions(), progress);
        LayerPeeledSolution solution = new ProjectedGradientSolver(method).Follow(program, start, follower.Begin, cancellationToken);
        (IReadOnlyList<TrajectoryRecord> records, FactorizedPoint last) = follower.Finish();
        return new Trajectory(EndOf(solution.Status), records, last) { Solution = solution };
    }

    private static TrajectoryEnd EndOf(SolverStatus status) => status switch
    {
        SolverStatus.IterationLimit => TrajectoryEnd.StepLimit,
        SolverStatus.Cancelled => TrajectoryEnd.Cancelled,
        SolverStatus.NumericalError => TrajectoryEnd.NumericalLimit,
        _ => TrajectoryEnd.MethodEnded,
    };

    private sealed class Follower(
        FactorizedProgram program, ProjectedGradientOptions method, TrajectoryOptions options, IProgress<TrajectoryRecord>? progress) : IProgress<IterationReport>
    {
        private readonly PointMeasure measure = new(program, options.Target);
        private readonly List<TrajectoryRecord> records = [];
        private RecordSchedule schedule = new(options.RecordsPerDecade);
        private ProjectedGradientRun? run;
        private int step;

        public Follower Begin(SolverRun begun)
        {
            run = (ProjectedGradientRun)begun;
            RecordIfDue();
            return this;
        }

        public void Report(IterationReport value)
        {
            step = value.Iteration;
            RecordIfDue();
        }

        public (IReadOnlyList<TrajectoryRecord> Records, FactorizedPoint Last) Finish()
        {
            FactorizedPoint last = run!.CurrentPoint();
            if (records[^1].Step < step)
            {
                Record(last);
            }

            return (records.ToArray(), last);
        }

        private void RecordIfDue()
        {
            if (schedule.IsDue(step))
            {
                Record(run!.CurrentPoint());
            }
        }

        private void Record(FactorizedPoint point)
        {
            records.Add(measure.Record(step, Math.Log(run!.Objective) + run.LogUnit, point) with { RelativeGap = Gap(point), Stationarity = run.Stationarity });
            progress?.Report(records[^1]);
        }

        private double Gap(FactorizedPoint point)
        {
            try
            {
                return DualityGap.Certify(program.ToGroupedFactors(point), method.RelativeGapTolerance).RelativeGap;
            }
            catch (DecompositionException)
            {
                return double.NaN;
            }
        }
    }
}
