namespace LayerPeeled.Solver.Solvers.Semidefinite;

/// <summary>Options of <see cref="SemidefiniteSolver"/>.</summary>
public sealed record SemidefiniteOptions : SolverOptions
{
    private readonly double relaxation = 1.6;
    private readonly double penalty = 1;

    /// <summary>Over-relaxation α: at least 1 (none), less than 2.</summary>
    public double Relaxation
    {
        get => relaxation;
        init => relaxation = value is >= 1 and < 2
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Relaxation), value, "Relaxation must be at least 1 and less than 2.");
    }

    /// <summary>The penalty to start with, relative to the ratio of the norms of the first dual and primal points.</summary>
    public double Penalty
    {
        get => penalty;
        init => penalty = OptionValidation.Positive(value);
    }

    /// <summary>Whether the penalty is adapted so that primal and dual residuals stay alike.</summary>
    public bool AdaptPenalty { get; init; } = true;
}
