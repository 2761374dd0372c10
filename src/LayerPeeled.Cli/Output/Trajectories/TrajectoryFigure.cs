using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Cli.Plotting;
using LayerPeeled.Solver.Analysis.Dynamics;

namespace LayerPeeled.Cli.Output.Trajectories;

/// <summary>A trajectory over the number of steps: loss, distance from where it leads, neural collapse, and cosines.</summary>
internal static class TrajectoryFigure
{
    // Numbers below are roundoff.
    private const double Floor = 1e-16;
    private const int MostGroups = 4;

    public static string Draw(string classes, TrajectoryModel model, TrajectoryTarget? target, Trajectory trajectory, int groups)
    {
        bool isFree = model == TrajectoryModel.Free;
        TrajectoryRecord[] records = trajectory.Records.Where(record => record.Step > 0).ToArray();
        LinePanel[] panels =
        [
            isFree
                ? Logarithmic("loss", "loss", records, [Curve(records, "loss", record => record.LogObjective / Math.Log(10))])
                : Logarithmic("objective and duality gap", "value", records,
                    [Curve(records, "objective", record => record.LogObjective / Math.Log(10)), Decades(records, "relative gap", record => record.RelativeGap)]),
            .. target is null ? [] : new[] { Distances(records, target) },
            Logarithmic("neural collapse", "deviation", records,
            [
                Decades(records, "NC1, variability", record => record.Variability), Decades(records, "NC2, classifiers", record => record.ClassifierFrameDeviation),
                Decades(records, "NC2, class means", record => record.MeanFrameDeviation), Decades(records, "NC3, duality", record => record.DualityDistance),
            ]),
            Cosines(records, groups),
        ];
        return LineFigure.Draw($"Training step by step, {(isFree ? "unconstrained" : "within budgets")}: {classes}", panels);
    }

    private static LinePanel Distances(TrajectoryRecord[] records, TrajectoryTarget target)
    {
        var series = new List<Series>
        {
            Decades(records, "classifiers", record => record.ClassifierDistance),
            Decades(records, "class means", record => record.MeanDistance),
        };
        bool hasMargin = !double.IsNaN(target.NormalisedMargin);
        if (hasMargin)
        {
            series.Add(Decades(records, "margin, what is missing", record => 1 - (record.NormalisedMargin / target.NormalisedMargin)));
        }

        return Logarithmic(hasMargin ? "distance from the largest margin" : "distance from the optimum", "distance", records, series);
    }

    private static LinePanel Cosines(TrajectoryRecord[] records, int groups)
    {
        Series[] series = groups is 1 or > MostGroups
            ?
            [
                Curve(records, "smallest", record => record.ClassifierCosines.Minimum), Curve(records, "mean", record => record.ClassifierCosines.Mean),
                Curve(records, "largest", record => record.ClassifierCosines.Maximum),
            ]
            : Enumerable.Range(0, groups).Select(g => Curve(records, $"mean in group {CsvText.Number(g + 1)}", record => record.Groups[g].ClassifierCosines.Mean))
                .Where(curve => curve.Points.Any(point => double.IsFinite(point.Y))).ToArray();
        return new LinePanel("cosines between classifiers", Steps(records), CosineAxis.Of("cosine", series.SelectMany(s => s.Points).Select(point => point.Y)), series, []);
    }

    private static LinePanel Logarithmic(string title, string axis, TrajectoryRecord[] records, IReadOnlyList<Series> series) =>
        new(title, Steps(records), Axis.Around(axis, AxisScale.Logarithmic, series.SelectMany(s => s.Points).Select(point => point.Y)), series, []);

    private static Axis Steps(TrajectoryRecord[] records) => Axis.Around("step", AxisScale.Logarithmic, records.Select(record => Math.Log10(record.Step)));

    private static Series Decades(TrajectoryRecord[] records, string name, Func<TrajectoryRecord, double> value) =>
        Curve(records, name, record => value(record) is > Floor and var positive ? Math.Log10(positive) : double.NaN);

    private static Series Curve(TrajectoryRecord[] records, string name, Func<TrajectoryRecord, double> value) =>
        new(name, records.Select(record => (Math.Log10(record.Step), value(record))).ToArray());
}
