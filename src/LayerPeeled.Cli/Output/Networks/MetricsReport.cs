using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Analysis.Metrics;

namespace LayerPeeled.Cli.Output.Networks;

/// <summary>The neural-collapse metrics of a network.</summary>
/// <param name="report">What was measured.</param>
/// <param name="inputNotes">What is to be said of the data it was measured on, before the notes of the report.</param>
/// <param name="outOfDistribution">NC5, where there are features of other data.</param>
internal sealed class MetricsReport(NeuralCollapseReport report, IReadOnlyList<string> inputNotes, OutOfDistributionMetrics? outOfDistribution = null) : IReport
{
    private const int LongTable = 24;
    private const int Shown = 10;
    private const int MostClasses = 10_000;

    private static readonly string[] Statistics = ["classifier_norm", "mean_norm", "classifier_cosine", "mean_cosine", "within_variance"];

    public void Write(Sheet sheet)
    {
        sheet.Line($"{report.Counts.Sum()} examples of {report.Counts.Count} classes; class means are measured from: {NetworkOptions.NameOf(report.GlobalMean)}");
        sheet.Line();
        sheet.Facts([.. Facts(), .. PairFacts()]);
        sheet.Line();
        WriteGroups(sheet);
        foreach (string note in Notes)
        {
            sheet.Line(note);
        }
    }

    public string ToJson() => NotedJson.Document(Notes, Write);

    public IEnumerable<string[]> ToRows()
    {
        yield return
        [
            "group", "classes", "smallest_count", "largest_count",
            .. Statistics.SelectMany(name => new[] { $"{name}_mean", $"{name}_std", $"{name}_min", $"{name}_max" }), "labels",
        ];
        for (int g = 0; g < report.Groups.Count; g++)
        {
            ClassGroupMetrics group = report.Groups[g];
            yield return
            [
                Text(g + 1), Text(group.Classes.Count), Text(group.SmallestCount), Text(group.LargestCount),
                .. new[] { group.ClassifierNorms, group.MeanNorms, group.ClassifierCosines, group.MeanCosines, group.WithinVariances }
                    .SelectMany(s => new[] { s.Mean, s.StandardDeviation, s.Minimum, s.Maximum }).Select(CsvText.Number), Names.Cell(report, g),
            ];
        }
    }

    /// <summary>The fields of the JSON document.</summary>
    public void Write(NotedJson json)
    {
        json.Text("globalMean", NetworkOptions.NameOf(report.GlobalMean));
        json.Number("sampleCount", report.Counts.Sum());
        json.Number("classCount", report.Counts.Count);
        json.Number("classifierBudget", report.ClassifierBudget);
        json.Number("featureBudget", report.FeatureBudget);
        json.Number("uncentredFeatureBudget", report.UncentredFeatureBudget);
        VariabilityMetrics v = report.Variability;
        json.Object("nc1", () => Numbers(json,
            ("pseudoInverse", v.PseudoInverse), ("classBalancedPseudoInverse", v.ClassBalancedPseudoInverse), ("traceRatio", v.TraceRatio),
            ("classBalancedTraceRatio", v.ClassBalancedTraceRatio), ("withinTrace", v.WithinTrace), ("betweenTrace", v.BetweenTrace), ("betweenRank", v.BetweenRank)));
        Summary(json, "classDistanceNormalisedVariance", v.ClassDistance);
        Summary(json, "log10ClassDistanceNormalisedVariance", v.ClassDistanceLog10);
        Frame(json, "nc2ClassMeans", report.MeanFrame);
        Frame(json, "nc2Classifiers", report.ClassifierFrame);
        if (report.Duality is { } duality)
        {
            json.Object("nc3", () => Numbers(json,
                ("distance", duality.Distance), ("squaredDistance", duality.SquaredDistance), ("logitDeviation", duality.LogitDeviation),
                ("uniformDuality", duality.UniformDuality)));
            Summary(json, "alignment", duality.Alignment);
            Summary(json, "similarity", duality.Similarity);
        }
        else
        {
            json.Null("nc3");
        }

        SecondPassStatistics decisions = report.Decisions!;
        json.Object("nc4", () => Numbers(json,
            ("disagreement", decisions.Disagreement), ("classifierAccuracy", decisions.ClassifierAccuracy), ("nearestMeanAccuracy", decisions.NearestMeanAccuracy)));
        if (outOfDistribution is { } other)
        {
            json.Number("outOfDistributionSamples", other.SampleCount);
            Summary(json, "nc5", other.MeanDeviation);
            Summary(json, "nc5Samples", other.SampleDeviation);
        }

        json.Objects("groups", report.Groups, group =>
        {
            json.Number("classes", group.Classes.Count);
            json.Number("smallestCount", group.SmallestCount);
            json.Number("largestCount", group.LargestCount);
            Summary(json, "classifierNorm", group.ClassifierNorms);
            Summary(json, "meanNorm", group.MeanNorms);
            Summary(json, "classifierCosine", group.ClassifierCosines);
            Summary(json, "meanCosine", group.MeanCosines);
            Summary(json, "withinVariance", group.WithinVariances);
        });
        json.Objects("classes", Enumerable.Range(0, Math.Min(report.Counts.Count, MostClasses)), k =>
        {
            json.Number("label", report.Labels[k]);
            if (report.Names is { } names)
            {
                json.Text("name", names[k]);
            }

            json.Number("count", report.Counts[k]);
            Numbers(json,
                ("classifierAccuracy", decisions.ClassifierAccuracyByClass[k]), ("nearestMeanAccuracy", decisions.NearestMeanAccuracyByClass[k]),
                ("disagreement", decisions.DisagreementByClass[k]), ("variability", decisions.VariabilityByClass[k]));
        });
        if (report.Counts.Count > MostClasses)
        {
            json.Note($"classes holds the first {MostClasses} of {report.Counts.Count}.");
        }
    }

