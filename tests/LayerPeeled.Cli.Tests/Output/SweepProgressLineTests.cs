using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Tests.Output;

public sealed class SweepProgressLineTests : IDisposable
{
    private readonly StringWriter error = new();

    public void Dispose() => error.Dispose();

    [Fact]
    public void Report_ContinuedSweep_EstimatesFromTheComputedPointsOnly()
    {
        using var line = new SweepProgressLine(Watched(), new Clock());
        line.Report(new SweepProgress(600, 1000, 500));
        // 100 points in 90 s leave 400 for 360 s.
        Assert.Contains("600 of 1000 points (60 %)  1 min 30 s, about 6 min 00 s left", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_NothingComputedYet_MakesNoEstimate()
    {
        using var line = new SweepProgressLine(Watched(), new Clock());
        line.Report(new SweepProgress(500, 1000, 500));
        Assert.DoesNotContain("left", error.ToString(), StringComparison.Ordinal);
    }

    private Terminal Watched() => new() { Output = TextWriter.Null, Error = error, OpenInput = () => Stream.Null, ErrorIsInteractive = true };

    /// <summary>A clock that moves on by 90 s each time it is read.</summary>
    private sealed class Clock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (now += 90 * TimeSpan.TicksPerSecond) - (90 * TimeSpan.TicksPerSecond);
    }
}
