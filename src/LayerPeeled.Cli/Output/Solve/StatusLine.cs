using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Output.Solve;

/// <summary>How a solve ended, in one line.</summary>
internal static class StatusLine
{
    /// <summary>The line.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="gap">What is known of the gap, in words.</param>
    public static string Of(SolverStatus status, string gap) => status switch
    {
        SolverStatus.Optimal => $"Optimal: the global optimum, certified ({gap})",
        SolverStatus.Stationary => $"Stationary: a stationary point whose certificate did not close ({gap})",
        SolverStatus.IterationLimit => $"IterationLimit: the iteration limit came before the certificate closed ({gap})",
        SolverStatus.TimeLimit => $"TimeLimit: the time limit came before the certificate closed ({gap})",
        SolverStatus.MemoryLimit => $"MemoryLimit: the memory budget was reached before the certificate closed ({gap}); see --memory",
        SolverStatus.Stalled => $"Stalled: no further progress in double precision, and the certificate did not close ({gap})",
        SolverStatus.Cancelled => $"Cancelled: the best point so far ({gap})",
        _ => $"{status}: the last good point ({gap})",
    };
}
