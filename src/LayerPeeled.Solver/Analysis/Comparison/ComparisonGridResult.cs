namespace LayerPeeled.Solver.Analysis.Comparison;

/// <summary>What a <see cref="ComparisonGrid"/> has found: all of it, or the completed points of one that was cancelled, or of a shard.</summary>
public sealed class ComparisonGridResult
{
    private readonly ComparedMember?[,] points;

    internal ComparisonGridResult(ComparedMember?[,] points, SweepProgress progress) => (this.points, Progress) = (points, progress);

    /// <summary>How many points are done, of how many.</summary>
    public SweepProgress Progress { get; }

    /// <summary>A point; null where it was not reached.</summary>
    /// <param name="model">Index into <see cref="ComparisonGrid.Models"/>.</param>
    /// <param name="ratio">Index into <see cref="ComparisonGrid.Ratios"/>.</param>
    public ComparedMember? this[int model, int ratio] => points[model, ratio];
}
