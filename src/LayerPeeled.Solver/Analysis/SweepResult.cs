namespace LayerPeeled.Solver.Analysis;

/// <summary>What a sweep has found: all of it, or the completed chunks of one that was cancelled.</summary>
public sealed class SweepResult
{
    internal SweepResult(IReadOnlyList<IReadOnlyList<StepImbalancePoint?>> lines, SweepProgress progress)
    {
        Lines = lines;
        Progress = progress;
    }

    /// <summary>The points, line by line in the order of the sweep; null where a point was not reached.</summary>
    public IReadOnlyList<IReadOnlyList<StepImbalancePoint?>> Lines { get; }

    /// <summary>How many points are done, of how many.</summary>
    public SweepProgress Progress { get; }

    /// <summary>Whether every point is done; of a shard, every point of the shard.</summary>
    public bool IsComplete => Progress.Done == Progress.Total;

    /// <summary>The points that are done.</summary>
    public IEnumerable<StepImbalancePoint> Points => Lines.SelectMany(line => line).OfType<StepImbalancePoint>();
}
