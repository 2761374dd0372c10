using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Family.Contrastive;

/// <summary>Options of <see cref="ContrastiveSolver"/>.</summary>
public sealed record ContrastiveOptions
{
    private readonly double relativeGapTolerance = 1e-10;
    private readonly int maxIterations = 20_000;
    private readonly TimeSpan? timeLimit;

    /// <summary>The solve ends as <see cref="SolverStatus.Optimal"/> when the gap is at most this share of the excess of the loss over its floor. Between 0 and 1.</summary>
    public double RelativeGapTolerance
    {
        get => relativeGapTolerance;
        init => relativeGapTolerance = OptionValidation.Fraction(value, nameof(RelativeGapTolerance));
    }

    /// <summary>Most iterations, at least 1.</summary>
    public int MaxIterations
    {
        get => maxIterations;
        init => maxIterations = OptionValidation.AtLeast(value, 1, nameof(MaxIterations));
    }

    /// <summary>Longest time for one solve; none when null. The certificate at the end comes after it.</summary>
    public TimeSpan? TimeLimit
    {
        get => timeLimit;
        init => timeLimit = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(TimeLimit), value, "The time limit must be positive.");
    }

    /// <summary>Whether every class stands alone, at K³ the cost of an iteration, instead of groups of equal classes.</summary>
    public bool ClassByClass { get; init; }

    /// <summary>The clock of the time limit.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
