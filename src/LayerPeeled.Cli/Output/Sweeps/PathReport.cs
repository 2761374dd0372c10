using System.Globalization;
using LayerPeeled.Cli.Output.Threshold;
using LayerPeeled.Cli.Plotting;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Output.Sweeps;

/// <summary>Norms and cosines of two groups along R.</summary>
internal sealed class PathReport : ISweepReport
{
    private const int LongTable = 25;
    private const double Air = 1.06;
    private readonly StepImbalance first;
    private readonly StepImbalancePoint?[] slots;
    private readonly StepImbalancePoint[] points;
    private readonly double[] ratios;
    private readonly MinorityCollapseThreshold? threshold;

    /// <summary>A report.</summary>
    /// <param name="sweep">The line of settings.</param>
    /// <param name="result">What became of it.</param>
    public PathReport(IReadOnlyList<StepImbalance> sweep, SweepResult result)
    {
        Progress = result.Progress;
        first = sweep[0];
        ratios = sweep.Select(setting => setting.Ratio).ToArray();
        slots = result.Lines[0].ToArray();
        points = result.Points.ToArray();
        NotCertified = SweepPoints.NotCertified(points);
        threshold = first.MinorityClasses < 2 ? null
            : MinorityCollapseThreshold.At(first.MajorityClasses, first.MinorityClasses, first.ClassifierBudget * first.FeatureBudget);
    }

    public SweepProgress Progress { get; }

    public int NotCertified { get; }

    public void Write(Sheet sheet)
    {
        sheet.Facts(
        [
            ("classes", $"K_A = {first.MajorityClasses}, K_B = {first.MinorityClasses}"),
            ("budgets", $"E_W = {Sheet.Short(first.ClassifierBudget)}, E_H = {Sheet.Short(first.FeatureBudget)}"),
            ("threshold R_0", threshold is null ? "none: a single minority class has none to collapse with" : ThresholdText.Of(threshold)),
        ]);
        int[] shown = Excerpt.Indices(points.Length, LongTable);
        sheet.Table(
            ["R", "objective", "‖w_A‖²", "‖w_B‖²", "cos(w_A, w_A')", "cos(w_B, w_B')", "cos(w_A, w_B)", "‖h_A‖²", "‖h_B‖²", "cos(h_B, h_B')", "-collapsed"],
            shown.Select(i => points[i]).Select(point => (string[])
            [
                Sheet.Short(point.Setting.Ratio), Sheet.Short(point.Objective),
                Sheet.Short(point.Classifier.MajorityNorm2), Sheet.Short(point.Classifier.MinorityNorm2),
                Sheet.Short(point.Classifier.MajorityCosine), Sheet.Short(point.Classifier.MinorityCosine), Sheet.Short(point.Classifier.CrossCosine),
                Sheet.Short(point.Feature.MajorityNorm2), Sheet.Short(point.Feature.MinorityNorm2), Sheet.Short(point.Feature.MinorityCosine),
                point.Collapsed ? "yes" : "no",
            ]));
        if (shown.Length < points.Length)
        {
            sheet.Line($"{shown.Length} of {points.Length} points are shown; --csv and --json have all.");
        }

        SweepPoints.WriteRemarks(sheet, this);
    }

    public string ToJson() => JsonText.Object(json =>
    {
        SweepPoints.WriteProgress(json, "sweep", this);
        json.WriteNumber("majorityClasses", first.MajorityClasses);
        json.WriteNumber("minorityClasses", first.MinorityClasses);
        json.WriteNumber("classifierBudget", first.ClassifierBudget);
        json.WriteNumber("featureBudget", first.FeatureBudget);
        SweepPoints.WriteThreshold(json, threshold);
        SweepPoints.Write(json, "points", points);
    });

    public string ToCsv() => SweepPoints.ToCsv(points);

    public string ToSvg() => LineFigure.Draw(
        string.Create(CultureInfo.InvariantCulture,
            $"Cosines and norms along the imbalance ratio: {first.MajorityClasses} majority and {first.MinorityClasses} minority classes, E_W = {first.ClassifierBudget}, E_H = {first.FeatureBudget}"),
        [
            Cosines("cosines between classifiers", point => point.Classifier),
            Norms("squared norms of classifiers", "*w*", point => point.Classifier),
            Cosines("cosines between class means", point => point.Feature),
            Norms("squared norms of class means", "*h*", point => point.Feature),
        ],
        points.Any(point => double.IsNaN(point.Classifier.CrossCosine) || double.IsNaN(point.Feature.CrossCosine)) ? PlotText.VanishingNote : null);

    private LinePanel Cosines(string title, Func<StepImbalancePoint, StepImbalanceSide> side)
    {
        double floor = -1.0 / (first.MajorityClasses + first.MinorityClasses - 1);
        Series[] all =
        [
            Curve("two majority classes", point => side(point).MajorityCosine),
            new("two minority classes", RatioCurve.Of(ratios, slots, point => side(point).MinorityCosine, threshold is null ? null : (threshold.Ratio, 1))),
            Curve("one of each", point => side(point).CrossCosine),
        ];
        Series[] series = all.Where(s => s.Points.Any(point => double.IsFinite(point.Y))).ToArray();
        return new LinePanel(
            title, AxisX(), CosineAxis.Of("cosine", series.SelectMany(s => s.Points).Select(point => point.Y).Append(floor)), series,
            [new ReferenceLine("−1/(*K* − 1)", floor, IsVertical: false), .. ThresholdLine()]);
    }

    private LinePanel Norms(string title, string symbol, Func<StepImbalancePoint, StepImbalanceSide> side)
    {
        Series[] series =
        [
            Curve($"‖{symbol}_{{A}}‖², majority", point => side(point).MajorityNorm2),
            Curve($"‖{symbol}_{{B}}‖², minority", point => side(point).MinorityNorm2),
        ];
        double largest = series.SelectMany(s => s.Points).Select(point => point.Y).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        return new LinePanel(title, AxisX(), new Axis("squared norm", AxisScale.Linear, 0, largest * Air), series, [.. ThresholdLine()]);
    }

    private Series Curve(string name, Func<StepImbalancePoint, double> value) => new(name, RatioCurve.Of(ratios, slots, value));

    private Axis AxisX() => Axis.Around(PlotText.Ratio, AxisScale.Logarithmic, [Math.Log10(ratios[0]), Math.Log10(ratios[^1])]);

    private ReferenceLine[] ThresholdLine() => threshold is null || threshold.Ratio < ratios[0] || threshold.Ratio > ratios[^1]
        ? [] : [new ReferenceLine($"{PlotText.Threshold} = {PlotText.ThresholdValue(threshold)}", Math.Log10(threshold.Ratio), IsVertical: true)];
}
