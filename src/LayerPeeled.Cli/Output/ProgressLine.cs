using System.Globalization;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Output;

/// <summary>
/// One line on standard error that follows a long solve, redrawn a few times a second. Called on the solving thread, and silent where nobody
/// watches.
/// </summary>
internal sealed class ProgressLine(Terminal terminal, TimeProvider clock) : IProgress<IterationReport>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly long start = clock.GetTimestamp();
    private TimeSpan next = Patience;
    private int shown;

    public void Report(IterationReport value)
    {
        TimeSpan elapsed = clock.GetElapsedTime(start);
        if (!terminal.ErrorIsInteractive || elapsed < next)
        {
            return;
        }

        next = elapsed + Interval;
        string gap = double.IsNaN(value.RelativeGap) ? "none yet" : value.RelativeGap.ToString("0.0e+0", CultureInfo.InvariantCulture);
        Draw(string.Create(CultureInfo.InvariantCulture,
            $"{value.Method}  iteration {value.Iteration}  objective {value.Objective:g8}  gap {gap}  {elapsed.TotalSeconds:f0} s"));
    }

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        if (shown > 0)
        {
            Draw("");
            terminal.Error.Write('\r');
            terminal.Error.Flush();
        }
    }

    private void Draw(string text)
    {
        terminal.Error.Write('\r' + text.PadRight(shown));
        terminal.Error.Flush();
        shown = text.Length;
    }
}
