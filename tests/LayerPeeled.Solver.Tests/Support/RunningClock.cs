namespace LayerPeeled.Solver.Tests.Support;

/// <summary>A clock that is a second further each time it is read.</summary>
internal sealed class RunningClock : TimeProvider
{
    private long seconds;

    public override long TimestampFrequency => 1;

    public override long GetTimestamp() => seconds++;
}
