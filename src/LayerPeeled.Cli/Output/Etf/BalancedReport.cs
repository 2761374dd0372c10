using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Output.Etf;

/// <summary>The optimum of balanced classes in closed form.</summary>
internal sealed class BalancedReport(LayerPeeledModel model) : IReport
{
    private double LogObjective => SimplexEtf.BalancedLogObjective(model) / Math.Log(10);

    public void Write(Sheet sheet)
    {
        sheet.Line("OptimalSimplexEtf: the optimum of balanced classes, in closed form");
        sheet.Line();
        sheet.Facts(
        [
            ("classes", $"{model.ClassCount}, E_W = {Sheet.Short(model.ClassifierBudget)}, E_H = {Sheet.Short(model.FeatureBudget)}"),
            .. Numbers().Select(number => (number.Meaning, number.Name == "objective" ? Sheet.Exact(number.Value, LogObjective) : Sheet.Exact(number.Value))),
        ]);
    }

    public string ToJson() => NotedJson.Document([], json =>
    {
        json.Number("classCount", model.ClassCount);
        json.Number("classifierBudget", model.ClassifierBudget);
        json.Number("featureBudget", model.FeatureBudget);
        foreach ((string name, _, double value) in Numbers())
        {
            json.Number(name, value);
        }
    });

    public IEnumerable<string[]> ToRows() =>
        [["quantity", "value"], .. Numbers().Select(number => (string[])[number.Name, CsvText.Number(number.Value)])];

    private IEnumerable<(string Name, string Meaning, double Value)> Numbers() =>
    [
        ("objective", "objective log(1 + (K−1)e^−α)", SimplexEtf.BalancedObjective(model)),
        ("log10Objective", "log₁₀ of the objective", LogObjective),
        ("alpha", "margin α = K√(E_W·E_H)/(K−1)", model.Radius / (model.ClassCount - 1)),
        ("cosine", "cosine −1/(K−1)", -1.0 / (model.ClassCount - 1)),
        ("normRatio", "‖h‖/‖w‖ = √(E_H/E_W)", Math.Sqrt(model.FeatureBudget / model.ClassifierBudget)),
    ];
}
