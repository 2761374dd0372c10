using System.Globalization;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Output.Networks;

/// <summary>A network next to the optimum of the model.</summary>
internal sealed class DiagnosisReport : IReport
{
    private const int MostClasses = 10_000;
    private readonly NetworkDiagnosis diagnosis;
    private readonly WeakestReweighting? weakest;
    private readonly MitigationOutcome[] remedies;
    private readonly MetricsReport metrics;
    private readonly FamilyReport? family;
    private readonly (string Title, NetworkDiagnosis Diagnosis)? nearest;
    private readonly int withExamples;
    private readonly List<string> notes;

    /// <summary>A report.</summary>
    /// <param name="diagnosis">The comparison.</param>
    /// <param name="remedies">What re-weighting rules would do.</param>
    /// <param name="weakest">The weakest re-weighting that separates all classes with examples, if it was looked for.</param>
    /// <param name="inputNotes">What is to be said of the data, before all other notes.</param>
    /// <param name="family">The members of the family, where they were compared.</param>
    /// <param name="nearest">The network next to the nearest of them, and its name; null where that is the one of <paramref name="diagnosis"/>.</param>
    public DiagnosisReport(
        NetworkDiagnosis diagnosis, IEnumerable<MitigationOutcome> remedies, WeakestReweighting? weakest, IReadOnlyList<string> inputNotes,
        FamilyDiagnosis? family = null, (string Title, NetworkDiagnosis Diagnosis)? nearest = null)
    {
        (this.diagnosis, this.weakest, this.nearest) = (diagnosis, weakest, nearest);
        this.family = family is null ? null : new FamilyReport(family, []);
        this.remedies = weakest is null ? [.. remedies] : [.. remedies, weakest.Outcome];
        metrics = new MetricsReport(diagnosis.Measured, []);
        withExamples = diagnosis.CollapsedClasses.Count(c => c.Count > 0);
        notes = [.. inputNotes, .. diagnosis.Notes, .. family?.Notes.Except(diagnosis.Notes) ?? []];
        notes.AddRange(this.remedies.Where(remedy => remedy.Solution.Status != SolverStatus.Optimal)
            .Select(remedy => $"The optimum under '{remedy.Rule}' is not certified ({remedy.Solution.Status})."));
        if (weakest is { IsCertified: false })
        {
            notes.Add("The weakest re-weighting is not certified on both sides: it is the best that is known.");
        }
    }

    public void Write(Sheet sheet)
    {
        int classes = diagnosis.Measured.Counts.Count, below = diagnosis.CollapsedClasses.Count;
        sheet.Line(below == 0 ? $"The model keeps all {classes} classes apart"
            : $"The model collapses {below} of {classes} classes: those with at most n* = {Sheet.Short(diagnosis.CriticalClassSize)} effective examples");
        sheet.Line();
        sheet.Facts(
        [
            .. metrics.Facts(),
            ("prediction", $"{diagnosis.Solution.Status} at {FamilyReport.Regulariser(diagnosis.Solution.Model.Regulariser)}, "
                + $"relative gap {Sheet.Small(diagnosis.Solution.Certificate.RelativeGap)}"),
        ]);
        WriteGroups(sheet, diagnosis, "");
        if (below > 0)
        {
            sheet.Line();
            sheet.Line("Labels at or below n*: " + Names.Classes(diagnosis.Measured, diagnosis.CollapsedClasses.Select(c => c.Index)));
        }

        WriteRemedies(sheet);
        if (family is not null)
        {
            sheet.Line();
            family.WriteRanking(sheet);
        }

        if (nearest is { } other)
        {
            WriteGroups(sheet, other.Diagnosis, $"; predicted by {other.Title}");
        }

        notes.ForEach(sheet.Line);
    }

