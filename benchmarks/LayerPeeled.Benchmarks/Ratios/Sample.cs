using System.Diagnostics;

namespace LayerPeeled.Benchmarks.Ratios;

/// <summary>Timing in one process: warm-up by time, since tiered compilation makes the first second slow, and medians.</summary>
internal static class Sample
{
    private const double WarmUpSeconds = 1;

    /// <summary>Runs the action until a second has passed (at least twice).</summary>
    public static void WarmUp(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        do
        {
            action();
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds);
    }

    /// <summary>Seconds that one call takes, averaged over a batch of at least <paramref name="least"/> seconds.</summary>
    public static double Seconds(Action action, double least = 0)
    {
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        double elapsed;
        do
        {
            action();
            calls++;
            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < least);
        return elapsed / calls;
    }

    public static double Median(IReadOnlyCollection<double> values)
    {
        double[] sorted = values.Order().ToArray();
        int half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
