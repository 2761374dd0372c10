namespace LayerPeeled.Solver.Solvers.NuclearNorm;

/// <summary>Options of <see cref="NuclearNormSolver"/>.</summary>
public sealed record NuclearNormOptions : SolverOptions
{
    private readonly double stepGrowth = 1.2;

    /// <summary>Whether momentum is used. Without it the method is plain projected gradient.</summary>
    public bool Acceleration { get; init; } = true;

    /// <summary>
    /// Factor by which the step grows after each iteration, from 1 (steps only shrink) to 10; at least 3 where the step turns out to be far too
    /// short, unless steps only shrink. The curvature of the loss falls with the loss,
    /// by many orders of magnitude where budgets are large.
    /// </summary>
    public double StepGrowth
    {
        get => stepGrowth;
        init => stepGrowth = value is >= 1 and <= 10
            ? value
            : throw new ArgumentOutOfRangeException(nameof(StepGrowth), value, "StepGrowth must be between 1 and 10.");
    }
}
