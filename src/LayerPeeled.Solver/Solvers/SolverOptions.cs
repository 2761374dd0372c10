namespace LayerPeeled.Solver.Solvers;

/// <summary>What all methods have in common: when to stop.</summary>
public abstract record SolverOptions
{
    private const double DefaultGap = 1e-10;
    private const double DefaultGeometryError = 1e-8;
    private readonly double relativeGapTolerance = DefaultGap;
    private readonly double stationarityTolerance = 1e-13;
    private readonly int maxIterations = 20_000;
    private readonly TimeSpan? timeLimit;
    private readonly double? geometryErrorTolerance;
    private readonly long? memoryBudget;

    /// <summary>The solve ends as <see cref="SolverStatus.Optimal"/> when the relative duality gap is at most this. Between 0 and 1.</summary>
    public double RelativeGapTolerance
    {
        get => relativeGapTolerance;
        init => relativeGapTolerance = OptionValidation.Fraction(value, nameof(RelativeGapTolerance));
    }

    /// <summary>
    /// How accurate norms and cosines are to be: once the gap has closed, methods with a second-order finish go on until their estimate of
    /// <see cref="LayerPeeledSolution.GeometryError"/> is at most this, or cannot be made smaller. Between 0 and 1; 1 stops at the certificate. By default
    /// 1e-8, or 1 where a gap larger than the default one is all that is asked for.
    /// </summary>
    public double GeometryErrorTolerance
    {
        get => geometryErrorTolerance ?? (RelativeGapTolerance <= DefaultGap ? DefaultGeometryError : 1);
        init => geometryErrorTolerance = OptionValidation.Fraction(value, nameof(GeometryErrorTolerance));
    }

    /// <summary>The same for λ, relatively, of which a method knows more than of the geometry; +∞: whatever comes.</summary>
    internal double MultiplierErrorTolerance { get; init; } = double.PositiveInfinity;

    /// <summary>The solve ends as <see cref="SolverStatus.Stationary"/> when the method's relative stationarity is at most this. Between 0 and 1.</summary>
    public double StationarityTolerance
    {
        get => stationarityTolerance;
        init => stationarityTolerance = OptionValidation.Fraction(value, nameof(StationarityTolerance));
    }

    /// <summary>Most iterations, at least 1.</summary>
    public int MaxIterations
    {
        get => maxIterations;
        init => maxIterations = OptionValidation.AtLeast(value, 1, nameof(MaxIterations));
    }

    /// <summary>Longest time for one solve; none when null.</summary>
    public TimeSpan? TimeLimit
    {
        get => timeLimit;
        init => timeLimit = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(TimeLimit), value, "The time limit must be positive.");
    }

    /// <summary>
    /// Most bytes that a solve may hold; half of what the process may use of the machine's memory when null. The automatic and the merged method hold
    /// classes together as far as that takes; the others refuse a model that is too large with an <see cref="ArgumentException"/>.
    /// </summary>
    public long? MemoryBudget
    {
        get => memoryBudget;
        init => memoryBudget = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MemoryBudget), value, "The memory budget must be positive.");
    }

    /// <summary>Seed of everything that is drawn at random (starting points). The same seed gives the same run.</summary>
    public int Seed { get; init; }

    /// <summary>Whether the solution keeps a report of every iteration.</summary>
    public bool RecordTrace { get; init; }

    /// <summary>The clock of time limits and elapsed times.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal double MemoryBudgetInBytes => memoryBudget ?? (0.5 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
}
