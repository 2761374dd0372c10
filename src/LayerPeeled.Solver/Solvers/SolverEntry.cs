namespace LayerPeeled.Solver.Solvers;

/// <summary>A method by its name.</summary>
/// <param name="Name">Its name, that of <see cref="ISolver.Name"/>.</param>
/// <param name="Defaults">Its default options.</param>
/// <param name="Create">The solver for options derived from the default ones.</param>
public sealed record SolverEntry(string Name, SolverOptions Defaults, Func<SolverOptions, ISolver> Create);
