namespace LayerPeeled.Solver.Tests.Support;

/// <summary>A clock that stands still until it is moved on.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long seconds;

    public override long TimestampFrequency => 1;

    public override long GetTimestamp() => seconds;

    public void Advance(long time) => seconds += time;
}
