using LayerPeeled.Solver.Analysis.Dynamics;
using LayerPeeled.Solver.Analysis.Metrics;

namespace LayerPeeled.Cli.Output.Trajectories;

/// <summary>The numbers of a record under the names of the columns of a file; docs/how-to-trajectories.md says what each is.</summary>
internal static class TrajectoryColumns
{
    // With more groups a table of their cosines would be wider than anybody can use.
    private const int MostGroups = 8;

    private static readonly (string Name, Func<TrajectoryRecord, double> Value)[] Common =
    [
        ("log_time", record => record.LogTime), ("loss_time", record => record.LossTime),
        ("objective", record => record.Objective), ("log_objective", record => record.LogObjective),
        ("w_norm2", record => record.ClassifierNorm2), ("h_norm2", record => record.FeatureNorm2),
        ("margin", record => record.Margin), ("normalised_margin", record => record.NormalisedMargin), ("imbalance", record => record.Imbalance),
        ("nc1", record => record.Variability), ("nc2_w", record => record.ClassifierFrameDeviation), ("nc2_h", record => record.MeanFrameDeviation),
        ("nc3", record => record.DualityDistance), ("etf_deviation", record => record.EtfDeviation),
        ("w_distance", record => record.ClassifierDistance), ("h_distance", record => record.MeanDistance),
        ("relative_gap", record => record.RelativeGap), ("stationarity", record => record.Stationarity),
        .. Cosines("w_cosine", "", record => record.ClassifierCosines), .. Cosines("h_cosine", "", record => record.MeanCosines),
    ];

    /// <summary>The columns behind that of the step.</summary>
    /// <param name="groups">How many groups of equal classes there are.</param>
    public static (string Name, Func<TrajectoryRecord, double> Value)[] Of(int groups) =>
    [
        .. Common,
        .. Enumerable.Range(0, groups is 1 or > MostGroups ? 0 : groups).SelectMany(g => Cosines("w_cosine", $"_{g + 1}", record => record.Groups[g].ClassifierCosines)
            .Concat(Cosines("h_cosine", $"_{g + 1}", record => record.Groups[g].MeanCosines))),
    ];

    private static IEnumerable<(string Name, Func<TrajectoryRecord, double> Value)> Cosines(
        string name, string group, Func<TrajectoryRecord, SummaryStatistics> of) =>
        [($"{name}_min{group}", record => of(record).Minimum), ($"{name}_mean{group}", record => of(record).Mean), ($"{name}_max{group}", record => of(record).Maximum)];
}
