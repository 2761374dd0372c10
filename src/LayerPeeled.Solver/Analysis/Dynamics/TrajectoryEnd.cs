namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>Why a trajectory ends where it does.</summary>
public enum TrajectoryEnd
{
    /// <summary>The step limit was reached.</summary>
    StepLimit,

    /// <summary>The loss is as small as was asked for.</summary>
    LossReached,

    /// <summary>The method stopped by itself; <see cref="Trajectory.Solution"/> has its status.</summary>
    MethodEnded,

    /// <summary>The caller cancelled the run.</summary>
    Cancelled,

    /// <summary>The next point is no other one in double precision, or not finite.</summary>
    NumericalLimit,
}
