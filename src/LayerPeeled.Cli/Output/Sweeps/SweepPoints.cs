using System.Text.Json;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Output.Sweeps;

/// <summary>Points of sweeps as JSON and as comma-separated values, the same for all commands.</summary>
internal static class SweepPoints
{
    private static readonly string[] Headings =
    [
        "majority_classes", "minority_classes", "ratio", "classifier_budget", "feature_budget", "status", "objective", "relative_gap", "multiplier", "collapsed",
        "w_majority_norm2", "w_minority_norm2", "w_majority_cosine", "w_minority_cosine", "w_cross_cosine",
        "h_majority_norm2", "h_minority_norm2", "h_majority_cosine", "h_minority_cosine", "h_cross_cosine",
    ];

    public static int NotCertified(IEnumerable<StepImbalancePoint> points) => points.Count(point => point.Status != SolverStatus.Optimal);

    /// <summary>One row a point.</summary>
    public static string ToCsv(IEnumerable<StepImbalancePoint> points) => CsvText.Table(Headings, points.Select(point => (IEnumerable<string>)
    [
        CsvText.Number(point.Setting.MajorityClasses), CsvText.Number(point.Setting.MinorityClasses), CsvText.Number(point.Setting.Ratio),
        CsvText.Number(point.Setting.ClassifierBudget), CsvText.Number(point.Setting.FeatureBudget), point.Status.ToString(),
        CsvText.Number(point.Objective), CsvText.Number(point.RelativeGap), CsvText.Number(point.Multiplier), point.Collapsed ? "true" : "false",
        .. Fields(point.Classifier), .. Fields(point.Feature),
    ]));

    /// <summary>How far the sweep is; the first members of each document.</summary>
    public static void WriteProgress(Utf8JsonWriter json, string command, ISweepReport report)
    {
        json.WriteString("command", command);
        json.WriteBoolean("complete", report.Progress.Done == report.Progress.Total);
        json.WriteNumber("pointsDone", report.Progress.Done);
        json.WriteNumber("pointsInAll", report.Progress.Total);
        json.WriteNumber("pointsNotCertified", report.NotCertified);
    }

    /// <summary>An array of points.</summary>
    public static void Write(Utf8JsonWriter json, string name, IEnumerable<StepImbalancePoint> points)
    {
        json.WriteStartArray(name);
        foreach (StepImbalancePoint point in points)
        {
            json.WriteStartObject();
            json.WriteNumber("ratio", point.Setting.Ratio);
            json.WriteString("status", point.Status.ToString());
            WriteNumber(json, "objective", point.Objective);
            WriteNumber(json, "relativeGap", point.RelativeGap);
            WriteNumber(json, "multiplier", point.Multiplier);
            json.WriteBoolean("collapsed", point.Collapsed);
            WriteSide(json, "classifier", point.Classifier);
            WriteSide(json, "feature", point.Feature);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>R_0 and its logarithm.</summary>
    public static void WriteThreshold(Utf8JsonWriter json, MinorityCollapseThreshold? threshold)
    {
        WriteNumber(json, "threshold", threshold?.Ratio ?? double.NaN);
        WriteNumber(json, "logThreshold", threshold?.LogRatio ?? double.NaN);
    }

    /// <summary>A number; null where there is none, and where it is too large for a double.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, Sheet.Unsigned(value));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>What there is to say about points that are missing or not certified.</summary>
    public static void WriteRemarks(Sheet sheet, ISweepReport report)
    {
        (int done, int total, _) = report.Progress;
        if (done < total)
        {
            sheet.Line($"Not complete: {done} of {total} points are done.");
        }

        sheet.Line(report.NotCertified == 0
            ? $"Each of the {done} points is a certified global optimum."
            : $"{report.NotCertified} of {done} points are not certified; --json and --csv have the status of each.");
    }

    private static string[] Fields(StepImbalanceSide side) =>
    [
        CsvText.Number(side.MajorityNorm2), CsvText.Number(side.MinorityNorm2),
        CsvText.Number(side.MajorityCosine), CsvText.Number(side.MinorityCosine), CsvText.Number(side.CrossCosine),
    ];

    private static void WriteSide(Utf8JsonWriter json, string name, StepImbalanceSide side)
    {
        json.WriteStartObject(name);
        WriteNumber(json, "majorityNorm2", side.MajorityNorm2);
        WriteNumber(json, "minorityNorm2", side.MinorityNorm2);
        WriteNumber(json, "majorityCosine", side.MajorityCosine);
        WriteNumber(json, "minorityCosine", side.MinorityCosine);
        WriteNumber(json, "crossCosine", side.CrossCosine);
        json.WriteEndObject();
    }
}
