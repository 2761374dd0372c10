using System.Globalization;
using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Output.Networks;

/// <summary>A network, or a classifier alone, against the members of the family.</summary>
/// <param name="family">The comparison.</param>
/// <param name="inputNotes">What is to be said of the data, before all other notes.</param>
internal sealed class FamilyReport(FamilyDiagnosis family, IReadOnlyList<string> inputNotes) : IReport
{
    public void Write(Sheet sheet)
    {
        WriteRanking(sheet);
        foreach (string note in Notes)
        {
            sheet.Line(note);
        }
    }

    /// <summary>The verdict and the table.</summary>
    public void WriteRanking(Sheet sheet)
    {
        bool hasFeatures = !double.IsNaN(family.SimplexEtf.MeanNorms);
        sheet.Line("Misfit of each model: how far cosines and norms are off, as root mean squares over groups; goodness is 1 at an optimum and 0 for a simplex ETF");
        string[] sides = hasFeatures ? ["cos(w, w')", "‖w‖", "cos(m, m')", "‖m‖"] : ["cos(w, w')", "‖w‖"];
        sheet.Table(["-model", "-strength from", .. sides, "misfit", "goodness", "-regulariser"],
        [
            .. family.Members.Select(member => (string[])
                [member.Name, Source(member.Source), .. Cells(member.Misfit, hasFeatures), Digits(member.Goodness), Regulariser(member.Model.Regulariser)]),
            ["simplex ETF", Source(StrengthSource.Budgets), .. Cells(family.SimplexEtf, hasFeatures), Digits(family.SimplexEtf.Total > 0 ? 0 : double.NaN), ""],
        ], 2);
        sheet.Line(family.Verdict);
        if (family.VariationShare is var share && !double.IsNaN(share) && family.Best!.Misfit.Total > 0.5 * FamilyDiagnosis.Agreement)
        {
            sheet.Line($"{share.ToString("p0", CultureInfo.InvariantCulture)} of its squared misfit goes with the variation of features within classes.");
        }
    }

    public string ToJson() => NotedJson.Document(Notes, Write);

    /// <summary>The fields of the JSON document.</summary>
    public void Write(NotedJson json)
    {
        json.Text("verdict", family.Verdict);
        json.Truth("isDescribed", family.IsDescribed);
        json.Number("variationShare", family.VariationShare);
        json.Object("simplexEtf", () => Misfit(json, family.SimplexEtf));
        json.Objects("members", family.Members, member =>
        {
            json.Text("name", member.Name);
            json.Text("strengthFrom", Source(member.Source));
            json.Text("status", member.Solution.Status.ToString());
            json.Number("relativeGap", member.Solution.Certificate.RelativeGap);
            WriteRegulariser(json, member.Model.Regulariser);
            json.Number("criticalClassSize", member.Solution.CriticalClassSize);
            json.Number("classesBelowCriticalSize", member.Solution.ClassesBelowCriticalSize);
            Misfit(json, member.Misfit);
            json.Number("goodness", member.Goodness);
        });
    }

    /// <summary>Budgets or penalties as fields.</summary>
    public static void WriteRegulariser(NotedJson json, Regulariser regulariser)
    {
        if (regulariser is Budgets budgets)
        {
            json.Number("classifierBudget", budgets.Classifier);
            json.Number("featureBudget", budgets.Feature);
            return;
        }

        var penalties = (Penalties)regulariser;
        json.Number("classifierPenalty", penalties.Classifier);
        json.Number("featurePenalty", penalties.Feature);
        if (penalties.Bias is { } bias)
        {
            json.Number("biasPenalty", bias);
        }
    }

    /// <summary>Budgets or penalties in words.</summary>
    public static string Regulariser(Regulariser regulariser) => regulariser is Budgets budgets
        ? $"E_W {Sheet.Short(budgets.Classifier)}, E_H {Sheet.Short(budgets.Feature)}"
        : $"λ_W {Sheet.Short(((Penalties)regulariser).Classifier)}, λ_H {Sheet.Short(((Penalties)regulariser).Feature)}"
            + (((Penalties)regulariser).Bias is { } bias ? $", λ_b {Sheet.Short(bias)}" : "");

    public IEnumerable<string[]> ToRows()
    {
        yield return ["model", "strength_from", "status", "classifier_cosines", "classifier_norms", "mean_cosines", "mean_norms", "misfit", "goodness"];
        foreach (FamilyMember member in family.Members)
        {
            double[] numbers =
            [
                member.Misfit.ClassifierCosines, member.Misfit.ClassifierNorms, member.Misfit.MeanCosines, member.Misfit.MeanNorms, member.Misfit.Total, member.Goodness,
            ];
            yield return [member.Name, Source(member.Source), member.Solution.Status.ToString(), .. numbers.Select(CsvText.Number)];
        }
    }

    /// <summary>Where a strength comes from, in a word or two.</summary>
    public static string Source(StrengthSource source) => source switch
    {
        StrengthSource.WeightDecay => "weight decay",
        StrengthSource.Fit => "fitted",
        _ => "budgets",
    };

    private IEnumerable<string> Notes => [.. inputNotes, .. family.Notes];

    private static string[] Cells(GeometryMisfit misfit, bool hasFeatures) =>
    [
        Digits(misfit.ClassifierCosines), Digits(misfit.ClassifierNorms),
        .. hasFeatures ? (string[])[Digits(misfit.MeanCosines), Digits(misfit.MeanNorms)] : [],
        Digits(misfit.Total),
    ];

    private static string Digits(double value) => double.IsNaN(value) ? "–" : Sheet.Unsigned(Math.Round(value, 4)).ToString("0.0000", CultureInfo.InvariantCulture);

    private static void Misfit(NotedJson json, GeometryMisfit misfit)
    {
        json.Number("misfit", misfit.Total);
        json.Number("classifierCosines", misfit.ClassifierCosines);
        json.Number("classifierNorms", misfit.ClassifierNorms);
        if (!double.IsNaN(misfit.MeanNorms))
        {
            json.Number("meanCosines", misfit.MeanCosines);
            json.Number("meanNorms", misfit.MeanNorms);
        }
    }
}
