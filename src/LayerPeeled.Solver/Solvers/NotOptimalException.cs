namespace LayerPeeled.Solver.Solvers;

/// <summary>Thrown by <see cref="LayerPeeledSolution.EnsureOptimal"/>; carries the solution that fell short.</summary>
public sealed class NotOptimalException : InvalidOperationException
{
    /// <summary>An exception for a solution that is not proven optimal.</summary>
    /// <param name="solution">The solution.</param>
    public NotOptimalException(LayerPeeledSolution solution)
        : base($"The solution is not proven optimal: status {solution?.Status}, relative gap {solution?.Certificate.RelativeGap:g3}, tolerance {solution?.RelativeGapTolerance:g3}.")
    {
        ArgumentNullException.ThrowIfNull(solution);
        Solution = solution;
    }

    /// <summary>The best point that was found.</summary>
    public LayerPeeledSolution Solution { get; }
}