    private void WriteGroups(Sheet sheet, NetworkDiagnosis next, string of)
    {
        sheet.Line();
        sheet.Line("Mean cosine between classifiers, and between class means" + of);
        sheet.Table([GroupHeading, "classes", "count", "below n*", "cos(w, w')", "predicted", "cos(m, m')", "predicted"],
            Rows(next, (m, p) => [m.ClassifierCosines.Mean, p.ClassifierCosines.Mean, m.MeanCosines.Mean, p.MeanCosines.Mean], withBelow: true));
        sheet.Line();
        sheet.Line("Mean norm of classifiers, and of class means" + of);
        sheet.Table([GroupHeading, "classes", "count", "‖w‖", "predicted", "‖m‖", "predicted"],
            Rows(next, (m, p) => [m.ClassifierNorms.Mean, p.ClassifierNorms.Mean, m.MeanNorms.Mean, p.MeanNorms.Mean], withBelow: false));
    }

    public string ToJson() => NotedJson.Document(notes, json =>
    {
        json.Object("prediction", () =>
        {
            json.Text("status", diagnosis.Solution.Status.ToString());
            json.Number("objective", diagnosis.Solution.Objective);
            json.Number("relativeGap", diagnosis.Solution.Certificate.RelativeGap);
            FamilyReport.WriteRegulariser(json, diagnosis.Solution.Model.Regulariser);
            json.Number("multiplier", diagnosis.Solution.Multiplier);
            json.Number("criticalClassSize", diagnosis.CriticalClassSize);
        });
        json.Number("classesBelowCriticalSize", diagnosis.CollapsedClasses.Count);
        json.Objects("collapsedClasses", diagnosis.CollapsedClasses.Take(MostClasses), c =>
        {
            json.Number("index", c.Index);
            json.Number("label", c.Label);
            if (diagnosis.Measured.Names is { } names)
            {
                json.Text("name", names[c.Index]);
            }

            json.Number("count", c.Count);
            json.Number("effectiveCount", c.EffectiveCount);
            json.Number("balancingWeight", c.BalancingWeight);
        });
        if (diagnosis.CollapsedClasses.Count > MostClasses)
        {
            json.Note($"collapsedClasses holds the smallest {MostClasses} of {diagnosis.CollapsedClasses.Count}.");
        }

        json.Objects("groups", diagnosis.Groups, group => Write(json, group));
        json.Objects("remedies", remedies, remedy =>
        {
            json.Text("rule", remedy.Rule.Name);
            json.Text("status", remedy.Solution.Status.ToString());
            json.Number("classesStillBelowCriticalSize", Still(remedy));
            json.Number("worstMargin", remedy.WorstMargin);
            json.Number("balancedLoss", remedy.BalancedLoss);
            json.Numbers("weights", remedy.LossWeights.Take(MostClasses));
        });
        if (weakest is null)
        {
            json.Null("weakest");
        }
        else
        {
            json.Object("weakest", () =>
            {
                json.Number("exponent", weakest.Exponent);
                json.Number("tooWeakExponent", weakest.TooWeakExponent);
                json.Truth("isCertified", weakest.IsCertified);
            });
        }

        if (family is not null)
        {
            json.Object("family", () => family.Write(json));
        }

        if (nearest is { } other)
        {
            json.Objects("nearestGroups", other.Diagnosis.Groups, group => Write(json, group));
        }

        json.Object("metrics", () => metrics.Write(json));
    });

