using System.Numerics.Tensors;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>x ← x − η·∇f(x) = x − η·f·∇φ(x).</summary>
internal sealed class DescentStepper(FactorizedProgram program, double[] start, double stepSize) : FlowStepper(program, start)
{
    private double[] trial = new double[start.Length];
    private double[] slope = new double[start.Length];
    private double steps;

    public override bool Step()
    {
        double loss = Math.Exp(LogObjective);
        TensorPrimitives.MultiplyAdd(Direction, stepSize * loss, Point, trial);
        double next = Slope(trial, slope);
        if (!double.IsFinite(next) || trial.AsSpan().SequenceEqual(Point))
        {
            return false;
        }

        (Point, trial) = (trial, Point);
        (Direction, slope) = (slope, Direction);
        LogObjective = next;
        LossTime += stepSize * loss;
        LogTime = Math.Log(stepSize * ++steps);
        return true;
    }
}
