namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>Options of <see cref="LowRankSolver"/> and <see cref="ReducedSolver"/>.</summary>
public sealed record LowRankOptions : SolverOptions
{
    private readonly int memory = 6;
    private readonly double newtonThreshold = 1e-5;
    private readonly int maxInnerIterations = 500;

    /// <summary>Pairs that the quasi-Newton phase remembers, at least 1.</summary>
    public int Memory
    {
        get => memory;
        init => memory = OptionValidation.AtLeast(value, 1, nameof(Memory));
    }

    /// <summary>
    /// Stationarity at which the quasi-Newton phase hands over to the second-order one in small problems, between 0 and 1. In large ones it does
    /// so when it has become slow or stalls, since a Newton step costs hundreds of products there.
    /// </summary>
    public double NewtonThreshold
    {
        get => newtonThreshold;
        init => newtonThreshold = OptionValidation.Fraction(value, nameof(NewtonThreshold));
    }

    /// <summary>Most conjugate-gradient steps in one second-order iteration, at least 1.</summary>
    public int MaxInnerIterations
    {
        get => maxInnerIterations;
        init => maxInnerIterations = OptionValidation.AtLeast(value, 1, nameof(MaxInnerIterations));
    }

    /// <summary>Where the iterations start when no point is given.</summary>
    public LowRankStart Start { get; init; } = LowRankStart.CentredIdentity;
}