    public IEnumerable<string[]> ToRows()
    {
        yield return
        [
            "group", "classes", "smallest_count", "largest_count", "below_critical_size", "classifier_cosine", "predicted_classifier_cosine", "mean_cosine",
            "predicted_mean_cosine", "classifier_norm", "predicted_classifier_norm", "mean_norm", "predicted_mean_norm", "labels",
        ];
        for (int g = 0; g < diagnosis.Groups.Count; g++)
        {
            ClassGroupMetrics m = diagnosis.Groups[g].Measured, p = diagnosis.Groups[g].Predicted;
            double[] numbers =
            [
                g + 1, m.Classes.Count, m.SmallestCount, m.LargestCount, diagnosis.Groups[g].ClassesBelowCriticalSize,
                m.ClassifierCosines.Mean, p.ClassifierCosines.Mean, m.MeanCosines.Mean, p.MeanCosines.Mean,
                m.ClassifierNorms.Mean, p.ClassifierNorms.Mean, m.MeanNorms.Mean, p.MeanNorms.Mean,
            ];
            yield return [.. numbers.Select(CsvText.Number), Names.Cell(diagnosis.Measured, g)];
        }
    }

    private string GroupHeading => diagnosis.Measured.Names is null ? "group" : "-group";

    private void WriteRemedies(Sheet sheet)
    {
        if (remedies.Length == 0)
        {
            return;
        }

        sheet.Line();
        sheet.Line($"What re-weighting would do to the {withExamples} classes with examples that are at or below n*");
        sheet.Table(["-rule", "still below n*", "largest weight / smallest", "worst margin", "balanced loss"], remedies.Select(remedy => (string[])
        [
            ReferenceEquals(remedy, weakest?.Outcome) ? "weakest n^-τ" : remedy.Rule.Name, Still(remedy).ToString(CultureInfo.InvariantCulture), Sheet.Short(Spread(remedy)),
            Sheet.Short(remedy.WorstMargin), Sheet.Short(remedy.BalancedLoss),
        ]));
        if (weakest is { Exponent: > 0 })
        {
            sheet.Line($"Weakest power that separates them: weights n^-τ with τ = {Sheet.Short(weakest.Exponent)} (τ = {Sheet.Short(weakest.TooWeakExponent)} is too weak)");
        }
        else if (weakest is not null)
        {
            sheet.Line("Without the weights that the network was trained with no class would be at or below n*.");
        }
    }

    private int Still(MitigationOutcome remedy) =>
        diagnosis.ClassesStillCollapsed(remedy.LossWeights, remedy.Solution).Count(k => diagnosis.Measured.Counts[k] > 0);

    // Largest over smallest weight of the classes with examples.
    private double Spread(MitigationOutcome remedy)
    {
        double[] weights = remedy.LossWeights.Where((_, k) => diagnosis.Measured.Counts[k] > 0).ToArray();
        return weights.Max() / weights.Min();
    }

    private IEnumerable<string[]> Rows(
        NetworkDiagnosis next, Func<ClassGroupMetrics, ClassGroupMetrics, double[]> numbers, bool withBelow) => next.Groups.Select((group, g) => (string[])
    [
        Names.Group(diagnosis.Measured, g), group.Measured.Classes.Count.ToString(CultureInfo.InvariantCulture),
        Names.Range(group.Measured.SmallestCount, group.Measured.LargestCount),
        .. withBelow ? (string[])[group.ClassesBelowCriticalSize.ToString(CultureInfo.InvariantCulture)] : [],
        .. numbers(group.Measured, group.Predicted).Select(Sheet.Short),
    ]);

    private static void Write(NotedJson json, ClassGroupComparison group)
    {
        json.Number("classes", group.Measured.Classes.Count);
        json.Number("smallestCount", group.Measured.SmallestCount);
        json.Number("largestCount", group.Measured.LargestCount);
        json.Number("classesBelowCriticalSize", group.ClassesBelowCriticalSize);
        json.Object("measured", () => Write(json, group.Measured));
        json.Object("predicted", () => Write(json, group.Predicted));
    }

    private static void Write(NotedJson json, ClassGroupMetrics group)
    {
        json.Number("classifierCosine", group.ClassifierCosines.Mean);
        json.Number("meanCosine", group.MeanCosines.Mean);
        json.Number("classifierNorm", group.ClassifierNorms.Mean);
        json.Number("meanNorm", group.MeanNorms.Mean);
    }
}
