using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Benchmarks.Limits;

/// <summary>A solve whose single operations take long.</summary>
/// <param name="Name">What is solved.</param>
/// <param name="Prepare">Makes the model, which no limit is for, and returns the solve with a limit and a clock.</param>
internal sealed record LimitCase(string Name, Func<Func<TimeSpan, TimeProvider, (SolverStatus Status, int Iterations)>> Prepare);
