using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Solvers.Targets;

/// <summary>Accelerated projected gradients (Nesterov; restarts of O'Donoghue and Candès 2015) on a cyclic model, a transform and its inverse an iteration.</summary>
internal sealed class CyclicRun
{
    // ∇² KL ⪯ ½·I
    private const double Step = 2;
    private const int Interval = 20;
    private const int LongestRun = 20_000;
    private readonly CyclicTargets program;
    private readonly double[] trial;
    private readonly double[] previous;
    private readonly double[] gradient;

    public CyclicRun(CyclicTargets program)
    {
        this.program = program;
        int n = program.Count;
        (Point, trial, previous, gradient) = (new double[n], new double[n], new double[n], new double[n]);
        Bound = 0;
    }

    /// <summary>z.</summary>
    public double[] Point { get; }

    /// <summary>KL at the point.</summary>
    public double Value { get; private set; }

    /// <summary>The best lower bound so far.</summary>
    public double Bound { get; private set; }

    /// <summary>λ of the matrices.</summary>
    public double Multiplier { get; private set; }

    /// <summary>Iterations.</summary>
    public int Iterations { get; private set; }

    public double RelativeGap => (Value - Bound) / Value;

    /// <summary>Goes on until the gap is closed, or someone or something stops it.</summary>
    /// <returns>False when it was stopped.</returns>
    public bool Run(SolverOptions options, IterationControl control, Action<CyclicRun> report)
    {
        double weight = 1;
        int most = Math.Min(options.MaxIterations, LongestRun);
        Measure();
        while (RelativeGap > options.RelativeGapTolerance)
        {
            if (Iterations >= most || control.ShouldStop)
            {
                return false;
            }

            Point.CopyTo(previous, 0);
            program.Gradient(trial, gradient);
            TensorPrimitives.MultiplyAdd(gradient, -Step, trial, Point);
            program.Project(Point);
            // ⟨trial − point, point − previous⟩ > 0: the momentum points uphill
            double uphill = 0;
            for (int i = 0; i < Point.Length; i++)
            {
                uphill += (trial[i] - Point[i]) * (Point[i] - previous[i]);
            }

            double next = uphill > 0 ? 1 : 0.5 * (1 + Math.Sqrt(1 + (4 * weight * weight))), momentum = uphill > 0 ? 0 : (weight - 1) / next;
            for (int i = 0; i < Point.Length; i++)
            {
                trial[i] = Point[i] + (momentum * (Point[i] - previous[i]));
            }

            weight = next;
            if (++Iterations % Interval == 0)
            {
                Measure();
                report(this);
            }
        }

        return true;
    }

    private void Measure()
    {
        Value = program.Gradient(Point, gradient);
        Multiplier = program.Multiplier(Point, gradient) / program.Count;
        Bound = Math.Max(Bound, program.LowerBound(Point, gradient, Value));
    }
}
