namespace LayerPeeled.Solver.Analysis.Metrics;

internal static class ClassGrouping
{
    /// <summary>Classes of each group: by equal counts, largest first, or as given, in ascending order of the group numbers.</summary>
    public static int[][] Of(FeatureStatistics statistics, IReadOnlyList<int>? groups)
    {
        if (groups is not null && groups.Count != statistics.ClassCount)
        {
            throw new ArgumentException($"The groups name {groups.Count} classes, there are {statistics.ClassCount}.", nameof(groups));
        }

        return Enumerable.Range(0, statistics.ClassCount)
            .GroupBy(k => groups is null ? -statistics.Counts[k] : groups[k])
            .OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray();
    }
}
