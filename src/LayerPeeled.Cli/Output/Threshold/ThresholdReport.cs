using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Output.Threshold;

/// <summary>The threshold of two groups, and what happens at one ratio.</summary>
internal sealed class ThresholdReport : IReport
{
    private readonly MinorityCollapseThreshold threshold;
    private readonly double classifierBudget;
    private readonly double featureBudget;
    private readonly double? ratio;
    private readonly double criticalProduct;
    private readonly double rate;

    /// <summary>A report.</summary>
    /// <param name="threshold">The threshold.</param>
    /// <param name="classifierBudget">E_W.</param>
    /// <param name="featureBudget">E_H.</param>
    /// <param name="ratio">The ratio R asked about, if any.</param>
    public ThresholdReport(MinorityCollapseThreshold threshold, double classifierBudget, double featureBudget, double? ratio)
    {
        (this.threshold, this.classifierBudget, this.featureBudget, this.ratio) = (threshold, classifierBudget, featureBudget, ratio);

        // Balanced classes never collapse; classes without examples always do.
        criticalProduct = ratio is not > 1 ? double.NaN
            : double.IsInfinity(ratio.Value) ? double.PositiveInfinity
            : MinorityCollapseThreshold.CriticalBudgetProduct(threshold.MajorityClasses, threshold.MinorityClasses, ratio.Value);
        rate = ratio is { } r ? threshold.EscapingOversamplingRate(r) : double.NaN;
    }

    private bool Collapsed => ratio is { } r && threshold.Collapses(r);

    public void Write(Sheet sheet)
    {
        string size = threshold.ExceedsDoubleRange ? $"e^{Sheet.Exact(threshold.LogRatio)}" : Sheet.Exact(threshold.Ratio);
        sheet.Line($"Minority classifiers coincide if and only if R ≥ R_0 = {size}");
        sheet.Line();
        sheet.Facts(
        [
            ("classes", $"{threshold.MajorityClasses} with R·n examples, {threshold.MinorityClasses} with n"),
            ("budgets", $"E_W = {Sheet.Short(classifierBudget)}, E_H = {Sheet.Short(featureBudget)}, product {Sheet.Short(threshold.BudgetProduct)}"),
            ("log R_0", Sheet.Exact(threshold.LogRatio)),
            ("critical share = λ", $"{(threshold.CriticalShare == 0 ? Sheet.Exact(0, threshold.LogCriticalShare / Math.Log(10)) : Sheet.Short(threshold.CriticalShare))} of the examples in each minority class"),
            ("objective at R_0", Sheet.Exact(threshold.Objective, threshold.LogObjective / Math.Log(10))),
            ("budget elasticity", $"{Sheet.Short(threshold.BudgetElasticity)}: one percent more budget raises R_0 by so many percent"),
            ("cosine majority", Sheet.Short(threshold.MajorityCosine)),
            ("cosine majority-minority", Sheet.Short(threshold.CrossCosine)),
            ("‖w_B‖²/‖w_A‖²", Sheet.Short(threshold.MinorityNorm2Ratio)),
        ]);
        sheet.Line();
        sheet.Line("Predicted probabilities at R_0, each for one class");
        sheet.Table(["-example of", "own class", "sibling", "other group"], [Row("a majority class", threshold.Majority), Row("a minority class", threshold.Minority)]);
        if (ratio is not { } r)
        {
            return;
        }

        sheet.Line();
        sheet.Line($"At R = {(double.IsInfinity(r) ? "∞" : Sheet.Exact(r))}: {(Collapsed ? "collapsed" : "not collapsed")}");
        sheet.Facts(
        [
            ("R/R_0", double.IsInfinity(r) ? "∞" : Sheet.Short(rate)),
            ("oversampling", double.IsInfinity(r) ? "no rate avoids collapse: there is nothing to sample"
                : rate >= 1 ? $"any rate above {Sheet.Exact(rate)} avoids collapse" : "none is needed"),
            ("critical E_W·E_H", double.IsNaN(criticalProduct) ? "none: balanced classes never collapse"
                : double.IsInfinity(r) ? "none: classes without examples collapse at any budget"
                : $"{Sheet.Exact(criticalProduct)}; any larger product avoids collapse"),
        ]);
    }

    public string ToJson() => NotedJson.Document(Notes(), json =>
    {
        json.Number("majorityClasses", threshold.MajorityClasses);
        json.Number("minorityClasses", threshold.MinorityClasses);
        json.Number("classifierBudget", classifierBudget);
        json.Number("featureBudget", featureBudget);
        json.Number("budgetProduct", threshold.BudgetProduct);
        json.Number("ratio", threshold.Ratio);
        json.Number("logRatio", threshold.LogRatio);
        json.Truth("exceedsDoubleRange", threshold.ExceedsDoubleRange);
        json.Number("criticalShare", threshold.CriticalShare);
        json.Number("multiplier", threshold.CriticalShare);
        json.Number("objective", threshold.Objective);
        json.Number("log10Objective", threshold.LogObjective / Math.Log(10));
        json.Number("budgetElasticity", threshold.BudgetElasticity);
        json.Number("majorityCosine", threshold.MajorityCosine);
        json.Number("crossCosine", threshold.CrossCosine);
        json.Number("minorityNorm2Ratio", threshold.MinorityNorm2Ratio);
        Probabilities(json, "majorityProbabilities", threshold.Majority);
        Probabilities(json, "minorityProbabilities", threshold.Minority);
        if (ratio is not { } r)
        {
            json.Null("atRatio");
            return;
        }

        json.Object("atRatio", () =>
        {
            json.Number("ratio", r);
            json.Truth("collapsed", Collapsed);
            json.Number("criticalBudgetProduct", criticalProduct);
            json.Number("escapingOversamplingRate", rate);
        });
    });

    public IEnumerable<string[]> ToRows()
    {
        yield return
        [
            "majority_classes", "minority_classes", "classifier_budget", "feature_budget", "ratio", "log_ratio", "critical_share", "objective",
            "budget_elasticity", "majority_cosine", "cross_cosine", "minority_norm2_ratio",
            .. ratio is null ? (string[])[] : ["at_ratio", "collapsed", "critical_budget_product", "escaping_oversampling_rate"],
        ];
        double[] numbers =
        [
            threshold.MajorityClasses, threshold.MinorityClasses, classifierBudget, featureBudget, threshold.Ratio, threshold.LogRatio, threshold.CriticalShare,
            threshold.Objective, threshold.BudgetElasticity, threshold.MajorityCosine, threshold.CrossCosine, threshold.MinorityNorm2Ratio,
        ];
        yield return
        [
            .. numbers.Select(CsvText.Number),
            .. ratio is not { } r ? (string[])[] : [CsvText.Number(r), Collapsed ? "true" : "false", CsvText.Number(criticalProduct), CsvText.Number(rate)],
        ];
    }

    private IEnumerable<string> Notes()
    {
        if (threshold.ExceedsDoubleRange)
        {
            yield return "R_0 exceeds the range of double precision; logRatio is exact.";
        }

        if (threshold.CriticalShare == 0)
        {
            yield return "criticalShare and multiplier are 0 because they are below the range of double precision.";
        }
    }

    private static string[] Row(string name, ClassProbabilities p) => [name, .. new[] { p.Own, p.Sibling, p.Other }.Select(Sheet.Short)];

    private static void Probabilities(NotedJson json, string name, ClassProbabilities p) => json.Object(name, () =>
    {
        json.Number("own", p.Own);
        json.Number("sibling", p.Sibling);
        json.Number("other", p.Other);
    });
}
