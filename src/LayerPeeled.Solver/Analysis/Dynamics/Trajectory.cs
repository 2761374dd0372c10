using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>A run from its start to its end, in records at logarithmically spaced steps. Immutable.</summary>
public sealed class Trajectory
{
    internal Trajectory(TrajectoryEnd end, IReadOnlyList<TrajectoryRecord> records, FactorizedPoint last)
    {
        (End, Records, Last) = (end, records, last);
    }

    /// <summary>Why the run ended.</summary>
    public TrajectoryEnd End { get; }

    /// <summary>The records, the start and the last point among them.</summary>
    public IReadOnlyList<TrajectoryRecord> Records { get; }

    /// <summary>The last point.</summary>
    public FactorizedPoint Last { get; }

    /// <summary>What the method of the constrained model returned, its best point, certified; null of the unconstrained model.</summary>
    public LayerPeeledSolution? Solution { get; internal init; }
}
