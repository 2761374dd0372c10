namespace LayerPeeled.Solver.Analysis;

/// <summary>How far a sweep is.</summary>
/// <param name="Done">Points in completed chunks, those from the store included.</param>
/// <param name="Total">All points, those of the shard where there is one.</param>
/// <param name="Restored">Points that came from the store.</param>
public readonly record struct SweepProgress(int Done, int Total, int Restored);
