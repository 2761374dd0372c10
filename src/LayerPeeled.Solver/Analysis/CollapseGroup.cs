using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Analysis;

/// <summary>A group of equal classes against the critical class size.</summary>
/// <param name="Group">The group: its number of classes, their count and loss weight.</param>
/// <param name="RelativeSize">Effective count over critical class size, n_g·w_g/n*.</param>
/// <param name="Collapsed">Whether it is at or below: its classes share one classifier (on its own, a class shares the directions that are left).</param>
public readonly record struct CollapseGroup(ClassGroup Group, double RelativeSize, bool Collapsed);
