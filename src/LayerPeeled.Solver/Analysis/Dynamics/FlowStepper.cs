using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>A point that moves along −∇f, and the times it has taken. Works with φ = log f, so that no loss is too small.</summary>
internal abstract class FlowStepper
{
    private readonly FactorizedObjective objective;

    protected FlowStepper(FactorizedProgram program, double[] start)
    {
        objective = new FactorizedObjective(program);
        Point = start;
        Direction = new double[start.Length];
        LogObjective = Slope(start, Direction);
    }

    /// <summary>W (K×p, column-major), then H (p×N, column-major).</summary>
    public double[] Point { get; protected set; }

    /// <summary>φ = log f at the point.</summary>
    public double LogObjective { get; protected set; }

    /// <summary>τ = ∫ f dt.</summary>
    public double LossTime { get; protected set; }

    /// <summary>log t.</summary>
    public double LogTime { get; protected set; } = double.NegativeInfinity;

    /// <summary>−∇φ at the point.</summary>
    protected double[] Direction { get; set; }

    /// <summary>One step.</summary>
    /// <returns>False, with the point left as it was, when there is no next point in double precision.</returns>
    public abstract bool Step();

    /// <summary>φ at a point; not finite where there is no value.</summary>
    /// <param name="point">The point.</param>
    /// <param name="slope">Receives −∇φ.</param>
    protected double Slope(double[] point, double[] slope)
    {
        double value = objective.Evaluate(point, inOwnUnit: true);
        objective.Gradient(point, -1 / value, slope);
        return Math.Log(value) + objective.LogUnit;
    }
}
