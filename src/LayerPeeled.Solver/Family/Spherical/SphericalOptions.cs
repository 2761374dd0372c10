using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>
/// Options of <see cref="SphericalSolver"/>: by default a gap of 1e-8, and for each descent a stationarity of 1e-9 (what the logarithm of the loss changes by for a relative change of the
/// vectors) and 5000 iterations. The time limit is that of all descents; what is left of the bound comes after it. Traces, geometry errors and memory budgets are not among what it does.
/// </summary>
public sealed record SphericalOptions : SolverOptions
{
    private readonly int starts = 10;

    /// <summary>The default options.</summary>
    public SphericalOptions() => (RelativeGapTolerance, StationarityTolerance, MaxIterations) = (1e-8, 1e-9, 5000);

    /// <summary>How many descents there are at most, at least 1: from random points, the first from the simplex ETF where p ≥ K − 1. The best is kept.</summary>
    public int Starts
    {
        get => starts;
        init => starts = OptionValidation.AtLeast(value, 1, nameof(Starts));
    }

    /// <summary>
    /// Whether a lower bound is looked for, which takes eigenvalues of order 2K and, in few dimensions, a descent in more. Without one no point is proven optimal.
    /// </summary>
    public bool LowerBound { get; init; } = true;
}
