namespace LayerPeeled.Solver.Analysis;

/// <summary>How far a sweep is.</summary>
/// <param name="Done">Points in completed chunks, those from the store included.</param>
/// <param name="Total">All points.</param>
/// <param name="Restored">Points that came from the store.</param>
public readonly record struct SweepProgress(int Done, int Total, int Restored);
