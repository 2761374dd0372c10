namespace LayerPeeled.Solver.Solvers.Automatic;

/// <summary>Options of <see cref="AutomaticSolver"/>: the common ones, which every method it tries gets.</summary>
public sealed record AutomaticOptions : SolverOptions
{
    /// <summary>
    /// Whether the iterations go on after the gap has closed until norms and angles are as accurate as the objective.
    /// </summary>
    public bool Polish { get; init; } = true;
}