    /// <summary>The metrics of the network as a whole.</summary>
    public IEnumerable<(string Name, string Value)> Facts()
    {
        VariabilityMetrics v = report.Variability;
        yield return ("NC1", $"tr(Σ_W·Σ_B⁺)/K {Short(v.PseudoInverse)}, trace ratio {Short(v.TraceRatio)}; "
            + $"every class alike {Short(v.ClassBalancedPseudoInverse)} and {Short(v.ClassBalancedTraceRatio)}");
        yield return ("NC2 class means", Frame(report.MeanFrame));
        if (report.ClassifierFrame is { } frame)
        {
            yield return ("NC2 classifiers", Frame(frame));
        }

        if (report.Duality is { } duality)
        {
            yield return ("NC3", $"distance {Short(duality.Distance)}, logits {Short(duality.LogitDeviation)}");
        }

        SecondPassStatistics d = report.Decisions!;
        yield return ("NC4", $"disagreement {Short(d.Disagreement)}; accuracy of the classifier {Short(d.ClassifierAccuracy)}, of the nearest mean {Short(d.NearestMeanAccuracy)}");
        yield return ("budgets", $"E_W {Short(report.ClassifierBudget)}, E_H {Short(report.FeatureBudget)} around the sample mean, {Short(report.UncentredFeatureBudget)} around 0");
    }

    /// <summary>What is measured over pairs of classes, and of classifiers with their means.</summary>
    private IEnumerable<(string Name, string Value)> PairFacts()
    {
        VariabilityMetrics v = report.Variability;
        yield return ("CDNV", $"{Short(v.ClassDistance.Mean)} on average over pairs of classes, log₁₀ {Short(v.ClassDistanceLog10.Mean)} on average");
        yield return ("GNC2 class means", Directions(report.MeanFrame));
        if (report.ClassifierFrame is { } frame)
        {
            yield return ("GNC2 classifiers", Directions(frame));
        }

        if (report.Duality is { } duality)
        {
            yield return ("UNC3", $"cos(w, m) {Short(duality.Alignment.Mean)} on average, variance {Short(duality.UniformDuality)}");
        }

        if (outOfDistribution is { } other)
        {
            yield return ("NC5", $"|cos| of class means with the mean of {other.SampleCount} other examples {Short(other.MeanDeviation.Mean)}, with each of them {Short(other.SampleDeviation.Mean)}");
        }
    }

    private void WriteGroups(Sheet sheet)
    {
        IEnumerable<string[]> rows = report.Groups.Select((group, g) => (string[])
        [
            Names.Group(report, g), Text(group.Classes.Count), Names.Range(group.SmallestCount, group.LargestCount),
            Short(group.ClassifierNorms.Mean), Short(group.MeanNorms.Mean), Short(group.ClassifierCosines.Mean), Short(group.ClassifierCosines.Minimum),
            Short(group.ClassifierCosines.Maximum), Short(group.MeanCosines.Mean), Short(group.WithinVariances.Mean),
        ]);
        int groups = report.Groups.Count;
        if (groups > LongTable)
        {
            rows = [.. rows.Take(Shown), Enumerable.Repeat("…", 10).ToArray(), .. rows.Skip(groups - Shown)];
        }

        sheet.Table([report.Names is null ? "group" : "-group", "classes", "count", "‖w‖", "‖m‖", "cos(w, w')", "least", "most", "cos(m, m')", "variance"], rows);
        if (groups > LongTable)
        {
            sheet.Line($"{groups - (2 * Shown)} of {groups} groups are left out; --csv and --json have all of them.");
        }
    }

    private IEnumerable<string> Notes => [.. inputNotes, .. report.Notes];

    private static string Frame(FrameMetrics frame) =>
        $"norms vary {Short(frame.NormVariation)}, angles vary {Short(frame.AngleVariation)}, off the ETF angle {Short(frame.AngleDeviation)}, Gram {Short(frame.GramDeviation)}";

    private static string Directions(FrameMetrics frame) =>
        $"distances {Spread(frame.Distances)}, log(1/d) {Spread(frame.LogarithmicKernel)}, 1/d {Spread(frame.InverseDistances)}; mean |cos| {Short(frame.Interference)}";

    private static string Spread(SummaryStatistics s) => $"{Short(s.Mean)} ± {Short(s.StandardDeviation)}";

    private static void Frame(NotedJson json, string name, FrameMetrics? frame)
    {
        if (frame is null)
        {
            json.Null(name);
            return;
        }

        json.Object(name, () => Numbers(json,
            ("normVariation", frame.NormVariation), ("angleVariation", frame.AngleVariation), ("angleDeviation", frame.AngleDeviation), ("gramDeviation", frame.GramDeviation),
            ("interference", frame.Interference), ("distanceMean", frame.Distances.Mean), ("distanceDeviation", frame.Distances.StandardDeviation),
            ("logarithmicKernelMean", frame.LogarithmicKernel.Mean), ("logarithmicKernelDeviation", frame.LogarithmicKernel.StandardDeviation),
            ("inverseDistanceMean", frame.InverseDistances.Mean), ("inverseDistanceDeviation", frame.InverseDistances.StandardDeviation)));
    }

    private static void Summary(NotedJson json, string name, SummaryStatistics s) => json.Object(name, () => Numbers(json,
        ("mean", s.Mean), ("standardDeviation", s.StandardDeviation), ("minimum", s.Minimum), ("maximum", s.Maximum)));

    private static void Numbers(NotedJson json, params (string Name, double Value)[] numbers) => Array.ForEach(numbers, number => json.Number(number.Name, number.Value));

    private static string Short(double value) => Sheet.Short(value);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
