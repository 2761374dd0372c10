using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>
/// Training of the unconstrained, unregularised model min f(W·H) with cross-entropy. There is no minimum: the norms grow without limit, and what
/// converges is the direction. Gradient flow converges to the critical points of a minimum-norm separation problem whose global minimisers are the
/// simplex ETFs when classes are balanced (Ji, Lu, Zhang, Deng, Su, ICLR 2022).
/// </summary>
public static class GradientFlow
{
    /// <summary>Runs the flow, or the descent.</summary>
    /// <param name="program">Class means or single examples of a model with cross-entropy; its budgets play no part.</param>
    /// <param name="options">Options; defaults when null.</param>
    /// <param name="start">Where to start, of the program's shape; not changed. Null: at random, from the options.</param>
    /// <param name="progress">Called with each record.</param>
    /// <param name="cancellationToken">Ends the run; the trajectory so far is returned.</param>
    /// <exception cref="ArgumentException">
    /// The loss is another one, a class has no examples or no loss weight, the start or the target has another shape, or the program needs more memory than
    /// <see cref="GradientFlowOptions.MemoryBudget"/>.
    /// </exception>
    public static Trajectory Run(
        FactorizedProgram program, GradientFlowOptions? options = null, FactorizedPoint? start = null, IProgress<TrajectoryRecord>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        options ??= new GradientFlowOptions();
        RequireModel(program);
        RequireMemory(program, options);
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        var measure = new PointMeasure(program, options.Target);
        double[] point = StartingPoint(program, options, start);
        FlowStepper stepper = options.Rule == FlowRule.Descent
            ? new DescentStepper(program, point, options.StepSize)
            : new RungeKuttaStepper(program, point, options.Tolerance);
        var schedule = new RecordSchedule(options.RecordsPerDecade);
        var records = new List<TrajectoryRecord>();
        TrajectoryEnd? end;
        int step = 0;
        while (true)
        {
            if (schedule.IsDue(step))
            {
                Record();
            }

            end = cancellationToken.IsCancellationRequested ? TrajectoryEnd.Cancelled
                : stepper.LogObjective <= options.FinalLogLoss ? TrajectoryEnd.LossReached
                : step >= options.MaxSteps ? TrajectoryEnd.StepLimit
                : null;
            if (end is not null || (end = stepper.Step() ? null : TrajectoryEnd.NumericalLimit) is not null)
            {
                break;
            }

            step++;
        }

        if (records[^1].Step < step)
        {
            Record();
        }

        return new Trajectory(end.Value, records.ToArray(), Current());

        FactorizedPoint Current() => program.Wrap((double[])stepper.Point.Clone());

        void Record()
        {
            records.Add(measure.Record(step, stepper.LogObjective, Current()) with { LogTime = stepper.LogTime, LossTime = stepper.LossTime });
            using ProviderScope outside = LinearAlgebraProvider.Unpin();
            progress?.Report(records[^1]);
        }
    }

    private static void RequireModel(FactorizedProgram program)
    {
        if (program.Model.Loss is not CrossEntropyLoss)
        {
            throw new ArgumentException($"Trajectories of the unconstrained model are for cross-entropy; the model's loss is {program.Model.Loss.Name}.", nameof(program));
        }

        int without = program.LossWeights.IndexOf(0);
        if (without >= 0)
        {
            throw new ArgumentException($"Class {without} has no loss; every class needs examples of positive weight.", nameof(program));
        }
    }

    // Point, trial, error, seven slopes and what a record copies; the logits
    private static void RequireMemory(FactorizedProgram program, GradientFlowOptions options)
    {
        double bytes = sizeof(double) * ((14.0 * program.Length) + ((double)program.Model.ClassCount * program.ColumnCount));
        if (bytes > options.MemoryBudgetInBytes)
        {
            throw new ArgumentException(
                $"Gradient flow would need about {bytes / 1e9:G3} GB for {program.ColumnCount} feature columns of dimension {program.FeatureDimension}, "
                + $"more than the memory budget of {options.MemoryBudgetInBytes / 1e9:G3} GB.", nameof(program));
        }
    }

    private static double[] StartingPoint(FactorizedProgram program, GradientFlowOptions options, FactorizedPoint? start)
    {
        if (start is not null)
        {
            program.Require(start);
            return start.Values.ToArray();
        }

        double[] point = program.RandomPoint(options.Seed).Values.ToArray();
        Scale(point.AsSpan(0, program.ClassifierLength));
        Scale(point.AsSpan(program.ClassifierLength));
        return point;

        void Scale(Span<double> block) => TensorPrimitives.Multiply(block, options.StartNorm / TensorPrimitives.Norm<double>(block), block);
    }
}
