namespace LayerPeeled.Benchmarks.Limits;

/// <summary>A clock of the time that this process has had on processors: with one thread, the time of a machine that does nothing else.</summary>
internal sealed class ProcessorClock : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}
