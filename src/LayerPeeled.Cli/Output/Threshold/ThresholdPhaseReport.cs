using System.Globalization;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Cli.Plotting;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Output.Threshold;

/// <summary>R_0 over K_A and E_W·E_H.</summary>
/// <param name="diagram">The thresholds.</param>
/// <param name="largest">Larger ones are not told apart by colour.</param>
internal sealed class ThresholdPhaseReport(ThresholdDiagram diagram, double largest) : ISweepReport
{
    private const int MostRows = 30;
    private const int MostColumns = 9;

    // Nothing is solved: every entry is exact.
    public SweepProgress Progress => new(diagram.MajorityClasses.Count * diagram.BudgetProducts.Count, diagram.MajorityClasses.Count * diagram.BudgetProducts.Count, 0);

    public int NotCertified => 0;

    public void Write(Sheet sheet)
    {
        int[] rows = Excerpt.Indices(diagram.MajorityClasses.Count, MostRows), columns = Excerpt.Indices(diagram.BudgetProducts.Count, MostColumns);
        sheet.Line($"Threshold R_0 of minority collapse: K = {diagram.ClassCount}, columns E_W·E_H");
        sheet.Table(
            ["K_A", "K_B", .. columns.Select(column => Sheet.Short(diagram.BudgetProducts[column]))],
            rows.Select(row => (string[])
            [
                CsvText.Number(diagram.MajorityClasses[row]), CsvText.Number(diagram.ClassCount - diagram.MajorityClasses[row]),
                .. columns.Select(column => ThresholdText.Of(diagram[row, column])),
            ]),
            names: 2);
        if (rows.Length * columns.Length < Progress.Total)
        {
            sheet.Line($"{rows.Length * columns.Length} of {Progress.Total} entries are shown; --csv and --json have all.");
        }

        sheet.Line("From R_0 on the minority classifiers coincide.");
    }

    public string ToJson() => JsonText.Object(json =>
    {
        json.WriteString("command", "phase");
        json.WriteString("quantity", "threshold");
        json.WriteNumber("classCount", diagram.ClassCount);
        json.WriteStartArray("thresholds");
        foreach (MinorityCollapseThreshold threshold in All())
        {
            json.WriteStartObject();
            json.WriteNumber("majorityClasses", threshold.MajorityClasses);
            json.WriteNumber("minorityClasses", threshold.MinorityClasses);
            json.WriteNumber("budgetProduct", threshold.BudgetProduct);
            SweepPoints.WriteThreshold(json, threshold);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public string ToCsv() => CsvText.Table(
        ["majority_classes", "minority_classes", "budget_product", "threshold", "log_threshold"],
        All().Select(threshold => (IEnumerable<string>)
        [
            CsvText.Number(threshold.MajorityClasses), CsvText.Number(threshold.MinorityClasses), CsvText.Number(threshold.BudgetProduct),
            CsvText.Number(threshold.ExceedsDoubleRange ? double.NaN : threshold.Ratio), CsvText.Number(threshold.LogRatio),
        ]));

    public string ToSvg()
    {
        double cap = Math.Log10(largest), least = All().Min(Decades), most = All().Max(Decades);
        string title = "threshold " + PlotText.Threshold + (most > cap ? $" (lightest: {PlotText.Power(largest)} and more)" : "");
        return Map(new Axis(title, AxisScale.Logarithmic, Math.Min(least, cap), Math.Min(most, cap))).Draw(
            string.Create(CultureInfo.InvariantCulture, $"Threshold of minority collapse over majority classes and budgets, {diagram.ClassCount} classes"));
    }

    private HeatMap Map(Axis colours) => new(
        $"*K* = {diagram.ClassCount}",
        "majority classes *K*_{A}", AxisScale.Whole, diagram.MajorityClasses.Select(count => (double)count).ToArray(),
        PlotText.BudgetProduct, AxisScale.Logarithmic, diagram.BudgetProducts.Select(Math.Log10).ToArray(),
        (budget, majority) => Decades(diagram[majority, budget]),
        colours, "", null);

    private static double Decades(MinorityCollapseThreshold threshold) => threshold.LogRatio / Math.Log(10);

    private IEnumerable<MinorityCollapseThreshold> All() =>
        from majority in Enumerable.Range(0, diagram.MajorityClasses.Count)
        from budget in Enumerable.Range(0, diagram.BudgetProducts.Count)
        select diagram[majority, budget];
}
