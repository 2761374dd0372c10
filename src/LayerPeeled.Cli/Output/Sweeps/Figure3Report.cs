using System.Globalization;
using LayerPeeled.Cli.Output.Threshold;
using LayerPeeled.Cli.Plotting;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Output.Sweeps;

/// <summary>Curves of the cosine between minority classifiers over R: a panel a feature budget, a curve a majority size.</summary>
internal sealed class Figure3Report : ISweepReport
{
    private const double DecadeSlack = 1e-9;
    private readonly (StepImbalance Setting, MinorityCollapseThreshold Threshold, StepImbalancePoint?[] Points)[] curves;
    private readonly StepImbalancePoint[] done;
    private readonly double[] ratios;

    public Figure3Report(ParameterSweep sweep, SweepResult result)
    {
        Progress = result.Progress;
        NotCertified = SweepPoints.NotCertified(result.Points);
        ratios = sweep.Lines[0].Select(setting => setting.Ratio).ToArray();
        curves = sweep.Lines.Zip(result.Lines, (line, points) => (
            line[0],
            MinorityCollapseThreshold.At(line[0].MajorityClasses, line[0].MinorityClasses, line[0].ClassifierBudget * line[0].FeatureBudget),
            points.ToArray())).ToArray();
        done = result.Points.ToArray();
    }

    public SweepProgress Progress { get; }

    public int NotCertified { get; }

    private int ClassCount => curves[0].Setting.MajorityClasses + curves[0].Setting.MinorityClasses;

    public void Write(Sheet sheet)
    {
        sheet.Line($"Cosine between minority classifiers: K = {ClassCount}, E_W = {Sheet.Short(curves[0].Setting.ClassifierBudget)}");
        double[] shown = ratios.Where(ratio => Math.Abs(Math.Log10(ratio) - Math.Round(Math.Log10(ratio))) < DecadeSlack).Take(8).ToArray();
        sheet.Table(
            ["E_H", "K_A", "K_B", "R_0", .. shown.Select(ratio => "R = " + Sheet.Short(ratio))],
            curves.Select(curve => (string[])
            [
                Sheet.Short(curve.Setting.FeatureBudget), CsvText.Number(curve.Setting.MajorityClasses), CsvText.Number(curve.Setting.MinorityClasses),
                ThresholdText.Of(curve.Threshold),
                .. shown.Select(ratio => Sheet.Short(curve.Points[Array.IndexOf(ratios, ratio)]?.Classifier.MinorityCosine ?? double.NaN)),
            ]),
            names: 3);
        sheet.Line("From R_0 on the minority classifiers coincide; – where they have vanished, too.");
        SweepPoints.WriteRemarks(sheet, this);
    }

    public string ToJson() => JsonText.Object(json =>
    {
        SweepPoints.WriteProgress(json, "figure3", this);
        json.WriteNumber("classCount", ClassCount);
        json.WriteNumber("classifierBudget", curves[0].Setting.ClassifierBudget);
        json.WriteStartArray("curves");
        foreach ((StepImbalance setting, MinorityCollapseThreshold threshold, StepImbalancePoint?[] points) in curves)
        {
            json.WriteStartObject();
            json.WriteNumber("featureBudget", setting.FeatureBudget);
            json.WriteNumber("majorityClasses", setting.MajorityClasses);
            json.WriteNumber("minorityClasses", setting.MinorityClasses);
            SweepPoints.WriteThreshold(json, threshold);
            SweepPoints.Write(json, "points", points.OfType<StepImbalancePoint>());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public string ToCsv() => SweepPoints.ToCsv(done);

    public string ToSvg()
    {
        double floor = -1.0 / (ClassCount - 1);
        var x = new Axis(PlotText.Ratio, AxisScale.Logarithmic, 0, Math.Log10(ratios[^1]));
        Axis y = CosineAxis.Of(
            "cosine between minority classifiers", done.Select(point => point.Classifier.MinorityCosine).Append(floor));
        var reference = new ReferenceLine($"−1/(*K* − 1) = −1/{ClassCount - 1}", floor, IsVertical: false);
        LinePanel[] panels = curves.GroupBy(curve => curve.Setting.FeatureBudget).Select(panel => new LinePanel(
            $"*E*_{{W}} = {PlotText.Number(panel.First().Setting.ClassifierBudget)}, *E*_{{H}} = {PlotText.Number(panel.Key)}", x, y,
            panel.Select(curve => new Series(
                $"*K*_{{A}} = {CsvText.Number(curve.Setting.MajorityClasses)}",
                RatioCurve.Of(ratios, curve.Points, point => point.Classifier.MinorityCosine, (curve.Threshold.Ratio, 1)))).ToArray(),
            [reference])).ToArray();
        return LineFigure.Draw(
            string.Create(CultureInfo.InvariantCulture, $"Cosine between minority classifiers over the imbalance ratio, {ClassCount} classes"), panels,
            done.Any(point => double.IsNaN(point.Classifier.MinorityCosine)) ? PlotText.VanishingNote : null);
    }
}
