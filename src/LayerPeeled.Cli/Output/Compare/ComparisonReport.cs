using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Relatives;
using LayerPeeled.Solver.Analysis.Comparison;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Output.Compare;

/// <summary>Members of the family side by side.</summary>
internal sealed class ComparisonReport(ClassInput input, IReadOnlyList<ComparedMember> members) : IReport
{
    public void Write(Sheet sheet)
    {
        sheet.Line(input.Line());
        sheet.Line($"E_W = {Sheet.Short(input.Model.ClassifierBudget)}, E_H = {Sheet.Short(input.Model.FeatureBudget)}; "
            + $"A: the classes with {Sheet.Short(Largest)} examples, B: those with {Sheet.Short(Smallest)}");
        ComparedMember[] solved = [.. members.Where(member => member.Refusal is null)];
        sheet.Line();
        sheet.Line("Classifiers");
        sheet.Table(Headings, solved.Where(member => member.Classifier != ComparedSide.None).Select(member => Row(member, member.Classifier)));
        sheet.Line();
        sheet.Line("Class means");
        sheet.Table(Headings, solved.Select(member => Row(member, member.Feature)));
        sheet.Line();
        sheet.Line("How far each is proven");
        sheet.Table(["-model", "-loss", "objective", "-result", "gap"], solved.Select(member => (string[])
        [
            NameOf(member), member.Loss, double.IsNaN(member.Objective) ? "–" : Sheet.Short(member.Objective), Result(member), Sheet.Small(member.RelativeGap),
        ]), names: 2);
        foreach (ComparedMember refused in members.Where(member => member.Refusal is not null))
        {
            sheet.Line($"{NameOf(refused)}, {refused.Loss}: {refused.Refusal}");
        }

        foreach (string note in input.Notes)
        {
            sheet.Line(note);
        }
    }

    public string ToJson() => NotedJson.Document(input.Notes, json =>
    {
        json.Number("classes", (long)input.Model.ClassCount);
        input.Write(json);
        json.Number("classifierBudget", input.Model.ClassifierBudget);
        json.Number("featureBudget", input.Model.FeatureBudget);
        json.Number("largestCount", Largest);
        json.Number("smallestCount", Smallest);
        json.Objects("members", members, member =>
        {
            json.Text("model", NameOf(member));
            json.Text("loss", member.Loss);
            if (member.Refusal is { } refusal)
            {
                json.Text("refusal", refusal);
                return;
            }

            json.Text("status", member.Status.ToString());
            json.Number("objective", member.Objective);
            json.Number("relativeGap", member.RelativeGap);
            json.Number("collapsedClasses", (long)member.CollapsedClasses);
            Side("classifier", member.Classifier);
            Side("feature", member.Feature);
        });

        void Side(string name, ComparedSide side)
        {
            if (side != ComparedSide.None)
            {
                json.Object(name, () =>
                {
                    json.Number("normRatio", side.NormRatio);
                    json.Number("majorityCosine", side.MajorityCosine);
                    json.Number("minorityCosine", side.MinorityCosine);
                    json.Number("crossCosine", side.CrossCosine);
                });
            }
        }
    });

    public IEnumerable<string[]> ToRows() => members.Select(ComparisonRows.Of).Prepend(ComparisonRows.Headings);

    private static readonly string[] Headings = ["-model", "-loss", "A/B", "cos A", "cos B", "cos AB", "collapsed"];

    private double Largest => input.Model.Groups.Max(group => group.Count);

    private double Smallest => input.Model.Groups.Min(group => group.Count);

    private static string[] Row(ComparedMember member, ComparedSide side) =>
    [
        NameOf(member), member.Loss, .. new[] { side.NormRatio, side.MajorityCosine, side.MinorityCosine, side.CrossCosine }.Select(value => double.IsNaN(value) ? "–" : Sheet.Short(value)),
        member.CollapsedClasses.ToString(CultureInfo.InvariantCulture),
    ];

    private static string Result(ComparedMember member) => member.Status switch
    {
        SolverStatus.Optimal => "certified optimal",
        SolverStatus.Stationary => "a local solution",
        var status => status.ToString(),
    };

    private static string NameOf(ComparedMember member) => ModelCatalog.Of(member.Kind).Name;
}
