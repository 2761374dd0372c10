using LayerPeeled.Cli.Output;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Tests.Output;

public sealed class ProgressLineTests : IDisposable
{
    private readonly StringWriter error = new();

    public void Dispose() => error.Dispose();

    [Fact]
    public void Report_FirstSecond_IsSilent()
    {
        using var line = new ProgressLine(Watched(true), new Clock(TimeSpan.FromMilliseconds(1)));
        line.Report(Report(1));
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public void Report_LongSolve_IsRateLimitedAndClearedAtTheEnd()
    {
        var line = new ProgressLine(Watched(true), new Clock(TimeSpan.FromMilliseconds(50)));
        for (int i = 1; i <= 100; i++)
        {
            line.Report(Report(i));
        }

        // 5 s at one line in 200 ms, the first second silent.
        int drawn = error.ToString().Count(c => c == '\r');
        Assert.InRange(drawn, 15, 22);
        Assert.Contains("iteration 20 ", error.ToString(), StringComparison.Ordinal);
        line.Dispose();
        Assert.EndsWith(" \r", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_NobodyWatches_IsSilent()
    {
        using (var line = new ProgressLine(Watched(false), new Clock(TimeSpan.FromSeconds(10))))
        {
            line.Report(Report(1));
        }

        Assert.Equal("", error.ToString());
    }

    [Fact]
    public void Report_NarrowTerminal_ShowsTheFieldsThatItHasRoomFor()
    {
        using var line = new ProgressLine(Watched(true, width: 30), new Clock(TimeSpan.FromSeconds(10)));
        line.Report(Report(7));
        Assert.Equal("\rreduced  iteration 7", error.ToString());
    }

    private static IterationReport Report(int iteration) => new("reduced", iteration, 0.5, 1e-3, double.NaN, TimeSpan.Zero);

    private Terminal Watched(bool interactive, int? width = null) =>
        new() { Output = TextWriter.Null, Error = error, OpenInput = () => Stream.Null, ErrorIsInteractive = interactive, ErrorWidth = width };

    /// <summary>A clock that moves on by one step each time it is read.</summary>
    private sealed class Clock(TimeSpan step) : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (now += step.Ticks) - step.Ticks;
    }
}
