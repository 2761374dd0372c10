using System.Numerics.Tensors;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>
/// dx/dτ = −∇φ(x) by the pair of orders 5 and 4 of Dormand and Prince (J. Comput. Appl. Math. 6, 1980), which goes on from the value of order 5. A step is
/// accepted where the difference of the two is at most the tolerance times ‖x‖. The time t = ∫ e^{−φ} dτ is that of <see cref="StepTime"/>.
/// </summary>
internal sealed class RungeKuttaStepper : FlowStepper
{
    private const int Stages = 7;
    private const double FirstMove = 0.01;
    private const double Safety = 0.9;
    private const double Shrink = 0.2;
    private const double Growth = 5;

    // A step that moves by less is lost in rounding.
    private const double LeastMove = 1e-16;

    // Row i makes the point of stage i + 1 from the slopes before it; the last row is the step of order 5.
    private static readonly double[][] Nodes =
    [
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ];

    // Order 5 minus order 4
    private static readonly double[] Errors = [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    private readonly double tolerance;
    private readonly double[][] slopes;
    private readonly double[] error;
    private double[] trial;
    private double step;
    private double last;

    public RungeKuttaStepper(FactorizedProgram program, double[] start, double tolerance)
        : base(program, start)
    {
        this.tolerance = tolerance;
        trial = new double[start.Length];
        error = new double[start.Length];
        slopes = new double[Stages][];
        slopes[0] = Direction;
        for (int i = 1; i < Stages; i++)
        {
            slopes[i] = new double[start.Length];
        }

        double speed = TensorPrimitives.Norm<double>(Direction);
        step = speed > 0 ? FirstMove * TensorPrimitives.Norm<double>(start) / speed : 0;
    }

    public override bool Step()
    {
        double speed = TensorPrimitives.Norm<double>(slopes[0]), size = TensorPrimitives.Norm<double>(Point), most = Growth;
        while (step * speed > LeastMove * size)
        {
            double excess = Try();
            double factor = double.IsFinite(excess) ? Math.Clamp(Safety * Math.Pow(excess, -0.2), Shrink, most) : Shrink;
            if (excess <= 1)
            {
                Accept();
                step *= factor;
                return true;
            }

            step *= Math.Min(factor, Safety);
            most = 1;
        }

        return false;
    }

    // Error over tolerance of a step; NaN or ∞ where a value on the way does not exist.
    private double Try()
    {
        for (int i = 1; i < Stages; i++)
        {
            Point.CopyTo(trial, 0);
            AddTo(trial, Nodes[i - 1]);
            last = Slope(trial, slopes[i]);
            if (!double.IsFinite(last))
            {
                return double.NaN;
            }
        }

        error.AsSpan().Clear();
        AddTo(error, Errors);
        return TensorPrimitives.Norm<double>(error) / (tolerance * TensorPrimitives.Norm<double>(trial));
    }

    private void AddTo(double[] sum, double[] weights)
    {
        for (int j = 0; j < weights.Length; j++)
        {
            if (weights[j] != 0)
            {
                TensorPrimitives.MultiplyAdd(slopes[j], step * weights[j], sum, sum);
            }
        }
    }

    private void Accept()
    {
        // dφ/dτ = −‖∇φ‖²
        double firstSlope = -TensorPrimitives.SumOfSquares<double>(slopes[0]), lastSlope = -TensorPrimitives.SumOfSquares<double>(slopes[^1]);
        LogTime = StepTime.LogSum(LogTime, StepTime.LogOf(step, LogObjective, firstSlope, last, lastSlope));
        LossTime += step;
        (Point, trial) = (trial, Point);
        LogObjective = last;
        (slopes[0], slopes[^1]) = (slopes[^1], slopes[0]);
        Direction = slopes[0];
    }
}
