using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Solve;
using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Output.Networks;

/// <summary>A language model beside the optimum within its norms.</summary>
internal sealed class TargetDiagnosisReport(TargetDiagnosis diagnosis, Matrix<double> classifier, string source) : IReport
{
    private readonly SoftTargets targets = diagnosis.Optimum.Model.Targets;
    private readonly FrameCheck frame = FrameCheck.Of(classifier);

    public void Write(Sheet sheet)
    {
        sheet.Line(StatusLine.Of(diagnosis.Optimum.Status, $"relative gap of the excess {Sheet.Small(diagnosis.Optimum.RelativeGap)}"));
        sheet.Line();
        sheet.Facts(
        [
            ("tokens, contexts", $"{targets.Tokens}, {targets.Contexts} (read from {source})"),
            ("measured budgets", $"E_W = {Sheet.Short(diagnosis.ClassifierBudget)}, E_H = {Sheet.Short(diagnosis.FeatureBudget)}"),
            ("entropy floor", Sheet.Exact(targets.EntropyFloor)),
        ]);
        sheet.Line();
        sheet.Line("Over the floor");
        sheet.Table(["-", "excess"],
        [
            ["equal logits", Sheet.Short(diagnosis.ExcessOfNothing)], ["the network", Sheet.Short(diagnosis.Excess)], ["the optimum within its norms", Sheet.Short(diagnosis.Optimum.Excess)],
        ]);
        sheet.Line($"The network has gained {(100 * diagnosis.ShareGained).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)} % of what its norms allow.");
        sheet.Line();
        sheet.Line("Distances from the optimum");
        sheet.Table(["-", "distance"],
        [
            ["W·Wᵀ, both of norm 1", Sheet.Short(diagnosis.ClassifierGramDistance)], ["Hᵀ·H, both of norm 1", Sheet.Short(diagnosis.FeatureGramDistance)],
            ["centred logits, relative", Sheet.Short(diagnosis.LogitDistance)],
        ]);
        sheet.Line($"W of the network is {Sheet.Small(frame.EtfDistance)} from a simplex ETF, and W·Wᵀ {Sheet.Small(frame.CirculantDistance)} from a circulant matrix.");
        foreach (string note in TargetInput.NotesOn(targets))
        {
            sheet.Line(note);
        }
    }

    public string ToJson() => NotedJson.Document(TargetInput.NotesOn(targets), json =>
    {
        json.Text("status", diagnosis.Optimum.Status.ToString());
        json.Text("source", source);
        json.Number("tokens", (long)targets.Tokens);
        json.Number("contexts", (long)targets.Contexts);
        foreach ((string name, double value) in Numbers())
        {
            json.Number(name, value);
        }
    });

    public IEnumerable<string[]> ToRows() => [["quantity", "value"], .. Numbers().Select(pair => (string[])[pair.Name, Sheet.Exact(pair.Value)])];

    private IEnumerable<(string Name, double Value)> Numbers() =>
    [
        ("classifierBudget", diagnosis.ClassifierBudget), ("featureBudget", diagnosis.FeatureBudget), ("entropyFloor", targets.EntropyFloor),
        ("excessOfNothing", diagnosis.ExcessOfNothing), ("excess", diagnosis.Excess), ("optimalExcess", diagnosis.Optimum.Excess),
        ("optimalExcessLowerBound", diagnosis.Optimum.ExcessLowerBound), ("shareGained", diagnosis.ShareGained),
        ("classifierGramDistance", diagnosis.ClassifierGramDistance), ("featureGramDistance", diagnosis.FeatureGramDistance), ("logitDistance", diagnosis.LogitDistance),
        ("etfDistance", frame.EtfDistance), ("circulantDistance", frame.CirculantDistance),
    ];
}
