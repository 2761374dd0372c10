using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>Which points of a trajectory are recorded, and what they are compared with.</summary>
public record TrajectoryOptions
{
    private readonly int recordsPerDecade = 20;

    /// <summary>Records for each factor of ten in the number of steps, at least 1; the start and the last point are always among them.</summary>
    public int RecordsPerDecade
    {
        get => recordsPerDecade;
        init => recordsPerDecade = OptionValidation.AtLeast(value, 1, nameof(RecordsPerDecade));
    }

    /// <summary>The geometry whose distance is recorded; none when null.</summary>
    public TrajectoryTarget? Target { get; init; }
}
