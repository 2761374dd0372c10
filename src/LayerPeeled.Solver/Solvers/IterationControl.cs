namespace LayerPeeled.Solver.Solvers;

/// <summary>The token and the deadline of a solve, for the loop and for inner searches.</summary>
internal readonly struct IterationControl
{
    private readonly TimeProvider clock;
    private readonly long start;
    private readonly TimeSpan? limit;

    public IterationControl(SolverOptions options, CancellationToken token)
    {
        clock = options.Clock;
        limit = options.TimeLimit;
        start = clock.GetTimestamp();
        Token = token;
    }

    public CancellationToken Token { get; }

    public TimeSpan Elapsed => clock.GetElapsedTime(start);

    public bool TimeIsUp => limit is { } time && Elapsed >= time;

    public bool ShouldStop => Token.IsCancellationRequested || TimeIsUp;
}
