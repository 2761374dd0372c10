using System.Globalization;
using LayerPeeled.Cli.Output.Threshold;
using LayerPeeled.Cli.Plotting;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Output.Sweeps;

/// <summary>The cosine between minority classifiers over R and E_W·E_H, with the threshold between the two phases.</summary>
internal sealed class CosinePhaseReport : ISweepReport
{
    private const int MostRows = 21;
    private const int MostColumns = 9;
    private const int ThresholdPoints = 400;
    private readonly int majority, minority;
    private readonly PhaseDiagram diagram;

    public CosinePhaseReport(int majority, int minority, PhaseDiagram diagram)
    {
        (this.majority, this.minority, this.diagram) = (majority, minority, diagram);
        NotCertified = SweepPoints.NotCertified(Points());
    }

    public SweepProgress Progress => diagram.Progress;

    public int NotCertified { get; }

    public void Write(Sheet sheet)
    {
        int[] rows = Excerpt.Indices(diagram.BudgetProducts.Count, MostRows), columns = Excerpt.Indices(diagram.Ratios.Count, MostColumns);
        sheet.Line($"Cosine between minority classifiers: K_A = {majority}, K_B = {minority}");
        sheet.Table(
            ["E_W·E_H", "R_0", .. columns.Select(column => "R = " + Sheet.Short(diagram.Ratios[column]))],
            rows.Select(row => (string[])
            [
                Sheet.Short(diagram.BudgetProducts[row]), ThresholdText.Of(diagram.Thresholds[row]),
                .. columns.Select(column => Sheet.Short(diagram.MinorityCosine(row, column))),
            ]));
        if (rows.Length < diagram.BudgetProducts.Count || columns.Length < diagram.Ratios.Count)
        {
            sheet.Line($"{rows.Length * columns.Length} of {Progress.Total} points are shown; --csv and --json have all.");
        }

        sheet.Line("From R_0 on the minority classifiers coincide; – where they have vanished, too.");
        SweepPoints.WriteRemarks(sheet, this);
    }

    public string ToJson() => JsonText.Object(json =>
    {
        SweepPoints.WriteProgress(json, "phase", this);
        json.WriteString("quantity", "cosine");
        json.WriteNumber("majorityClasses", majority);
        json.WriteNumber("minorityClasses", minority);
        json.WriteStartArray("rows");
        for (int row = 0; row < diagram.BudgetProducts.Count; row++)
        {
            json.WriteStartObject();
            json.WriteNumber("budgetProduct", diagram.BudgetProducts[row]);
            SweepPoints.WriteThreshold(json, diagram.Thresholds[row]);
            SweepPoints.Write(json, "points", Row(row));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public string ToCsv() => SweepPoints.ToCsv(Points());

    public string ToSvg()
    {
        double[] budgets = diagram.BudgetProducts.Select(Math.Log10).ToArray();
        double least = Math.Min(-1.0 / (majority + minority - 1), Points().Select(point => point.Classifier.MinorityCosine).Where(double.IsFinite).DefaultIfEmpty(0).Min());
        double half = (budgets[1] - budgets[0]) / 2, span = budgets[^1] - budgets[0] + (2 * half);
        // The threshold needs no grid.
        (double, double)[] boundary = Enumerable.Range(0, ThresholdPoints + 1).Select(i => budgets[0] - half + (span * i / ThresholdPoints))
            .Where(y => Math.Pow(10, y) is > 0 and < double.PositiveInfinity).Select(y => (MinorityCollapseThreshold.At(majority, minority, Math.Pow(10, y)).LogRatio / Math.Log(10), y)).ToArray();
        return new HeatMap(
            $"*K*_{{A}} = {majority}, *K*_{{B}} = {minority}",
            PlotText.Ratio, AxisScale.Logarithmic, diagram.Ratios.Select(Math.Log10).ToArray(),
            PlotText.BudgetProduct, AxisScale.Logarithmic, budgets,
            diagram.MinorityCosine, new Axis("cosine between minority classifiers", AxisScale.Linear, least, 1),
            diagram.IsComplete ? "classifiers vanish: no cosine" : "classifiers vanish, or not computed",
            new Series("threshold " + PlotText.Threshold, boundary)).Draw(
                string.Create(CultureInfo.InvariantCulture, $"Cosine between minority classifiers over imbalance ratio and budgets: {majority} majority and {minority} minority classes"));
    }

    private IEnumerable<StepImbalancePoint> Row(int row) =>
        Enumerable.Range(0, diagram.Ratios.Count).Select(column => diagram[row, column]).OfType<StepImbalancePoint>();

    private IEnumerable<StepImbalancePoint> Points() => Enumerable.Range(0, diagram.BudgetProducts.Count).SelectMany(Row);
}
