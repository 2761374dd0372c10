using System.Globalization;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Output.Sweeps;

/// <summary>The line that follows a long sweep, with the time that is left at the pace so far. Reports never overlap.</summary>
internal sealed class SweepProgressLine(Terminal terminal, TimeProvider clock) : IProgress<SweepProgress>, IDisposable
{
    private readonly RedrawnLine line = new(terminal, clock);

    public void Report(SweepProgress value) => line.Update(elapsed =>
    {
        // Points from the store took no time.
        int computed = value.Done - value.Restored;
        string left = computed == 0 ? "" : $", about {Duration(elapsed * ((double)(value.Total - value.Done) / computed))} left";
        return string.Create(CultureInfo.InvariantCulture,
            $"{value.Done} of {value.Total} points ({100.0 * value.Done / value.Total:f0} %)  {Duration(elapsed)}{left}");
    });

    /// <summary>Clears the line.</summary>
    public void Dispose() => line.Dispose();

    private static string Duration(TimeSpan time) =>
        time.TotalSeconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):f0} s")
        : time.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:00} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalHours):f0} h {time.Minutes:00} min");
}
