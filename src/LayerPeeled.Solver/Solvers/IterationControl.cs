namespace LayerPeeled.Solver.Solvers;

/// <summary>The token and the deadline of a solve, for the loop and for inner searches.</summary>
internal readonly struct IterationControl
{
    private readonly TimeProvider clock;
    private readonly long start;
    private readonly TimeSpan? limit;

    public IterationControl(SolverOptions options, CancellationToken token)
    {
        (clock, limit, Token) = (options.Clock, options.TimeLimit, token);
        start = clock.GetTimestamp();
    }

    public CancellationToken Token { get; }

    public TimeSpan Elapsed => clock.GetElapsedTime(start);

    public bool TimeIsUp => limit is { } time && Elapsed >= time;

    /// <summary>What is left of the time limit, at least a tick; null without one.</summary>
    public TimeSpan? Remaining => limit is { } time ? TimeSpan.FromTicks(Math.Max(1, (time - Elapsed).Ticks)) : null;

    public bool ShouldStop => Token.IsCancellationRequested || TimeIsUp;
}
