using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Output.Etf;

/// <summary>The verdict on classifiers and class means.</summary>
internal sealed class EtfReport(ClassInput input, string? note, EtfOptimality verdict) : IReport
{
    private readonly LayerPeeledModel model = input.Model;

    private string Headline => verdict.Verdict switch
    {
        EtfVerdict.OptimalSimplexEtf => "OptimalSimplexEtf: a simplex ETF, and a certified global optimum",
        EtfVerdict.SimplexEtfNotOptimal => "SimplexEtfNotOptimal: a simplex ETF, not proven optimal for this model",
        EtfVerdict.OptimalNotSimplexEtf => "OptimalNotSimplexEtf: a certified global optimum of another geometry",
        _ => "Neither: no simplex ETF, and not proven optimal",
    };

    private IEnumerable<string> Notes => note is null ? input.Notes : [.. input.Notes, note];

    public void Write(Sheet sheet)
    {
        sheet.Line($"{Headline} (tolerance {Small(verdict.Tolerance)}, gap tolerance {Small(verdict.RelativeGapTolerance)})");
        sheet.Line();
        string groups = string.Join(", ", model.Groups.Take(6).Select(g => $"{g.Classes} × {Sheet.Short(g.EffectiveCount)}")) + (model.Groups.Count > 6 ? ", …" : "");
        sheet.Facts(
        [
            .. input.Facts(),
            ("model", $"{groups}, p = {model.FeatureDimension}, E_W = {Sheet.Short(model.ClassifierBudget)}, E_H = {Sheet.Short(model.FeatureBudget)}"),
            ("distance to an ETF", $"classifiers {Small(verdict.ClassifierDistance)}, class means {Small(verdict.FeatureDistance)}, to a common one {Small(verdict.CommonDistance)}"),
            ("norm deviation", $"classifiers {Small(verdict.Deviations.ClassifierNormDeviation)}, class means {Small(verdict.Deviations.FeatureNormDeviation)}"),
            ("angle deviation", $"classifiers {Small(verdict.Deviations.ClassifierAngleDeviation)}, class means {Small(verdict.Deviations.FeatureAngleDeviation)}"),
            ("self-duality", Small(verdict.Deviations.SelfDualityDeviation)),
            ("budget use", $"classifiers {Sheet.Short(verdict.ClassifierBudgetUse)}, class means {Sheet.Short(verdict.FeatureBudgetUse)}"),
            ("KKT residual", Small(verdict.KktResidual)),
            ("objective", Sheet.Exact(verdict.Certificate.PrimalValue, verdict.Certificate.Log10PrimalValue)),
            ("lower bound", Sheet.Exact(verdict.Certificate.LowerBound, verdict.Certificate.Log10LowerBound)),
            ("relative gap", Small(verdict.Certificate.RelativeGap)),
        ]);
        foreach (string line in Notes)
        {
            sheet.Line(line);
        }
    }

    public string ToJson() => NotedJson.Document(Notes, json =>
    {
        json.Text("verdict", verdict.Verdict.ToString());
        json.Truth("isSimplexEtf", verdict.IsSimplexEtf);
        json.Truth("isOptimal", verdict.IsOptimal);
        json.Truth("isTight", verdict.IsTight);
        json.Number("tolerance", verdict.Tolerance);
        json.Number("gapTolerance", verdict.RelativeGapTolerance);
        json.Number("classCount", model.ClassCount);
        input.Write(json);
        foreach ((string name, double value) in Numbers())
        {
            json.Number(name, value);
        }
    });

    public IEnumerable<string[]> ToRows() =>
    [
        ["quantity", "value"],
        ["verdict", verdict.Verdict.ToString()],
        .. Numbers().Select(number => (string[])[number.Name, CsvText.Number(number.Value)]),
    ];

    private IEnumerable<(string Name, double Value)> Numbers() =>
    [
        ("classifierBudget", model.ClassifierBudget),
        ("featureBudget", model.FeatureBudget),
        ("classifierDistance", verdict.ClassifierDistance),
        ("featureDistance", verdict.FeatureDistance),
        ("commonDistance", verdict.CommonDistance),
        ("classifierNormDeviation", verdict.Deviations.ClassifierNormDeviation),
        ("featureNormDeviation", verdict.Deviations.FeatureNormDeviation),
        ("classifierAngleDeviation", verdict.Deviations.ClassifierAngleDeviation),
        ("featureAngleDeviation", verdict.Deviations.FeatureAngleDeviation),
        ("selfDualityDeviation", verdict.Deviations.SelfDualityDeviation),
        ("classifierBudgetUse", verdict.ClassifierBudgetUse),
        ("featureBudgetUse", verdict.FeatureBudgetUse),
        ("kktResidual", verdict.KktResidual),
        ("objective", verdict.Certificate.PrimalValue),
        ("log10Objective", verdict.Certificate.Log10PrimalValue),
        ("lowerBound", verdict.Certificate.LowerBound),
        ("relativeGap", verdict.Certificate.RelativeGap),
    ];

    private static string Small(double value) => Sheet.Small(value);
}
