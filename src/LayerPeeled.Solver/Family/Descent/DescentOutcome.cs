using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Family.Descent;

/// <summary>How a descent ended, and its last point.</summary>
/// <param name="Point">The point.</param>
/// <param name="Value">Its objective.</param>
/// <param name="Stationarity">The norm of the projected gradient times that of the point, over the objective.</param>
/// <param name="Iterations">Iterations made.</param>
/// <param name="Status">Why it ended; never optimal, of which a descent knows nothing.</param>
internal sealed record DescentOutcome(double[] Point, double Value, double Stationarity, int Iterations, SolverStatus Status);
