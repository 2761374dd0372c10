using System.Globalization;
using System.Text.RegularExpressions;
using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Output.Mitigate;

/// <summary>What re-weighting rules do to the minority, a row a rule.</summary>
internal sealed class MitigationReport : IReport
{
    private const int MostListed = 10_000;
    private readonly ClassInput input;
    private readonly LayerPeeledModel model;
    private readonly MitigationAnalysis analysis;
    private readonly WeakestReweighting? weakest;
    private readonly LossComparison? losses;
    private readonly MitigationOutcome[] outcomes;
    private readonly int[] firstOfGroup;
    private readonly List<string> notes;

    /// <summary>A report.</summary>
    /// <param name="input">The classes as given; the groups of the model are those that weights are listed for.</param>
    /// <param name="analysis">The analysis.</param>
    /// <param name="outcomes">Its outcomes.</param>
    /// <param name="weakest">The weakest re-weighting, if it was looked for.</param>
    /// <param name="losses">What other losses do, if they were asked for.</param>
    public MitigationReport(
        ClassInput input, MitigationAnalysis analysis, IEnumerable<MitigationOutcome> outcomes, WeakestReweighting? weakest, LossComparison? losses = null)
    {
        (this.input, model, this.analysis, this.weakest, this.losses) = (input, input.Model, analysis, weakest, losses);
        notes = [.. input.Notes, .. losses?.Notes ?? []];
        this.outcomes = weakest is null ? [.. outcomes] : [.. outcomes, weakest.Outcome];
        firstOfGroup = new int[model.Groups.Count];
        for (int k = model.ClassCount - 1; k >= 0; k--)
        {
            firstOfGroup[model.GroupOfClass[k]] = k;
        }

        foreach (MitigationOutcome outcome in All.Where(outcome => outcome.Solution.Status != SolverStatus.Optimal))
        {
            notes.Add($"The optimum under '{outcome.Name}' is not certified ({outcome.Solution.Status}).");
        }

        if (weakest is { IsCertified: false })
        {
            notes.Add("The weakest re-weighting is not certified on both sides: it is the best that is known.");
        }

        if (model.Groups.Any(group => group.Count == 0))
        {
            notes.Add("Classes without examples are below n* under every weight.");
        }
    }

    private IEnumerable<MitigationOutcome> All => [.. outcomes, .. losses?.Outcomes ?? []];

    public void Write(Sheet sheet)
    {
        sheet.Line(input.Line());
        sheet.Line($"E_W = {Sheet.Short(model.ClassifierBudget)}, E_H = {Sheet.Short(model.FeatureBudget)}; minority: {analysis.MinorityClasses.Count} classes "
            + $"({input.List(analysis.MinorityClasses)}{(input.Names is null ? ", numbered from 0" : "")})");
        sheet.Line();
        sheet.Table(["-rule", "below n*", "minority cos", "min ‖w‖²", "max ‖w‖²", "worst margin", "balanced loss", "gap"], All.Select(Row));
        if (analysis.EscapingOversamplingRate is { } rate)
        {
            sheet.Line(double.IsInfinity(rate) ? "Exactly: no rate of oversampling that is a number avoids collapse." : rate >= 1 ? $"Exactly: oversampling the minority by any rate above {Sheet.Exact(rate)} avoids collapse." : "Exactly: no oversampling is needed.");
        }

        if (weakest is not null)
        {
            sheet.Line(weakest.Exponent == 0 ? "No re-weighting is needed: no class is at or below n*."
                : $"Weakest power that avoids collapse: weights n^-τ with τ = {Exponent(weakest.Exponent)} (τ = {Exponent(weakest.TooWeakExponent)} is too weak), "
                    + $"{weakest.Solves} solves.");
        }

        foreach (WeakestLoss loss in losses?.Weakest ?? [])
        {
            sheet.Line(!loss.Separates ? $"{loss.Family}: no {loss.Parameter} up to {Exponent(loss.Value)} separates all equal classes."
                : double.IsNaN(loss.TooWeakValue) ? $"{loss.Family}: all equal classes stand apart at {loss.Parameter} = 0."
                : $"{loss.Family}: equal classes stand apart from {loss.Parameter} = {Exponent(loss.Value)} on ({Exponent(loss.TooWeakValue)} is too weak), {loss.Solves} solves.");
        }

        sheet.Line($"Norms and cosines are {Sheet.Accuracy(All.Max(outcome => outcome.Solution.GeometryError))}.");
        notes.ForEach(sheet.Line);
    }

