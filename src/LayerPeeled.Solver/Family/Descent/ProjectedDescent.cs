using System.Numerics.Tensors;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Family.Descent;

/// <summary>
/// Local minima of a smooth function of which some variables may not be negative: limited-memory quasi-Newton steps in the variables that are not held at 0, projected,
/// with backtracking along the projection arc (two-metric projection: Bertsekas, SIAM J. Control Optim. 20, 1982). Owns its buffers; one descent at a time.
/// </summary>
internal sealed class ProjectedDescent
{
    private const int Memory = 12;
    private const double SufficientDecrease = 1e-4;
    private const int MaximumTrials = 40;

    // Decreases below this share of the objective cannot be measured.
    private const double Noise = 4e-16;
    private readonly Func<double[], double[], double> evaluate;
    private readonly int firstBounded;
    private readonly LimitedMemory memory;
    private readonly double[] direction;
    private readonly double[] reduced;
    private readonly double[] previousReduced;
    private double[] point;
    private double[] gradient;
    private double[] trial;
    private double[] trialGradient;
    private double value;

    /// <param name="start">The first point; not changed.</param>
    /// <param name="evaluate">The function at its first argument, whose gradient it writes to the second.</param>
    /// <param name="firstBounded">Variables from this one on may not be negative.</param>
    public ProjectedDescent(double[] start, Func<double[], double[], double> evaluate, int firstBounded = int.MaxValue)
    {
        int n = start.Length;
        (this.evaluate, this.firstBounded) = (evaluate, Math.Min(firstBounded, n));
        memory = new LimitedMemory(n, Memory);
        (direction, reduced, previousReduced, gradient, trial, trialGradient) = (new double[n], new double[n], new double[n], new double[n], new double[n], new double[n]);
        point = (double[])start.Clone();
        Project(point);
        value = evaluate(point, gradient);
    }

    /// <summary>Descends until a limit or the end of double precision.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="control">Clock and token.</param>
    /// <param name="enough">Asked after each step with the point and its value; true ends the descent as stationary.</param>
    /// <param name="report">Told of each iteration, the value and the stationarity.</param>
    public DescentOutcome Run(
        SolverOptions options, IterationControl control, Func<double[], double, bool>? enough = null, Action<int, double, double>? report = null)
    {
        bool known = false;
        for (int iteration = 0; ; iteration++)
        {
            Reduce(point, gradient, gradient, reduced);
            double stationarity = TensorPrimitives.Norm<double>(reduced) * TensorPrimitives.Norm<double>(point) / Math.Abs(value);
            SolverStatus? status = !double.IsFinite(value) || !double.IsFinite(stationarity) ? SolverStatus.NumericalError
                : control.Token.IsCancellationRequested ? SolverStatus.Cancelled
                : stationarity <= options.StationarityTolerance || enough?.Invoke(point, value) == true ? SolverStatus.Stationary
                : iteration >= options.MaxIterations ? SolverStatus.IterationLimit
                : control.TimeIsUp ? SolverStatus.TimeLimit
                : null;
            if (status is null && !Step(known) && !(known && Step(known: false)))
            {
                status = SolverStatus.Stalled;
            }

            if (status is { } end)
            {
                return new DescentOutcome((double[])point.Clone(), value, stationarity, iteration, end);
            }

            report?.Invoke(iteration + 1, value, stationarity);
            known = true;
        }
    }

    // One step from the point, whose reduced gradient is known; with nothing known of the curvature along the gradient.
    private bool Step(bool known)
    {
        if (!known)
        {
            memory.Clear();
        }

        bool scaled = memory.Direction(reduced, direction);
        Hold(direction);
        if (!(TensorPrimitives.Dot<double>(reduced, direction) < 0))
        {
            memory.Clear();
            scaled = memory.Direction(reduced, direction);
        }

        double step = scaled ? 1 : 0.1 * Math.Max(TensorPrimitives.Norm<double>(point), 1e-3) / TensorPrimitives.Norm<double>(direction);
        for (int attempt = 0; attempt < MaximumTrials; attempt++, step *= 0.4)
        {
            TensorPrimitives.MultiplyAdd(direction, step, point, trial);
            Project(trial);
            double trialValue = evaluate(trial, trialGradient), slope = 0;
            for (int i = 0; i < point.Length; i++)
            {
                slope += reduced[i] * (trial[i] - point[i]);
            }

            if (trialValue <= value + (SufficientDecrease * slope) || (trialValue <= value + (Noise * Math.Abs(value)) && IsMoreStationary()))
            {
                Accept(trialValue);
                return true;
            }
        }

        return false;
    }

    private void Accept(double trialValue)
    {
        // The change of the gradient in the variables that are free from here on
        Reduce(trial, trialGradient, trialGradient, reduced);
        Reduce(trial, trialGradient, gradient, previousReduced);
        memory.Add(trial, point, reduced, previousReduced);
        (point, trial) = (trial, point);
        (gradient, trialGradient) = (trialGradient, gradient);
        value = trialValue;
    }

    private bool IsMoreStationary()
    {
        double before = TensorPrimitives.Norm<double>(reduced);
        Reduce(trial, trialGradient, trialGradient, previousReduced);
        return TensorPrimitives.Norm<double>(previousReduced) < before;
    }

    // A gradient without the variables in which a point with a gradient of its own is held at 0
    private void Reduce(double[] at, double[] own, double[] values, double[] result)
    {
        values.CopyTo(result, 0);
        for (int i = firstBounded; i < result.Length; i++)
        {
            if (at[i] <= 0 && own[i] > 0)
            {
                result[i] = 0;
            }
        }
    }

    private void Hold(double[] change)
    {
        for (int i = firstBounded; i < change.Length; i++)
        {
            if (point[i] <= 0 && gradient[i] > 0)
            {
                change[i] = 0;
            }
        }
    }

    private void Project(double[] vector)
    {
        Span<double> bounded = vector.AsSpan(firstBounded);
        TensorPrimitives.Max(bounded, 0, bounded);
    }
}
