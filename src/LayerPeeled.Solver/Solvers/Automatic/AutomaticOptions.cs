namespace LayerPeeled.Solver.Solvers.Automatic;

/// <summary>Options of <see cref="AutomaticSolver"/>: the common ones, which every method it tries gets.</summary>
public sealed record AutomaticOptions : SolverOptions;
