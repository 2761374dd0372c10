using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Cli.Plotting;
using LayerPeeled.Cli.Relatives;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Analysis.Comparison;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Output.Compare;

/// <summary>Members of the family along R.</summary>
/// <param name="first">The setting of the first ratio, for the classes and budgets of all.</param>
/// <param name="grid">The grid.</param>
/// <param name="result">What became of it.</param>
internal sealed class GridReport(StepImbalance first, ComparisonGrid grid, ComparisonGridResult result) : ISweepReport
{
    private const int MostColumns = 7;
    private readonly IReadOnlyList<double> ratios = grid.Ratios;

    public SweepProgress Progress => result.Progress;

    public int NotCertified => Points().Count(point => point.Member.Status != SolverStatus.Optimal);

    public void Write(Sheet sheet)
    {
        sheet.Line($"K_A = {first.MajorityClasses}, K_B = {first.MinorityClasses}, E_W = {Sheet.Short(first.ClassifierBudget)}, E_H = {Sheet.Short(first.FeatureBudget)}");
        int[] shown = Excerpt.Indices(ratios.Count, MostColumns);
        Cosines("Cosine between minority classifiers", member => member.Classifier);
        Cosines("Cosine between minority class means", member => member.Feature);
        if (shown.Length < ratios.Count)
        {
            sheet.Line($"{shown.Length} of {ratios.Count} ratios are shown; --csv and --json have all.");
        }

        sheet.Line("1 where minority classes coincide; – where they have vanished, and where a member has no such vectors.");
        foreach (IGrouping<string, (int Model, int Ratio, ComparedMember Member)> refused in Points().Where(point => point.Member.Refusal is not null)
            .GroupBy(point => $"{NameOf(point.Member)}, {point.Member.Loss}: {point.Member.Refusal}"))
        {
            sheet.Line($"{refused.Key} (R = {string.Join(", ", refused.Select(point => Sheet.Short(ratios[point.Ratio])))})");
        }

        SweepPoints.WriteRemarks(sheet, this);

        void Cosines(string title, Func<ComparedMember, ComparedSide> side)
        {
            sheet.Line();
            sheet.Line(title);
            sheet.Table(
                ["-model", "-loss", .. shown.Select(ratio => "R = " + Sheet.Short(ratios[ratio]))],
                Enumerable.Range(0, grid.Models.Count).Select(model => (string[])
                [
                    ModelCatalog.Of(grid.Models[model].Kind).Name, LossOf(model),
                    .. shown.Select(ratio => Sheet.Short(result[model, ratio] is { } member ? side(member).MinorityCosine : double.NaN)),
                ]),
                names: 2);
        }
    }

    public string ToJson() => JsonText.Object(json =>
    {
        SweepPoints.WriteProgress(json, "grid", this);
        json.WriteNumber("majorityClasses", first.MajorityClasses);
        json.WriteNumber("minorityClasses", first.MinorityClasses);
        json.WriteNumber("classifierBudget", first.ClassifierBudget);
        json.WriteNumber("featureBudget", first.FeatureBudget);
        json.WriteStartArray("points");
        foreach ((_, int ratio, ComparedMember member) in Points())
        {
            json.WriteStartObject();
            json.WriteString("model", NameOf(member));
            json.WriteString("loss", member.Loss);
            json.WriteNumber("ratio", ratios[ratio]);
            if (member.Refusal is { } refusal)
            {
                json.WriteString("refusal", refusal);
            }
            else
            {
                json.WriteString("status", member.Status.ToString());
                SweepPoints.WriteNumber(json, "objective", member.Objective);
                SweepPoints.WriteNumber(json, "relativeGap", member.RelativeGap);
                json.WriteNumber("collapsedClasses", member.CollapsedClasses);
                Side("classifier", member.Classifier);
                Side("feature", member.Feature);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();

        void Side(string name, ComparedSide side)
        {
            if (side != ComparedSide.None)
            {
                json.WriteStartObject(name);
                SweepPoints.WriteNumber(json, "normRatio", side.NormRatio);
                SweepPoints.WriteNumber(json, "majorityCosine", side.MajorityCosine);
                SweepPoints.WriteNumber(json, "minorityCosine", side.MinorityCosine);
                SweepPoints.WriteNumber(json, "crossCosine", side.CrossCosine);
                json.WriteEndObject();
            }
        }
    });

    public string ToCsv() => CsvText.Table(
        ["ratio", .. ComparisonRows.Headings],
        Points().Select(point => (IEnumerable<string>)[CsvText.Number(ratios[point.Ratio]), .. ComparisonRows.Of(point.Member)]));

    public string ToSvg() => LineFigure.Draw(
        string.Create(CultureInfo.InvariantCulture,
            $"Minority cosines of models and losses along the imbalance ratio: {first.MajorityClasses} majority and {first.MinorityClasses} minority classes, E_W = {first.ClassifierBudget}, E_H = {first.FeatureBudget}"),
        [Panel("cosine between minority classifiers", member => member.Classifier), Panel("cosine between minority class means", member => member.Feature)]);

    private LinePanel Panel(string title, Func<ComparedMember, ComparedSide> side)
    {
        double floor = -1.0 / (first.MajorityClasses + first.MinorityClasses - 1);
        Series[] series = Enumerable.Range(0, grid.Models.Count).Select(model => new Series(
            $"{ModelCatalog.Of(grid.Models[model].Kind).Name}, {LossOf(model)}",
            Enumerable.Range(0, ratios.Count).Select(ratio => (Math.Log10(ratios[ratio]), result[model, ratio] is { } member ? side(member).MinorityCosine : double.NaN)).ToArray(),
            IsPointwise: true)).Where(curve => curve.Points.Any(point => double.IsFinite(point.Y))).ToArray();
        return new LinePanel(
            title, Axis.Around(PlotText.Ratio, AxisScale.Logarithmic, [Math.Log10(ratios[0]), Math.Log10(ratios[^1])]),
            CosineAxis.Of("cosine", series.SelectMany(curve => curve.Points).Select(point => point.Y).Append(floor)), series,
            [new ReferenceLine("−1/(*K* − 1)", floor, IsVertical: false)]);
    }

    private static string NameOf(ComparedMember member) => ModelCatalog.Of(member.Kind).Name;

    private string LossOf(int model) => Enumerable.Range(0, ratios.Count).Select(ratio => result[model, ratio]?.Loss).FirstOrDefault(loss => loss is not null) ?? grid.Models[model].Loss.Name;

    private IEnumerable<(int Model, int Ratio, ComparedMember Member)> Points() =>
        from model in Enumerable.Range(0, grid.Models.Count)
        from ratio in Enumerable.Range(0, ratios.Count)
        let member = result[model, ratio]
        where member is not null
        select (model, ratio, member);
}
