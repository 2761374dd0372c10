using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli;

/// <summary>A method the command line offers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Defaults">Its default options.</param>
/// <param name="Create">The solver for options derived from the default ones.</param>
internal sealed record MethodEntry(string Name, SolverOptions Defaults, Func<SolverOptions, ISolver> Create);
