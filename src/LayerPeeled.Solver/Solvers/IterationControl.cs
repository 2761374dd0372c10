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

    private IterationControl(IterationControl whole, TimeSpan? limit) => (clock, start, this.limit, Token) = (whole.clock, whole.start, limit, whole.Token);

    public CancellationToken Token { get; }

    public TimeSpan Elapsed => clock.GetElapsedTime(start);

    public bool TimeIsUp => limit is { } time && Elapsed >= time;

    /// <summary>What is left of the time limit, at least a tick; null without one.</summary>
    public TimeSpan? Remaining => limit is { } time ? TimeSpan.FromTicks(Math.Max(1, (time - Elapsed).Ticks)) : null;

    /// <summary>The same with no more than a share of the time that is left.</summary>
    public IterationControl Within(double share) => new(this, Remaining is { } left ? Elapsed + (share * left) : null);

    /// <summary>The same with so much of the time kept for what comes after.</summary>
    public IterationControl Leaving(TimeSpan time) => new(this, limit - time);

    /// <summary>How a solve ended of several descents: as the best of them did, unless it was stopped before the last.</summary>
    public SolverStatus StatusOf(SolverStatus best, bool startsLeft) => !startsLeft ? best
        : Token.IsCancellationRequested ? SolverStatus.Cancelled
        : TimeIsUp ? SolverStatus.TimeLimit
        : best;

    public bool ShouldStop => Token.IsCancellationRequested || TimeIsUp;
}
