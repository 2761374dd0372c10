using LayerPeeled.Solver.Analysis.Metrics;

namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>Angles inside a group of equal classes at one point of a trajectory.</summary>
/// <param name="ClassifierCosines">Over the pairs of classifiers of the group; undefined for one class or where one vanishes.</param>
/// <param name="MeanCosines">Over the pairs of class means of the group, measured from the origin.</param>
public readonly record struct TrajectoryGroup(SummaryStatistics ClassifierCosines, SummaryStatistics MeanCosines);
