using LayerPeeled.Data.Numpy;
using LayerPeeled.Solver.Solvers.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data.Targets;

/// <summary>Solutions of soft targets as NumPy archives (docs/formats.md).</summary>
public static class TargetSolutionNpz
{
    /// <summary>Writes <c>classifier</c>, V×q, and <c>contexts</c>, m×q, of the q columns that the solution uses. The stream stays open.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="solution">The solution of V tokens and m contexts.</param>
    public static void Write(Stream stream, SoftTargetSolution solution)
    {
        ArgumentNullException.ThrowIfNull(solution);
        Matrix<double> w = solution.Classifier, h = solution.Features;
        int rank = Math.Max(1, solution.Rank);
        using var archive = new NpzWriter(stream);
        archive.Add("classifier", w.SubMatrix(0, w.RowCount, 0, rank));
        archive.Add("contexts", h.SubMatrix(0, rank, 0, h.ColumnCount).Transpose());
    }
}