    public string ToJson() => NotedJson.Document(notes, json =>
    {
        json.Number("classCount", model.ClassCount);
        input.Write(json);
        json.Number("classifierBudget", model.ClassifierBudget);
        json.Number("featureBudget", model.FeatureBudget);
        json.Objects("groups", model.Groups, group =>
        {
            json.Number("classes", group.Classes);
            json.Number("count", group.Count);
        });
        json.Number("minorityClassCount", analysis.MinorityClasses.Count);
        json.Numbers("minorityClasses", analysis.MinorityClasses.Take(MostListed).Select(k => (double)k));
        if (input.Names is { } names)
        {
            json.Texts("minorityClassNames", analysis.MinorityClasses.Take(MostListed).Select(k => names[k]));
        }

        if (analysis.MinorityClasses.Count > MostListed)
        {
            json.Note($"minorityClasses holds the first {MostListed} of {analysis.MinorityClasses.Count} classes.");
        }

        json.Objects("rules", outcomes[..^(weakest is null ? 0 : 1)], outcome => Write(json, outcome));
        if (losses is not null)
        {
            json.Objects("losses", losses.Compared, outcome => Write(json, outcome));
            json.Objects("weakestLosses", losses.Weakest, loss =>
            {
                json.Text("family", loss.Family);
                json.Text("parameter", loss.Parameter);
                json.Truth("separates", loss.Separates);
                json.Number("value", loss.Value);
                json.Number("tooWeakValue", loss.TooWeakValue);
                json.Truth("isCertified", loss.IsCertified);
                json.Number("solves", loss.Solves);
                json.Object("outcome", () => Write(json, loss.Outcome));
            });
        }

        if (analysis.EscapingOversamplingRate is { } rate)
        {
            json.Number("escapingOversamplingRate", rate);
        }
        else
        {
            json.Null("escapingOversamplingRate");
            json.Note("escapingOversamplingRate is null: it belongs to two different counts.");
        }

        if (weakest is null)
        {
            json.Null("weakest");
            return;
        }

        json.Object("weakest", () =>
        {
            json.Number("exponent", weakest.Exponent);
            json.Number("tooWeakExponent", weakest.TooWeakExponent);
            json.Truth("isCertified", weakest.IsCertified);
            json.Number("solves", weakest.Solves);
            json.Object("outcome", () => Write(json, weakest.Outcome));
        });
    });

    public IEnumerable<string[]> ToRows()
    {
        yield return
        [
            "rule", "status", "classes_below_critical_size", "critical_class_size", "minority_cosine", "collapsed_cosine", "minority_norm2", "smallest_norm2",
            "largest_norm2", "worst_margin", "worst_class", "balanced_loss", "relative_gap", .. input.Names is null ? Array.Empty<string>() : ["worst_class_name"],
        ];
        foreach (MitigationOutcome o in All)
        {
            double[] numbers =
            [
                o.ClassesBelowCriticalSize, o.CriticalClassSize, o.MinorityCosine, o.CollapsedCosine, o.MinorityNorm2, o.SmallestNorm2,
                o.LargestNorm2, o.WorstMargin, o.WorstClass, o.BalancedLoss, o.RelativeGap,
            ];
            IEnumerable<string> name = input.Names is { } names ? [o.WorstClass >= 0 ? names[o.WorstClass] : ""] : [];
            yield return [o.Name, o.Solution.Status.ToString(), .. numbers.Select(CsvText.Number), .. name];
        }
    }

    private string[] Row(MitigationOutcome o) =>
    [
        ReferenceEquals(o, weakest?.Outcome) ? "weakest n^-τ" : Short(o.Name), o.ClassesBelowCriticalSize.ToString(CultureInfo.InvariantCulture), Sheet.Short(o.MinorityCosine), Sheet.Short(o.SmallestNorm2),
        Sheet.Short(o.LargestNorm2), Sheet.Short(o.WorstMargin), Sheet.Short(o.BalancedLoss), Sheet.Unsigned(o.RelativeGap).ToString("0.#e+0", CultureInfo.InvariantCulture),
    ];

    // Of a parameter that was found, a few digits
    private static string Short(string name) => Regex.Replace(name, @"-?\d+\.\d{5,}(E-?\d+)?", match => Sheet.Short(double.Parse(match.Value, CultureInfo.InvariantCulture)));

    private static string Exponent(double value) => Sheet.Unsigned(value).ToString("0.#########", CultureInfo.InvariantCulture);

    private void Write(NotedJson json, MitigationOutcome o)
    {
        json.Text("rule", o.Name);
        json.Text("status", o.Solution.Status.ToString());
        json.Number("relativeGap", o.RelativeGap);
        json.Number("criticalClassSize", o.CriticalClassSize);
        json.Number("classesBelowCriticalSize", o.ClassesBelowCriticalSize);
        json.Number("minorityCosine", o.MinorityCosine);
        json.Number("collapsedCosine", o.CollapsedCosine);
        json.Number("minorityNorm2", o.MinorityNorm2);
        json.Number("smallestNorm2", o.SmallestNorm2);
        json.Number("largestNorm2", o.LargestNorm2);
        json.Number("worstMargin", o.WorstMargin);
        json.Number("worstClass", o.WorstClass);
        if (input.Names is { } names && o.WorstClass >= 0)
        {
            json.Text("worstClassName", names[o.WorstClass]);
        }

        json.Number("balancedLoss", o.BalancedLoss);
        json.Numbers("weights", firstOfGroup.Select(k => o.LossWeights[k]));
    }
}
