namespace LayerPeeled.Solver.Solvers;

/// <summary>How a solve ended. Whatever the status, the solution holds the best feasible point that was found.</summary>
public enum SolverStatus
{
    /// <summary>The duality gap, recomputed from the raw data, is within the tolerance: a proven global optimum.</summary>
    Optimal,

    /// <summary>
    /// The point is stationary, but its certificate did not close. So it ends where p is below the rank of the relaxation's optimum: the relaxation
    /// is not tight then, its bound stays below the optimum, and the point is stationary as far as double precision can tell. So it ends for a loss that is not convex, too: the
    /// point is a local solution.
    /// </summary>
    Stationary,

    /// <summary>The iteration limit was reached first.</summary>
    IterationLimit,

    /// <summary>The time limit was reached first.</summary>
    TimeLimit,

    /// <summary>A smaller gap needs more memory than the budget: classes are merged as far as it goes, and the certificate holds for the model itself.</summary>
    MemoryLimit,

    /// <summary>No further progress is possible in double precision, and the certificate did not close.</summary>
    Stalled,

    /// <summary>The caller cancelled the solve.</summary>
    Cancelled,

    /// <summary>
    /// A number came up that is not finite, a loss too small for the method, a decomposition that did not converge, at whatever moment, or two certificates
    /// that contradict each other (<see cref="LayerPeeledSolution.Reason"/> says so); the point is the last good one.
    /// </summary>
    NumericalError,
}
