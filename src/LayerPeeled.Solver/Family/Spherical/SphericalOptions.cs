using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>Options of <see cref="SphericalSolver"/>.</summary>
public sealed record SphericalOptions
{
    private readonly double relativeGapTolerance = 1e-8;
    private readonly double stationarityTolerance = 1e-9;
    private readonly int starts = 10;
    private readonly int maxIterations = 5000;
    private readonly TimeSpan? timeLimit;

    /// <summary>The solve ends as <see cref="SolverStatus.Optimal"/> when the gap to the lower bound is at most this share of the objective. Between 0 and 1.</summary>
    public double RelativeGapTolerance
    {
        get => relativeGapTolerance;
        init => relativeGapTolerance = OptionValidation.Fraction(value, nameof(RelativeGapTolerance));
    }

    /// <summary>A descent ends when the logarithm of the loss changes by at most this for a relative change of the vectors. Between 0 and 1.</summary>
    public double StationarityTolerance
    {
        get => stationarityTolerance;
        init => stationarityTolerance = OptionValidation.Fraction(value, nameof(StationarityTolerance));
    }

    /// <summary>How many descents there are at most, at least 1: from random points, the first from the simplex ETF where p ≥ K − 1. The best is kept.</summary>
    public int Starts
    {
        get => starts;
        init => starts = OptionValidation.AtLeast(value, 1, nameof(Starts));
    }

    /// <summary>Most iterations of one descent, at least 1.</summary>
    public int MaxIterations
    {
        get => maxIterations;
        init => maxIterations = OptionValidation.AtLeast(value, 1, nameof(MaxIterations));
    }

    /// <summary>Longest time for all descents; none when null. What is left of the bound comes after it.</summary>
    public TimeSpan? TimeLimit
    {
        get => timeLimit;
        init => timeLimit = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(TimeLimit), value, "The time limit must be positive.");
    }

    /// <summary>
    /// Whether a lower bound is looked for, which takes eigenvalues of order 2K and, in few dimensions, a descent in more. Without one no point is proven optimal.
    /// </summary>
    public bool LowerBound { get; init; } = true;

    /// <summary>Seed of the random starts. The same seed gives the same run.</summary>
    public int Seed { get; init; }

    /// <summary>The clock of the time limit.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
