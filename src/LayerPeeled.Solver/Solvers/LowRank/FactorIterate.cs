namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>A point x̂ with φ and its gradient, and a trial point that may take its place. Owns the four vectors.</summary>
internal sealed class FactorIterate
{
    private readonly ISmoothObjective objective;

    public FactorIterate(ISmoothObjective objective, double[] start)
    {
        this.objective = objective;
        Point = start;
        Gradient = new double[start.Length];
        TrialPoint = new double[start.Length];
        TrialGradient = new double[start.Length];
        Value = objective.Evaluate(Point, Gradient);
    }

    public double[] Point { get; private set; }

    public double[] Gradient { get; private set; }

    public double Value { get; private set; }

    public double[] TrialPoint { get; private set; }

    public double[] TrialGradient { get; private set; }

    /// <summary>Decreases of φ below this cannot be measured.</summary>
    public double Noise => FactorObjective.Noise * (1 + Math.Abs(Value));

    /// <summary>φ at <see cref="TrialPoint"/>; fills <see cref="TrialGradient"/>.</summary>
    public double EvaluateTrial() => objective.Evaluate(TrialPoint, TrialGradient);

    /// <summary>The trial point, evaluated last, becomes the point; the two change places.</summary>
    public void Accept(double trialValue)
    {
        (Point, TrialPoint) = (TrialPoint, Point);
        (Gradient, TrialGradient) = (TrialGradient, Gradient);
        Value = trialValue;
    }

    /// <summary>Evaluates the point again, so that the state of the objective is that of the point.</summary>
    public void Return() => Value = objective.Evaluate(Point, Gradient);
}
