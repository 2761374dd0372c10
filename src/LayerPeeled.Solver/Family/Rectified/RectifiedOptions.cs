using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Family.Rectified;

/// <summary>Options of <see cref="RectifiedSolver"/>. Traces, geometry errors and memory budgets are not among what it does.</summary>
public sealed record RectifiedOptions : SolverOptions
{
    private readonly int starts = 10;

    /// <summary>Most random starts, at least 1; the first one whose certificate closes is the last.</summary>
    public int Starts
    {
        get => starts;
        init => starts = OptionValidation.AtLeast(value, 1, nameof(Starts));
    }
}
