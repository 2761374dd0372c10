using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Family.DeepFeatures;

/// <summary>Options of <see cref="DeepFeaturesSolver"/>. Gaps, traces, geometry errors and memory budgets are not among what it does.</summary>
public sealed record DeepFeaturesOptions : SolverOptions
{
    private readonly int starts = 5;

    /// <summary>The default options: a stationarity of 1e-9 is enough.</summary>
    public DeepFeaturesOptions() => StationarityTolerance = 1e-9;

    /// <summary>Random starts, at least 1.</summary>
    public int Starts
    {
        get => starts;
        init => starts = OptionValidation.AtLeast(value, 1, nameof(Starts));
    }
}
