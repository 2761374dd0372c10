namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>A point x̂ without columns that were dying.</summary>
/// <param name="Point">x̂, of the given rank.</param>
/// <param name="Rank">Columns: fewer than there were if many of them went, else as many.</param>
/// <param name="Removed">The columns that went, of the classifiers and then of the features, as they stood in x̂.</param>
internal sealed record ShedPoint(double[] Point, int Rank, double[] Removed);
