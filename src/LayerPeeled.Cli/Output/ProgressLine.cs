using System.Globalization;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Output;

/// <summary>The line that follows a long solve. Called on the solving thread.</summary>
internal sealed class ProgressLine(Terminal terminal, TimeProvider clock) : IProgress<IterationReport>, IDisposable
{
    private readonly RedrawnLine line = new(terminal, clock);

    public void Report(IterationReport value) => line.Update(elapsed =>
    {
        string gap = double.IsNaN(value.RelativeGap) ? "none yet" : value.RelativeGap.ToString("0.0e+0", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture,
            $"{value.Method}  iteration {value.Iteration}  objective {(value.Objective == 0 ? Sheet.Exact(0, value.Log10Objective) : value.Objective.ToString("g8", CultureInfo.InvariantCulture))}  gap {gap}  {elapsed.TotalSeconds:f0} s");
    });

    /// <summary>Clears the line.</summary>
    public void Dispose() => line.Dispose();
}
