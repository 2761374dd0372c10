namespace LayerPeeled.Solver.Solvers.Targets;

/// <summary>How many orbits a symmetry has. Where it was found and not given, classes of a stable colouring, which are unions of orbits.</summary>
/// <param name="Tokens">Of tokens, V without symmetry.</param>
/// <param name="Contexts">Of contexts, m without symmetry.</param>
/// <param name="Pairs">Of pairs of a token and a context, V·m without symmetry: the numbers that are solved for.</param>
public sealed record TargetOrbits(int Tokens, int Contexts, int Pairs);
