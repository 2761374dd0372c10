namespace LayerPeeled.Solver.Solvers;

/// <summary>The token and the deadline of a solve, for the loop and for inner searches.</summary>
internal readonly struct IterationControl
{
    private readonly TimeProvider clock;
    private readonly long start;
    private readonly TimeSpan? limit;

    public IterationControl(SolverOptions options, CancellationToken token)
        : this(options.Clock, options.TimeLimit, token)
    {
    }

    public IterationControl(TimeProvider clock, TimeSpan? limit, CancellationToken token)
    {
        (this.clock, this.limit, Token) = (clock, limit, token);
        start = clock.GetTimestamp();
    }

    public CancellationToken Token { get; }

    public TimeSpan Elapsed => clock.GetElapsedTime(start);

    public bool TimeIsUp => limit is { } time && Elapsed >= time;

    /// <summary>What is left of the time limit, at least a tick; null without one.</summary>
    public TimeSpan? Remaining => limit is { } time ? TimeSpan.FromTicks(Math.Max(1, (time - Elapsed).Ticks)) : null;

    public bool ShouldStop => Token.IsCancellationRequested || TimeIsUp;
}
