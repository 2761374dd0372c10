using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers;

/// <summary>What the loop leaves behind.</summary>
internal sealed record IterationOutcome(
    SolverStatus Status, GroupedFactors Point, DualityCertificate Certificate, int Iterations, TimeSpan Elapsed, IReadOnlyList<IterationReport> Trace);
