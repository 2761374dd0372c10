using System.Globalization;
using LayerPeeled.Solver.Analysis.Dynamics;

namespace LayerPeeled.Cli.Output.Trajectories;

/// <summary>The line that follows a long run, drawn at its records.</summary>
internal sealed class TrajectoryProgressLine(Terminal terminal, TimeProvider clock) : IProgress<TrajectoryRecord>, IDisposable
{
    private readonly RedrawnLine line = new(terminal, clock);

    public void Report(TrajectoryRecord value) => line.Update(elapsed => string.Create(
        CultureInfo.InvariantCulture, $"step {value.Step}  log loss {value.LogObjective:g6}  margin {value.Margin:g4}  {elapsed.TotalSeconds:f0} s"));

    /// <summary>Clears the line.</summary>
    public void Dispose() => line.Dispose();
}
