using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Output.Threshold;

/// <summary>The critical class size of any counts, and the classes at or below it.</summary>
internal sealed class CollapseReport : IReport
{
    private const int LongTable = 24;
    private const int Shown = 10;
    private const int MostListed = 10_000;
    private readonly ClassInput input;
    private readonly CollapseAnalysis analysis;
    private readonly LayerPeeledSolution solution;
    private readonly MinorityCollapseThreshold? threshold;
    private readonly double ratio = double.NaN;
    private readonly List<string> notes;

    public CollapseReport(ClassInput input, CollapseAnalysis analysis)
    {
        (this.input, this.analysis, solution) = (input, analysis, analysis.Solution);
        notes = [.. input.Notes];
        IReadOnlyList<ClassGroup> groups = solution.Model.Groups;
        if (groups.Count == 2 && groups.MinBy(g => g.EffectiveCount).Classes > 1)
        {
            threshold = MinorityCollapseThreshold.Of(solution.Model);
            ratio = MinorityCollapseThreshold.EffectiveRatio(solution.Model);
        }

        if (solution.Status != SolverStatus.Optimal)
        {
            notes.Add($"The optimum is not certified ({solution.Status}), so n* is not exact.");
        }
    }

    private string Critical => analysis.CriticalClassSize == 0
        ? Sheet.Exact(0, solution.Log10CriticalClassSize) : Sheet.Short(analysis.CriticalClassSize);

    private int Below => analysis.CollapsedClasses.Count;

    public void Write(Sheet sheet)
    {
        sheet.Line($"Critical class size n* = {Critical}: {Below} of {analysis.Model.ClassCount} classes are at or below it");
        sheet.Line();
        sheet.Facts([.. input.Facts(), .. Facts()]);
        sheet.Line();
        WriteGroups(sheet);
        if (Below > 0)
        {
            sheet.Line();
            sheet.Line($"At or below n*{input.Numbering}: {input.List(analysis.CollapsedClasses)}");
        }

        notes.ForEach(sheet.Line);
    }

    public string ToJson() => NotedJson.Document(notes, json =>
    {
        json.Text("status", solution.Status.ToString());
        json.Number("relativeGap", solution.Certificate.RelativeGap);
        json.Number("gapTolerance", solution.RelativeGapTolerance);
        json.Number("classifierBudget", analysis.Model.ClassifierBudget);
        json.Number("featureBudget", analysis.Model.FeatureBudget);
        json.Number("multiplier", analysis.Multiplier);
        json.Number("criticalClassSize", analysis.CriticalClassSize);
        json.Number("clearance", analysis.Clearance);
        json.Number("classCount", analysis.Model.ClassCount);
        input.Write(json);
        json.Number("classesBelowCriticalSize", Below);
        json.Numbers("belowCriticalSize", analysis.CollapsedClasses.Take(MostListed).Select(k => (double)k));
        if (input.Names is { } names)
        {
            json.Texts("namesBelowCriticalSize", analysis.CollapsedClasses.Take(MostListed).Select(k => names[k]));
        }

        if (Below > MostListed)
        {
            json.Note($"belowCriticalSize holds the first {MostListed} of {Below} classes; --csv has all of them.");
        }

        if (threshold is not null)
        {
            json.Object("threshold", () =>
            {
                json.Number("effectiveRatio", ratio);
                json.Number("ratio", threshold.Ratio);
                json.Number("logRatio", threshold.LogRatio);
                json.Number("escapingOversamplingRate", threshold.EscapingOversamplingRate(ratio));
            });
        }

        json.Objects("groups", analysis.Groups, g =>
        {
            json.Number("classes", g.Group.Classes);
            json.Number("count", g.Group.Count);
            json.Number("weight", g.Group.LossWeight);
            json.Number("effectiveCount", g.Group.EffectiveCount);
            json.Number("relativeSize", g.RelativeSize);
            json.Truth("collapsed", g.Collapsed);
        });
    });

    public IEnumerable<string[]> ToRows()
    {
        yield return ["class", .. input.Names is null ? Array.Empty<string>() : ["name"], "count", "weight", "effective_count", "relative_size", "collapsed"];
        string[][] groups = analysis.Groups.Select(g => (string[])
        [
            CsvText.Number(g.Group.Count), CsvText.Number(g.Group.LossWeight), CsvText.Number(g.Group.EffectiveCount), CsvText.Number(g.RelativeSize),
            g.Collapsed ? "true" : "false",
        ]).ToArray();
        for (int k = 0; k < analysis.Model.ClassCount; k++)
        {
            IEnumerable<string> name = input.Names is { } names ? [names[k]] : [];
            yield return [k.ToString(CultureInfo.InvariantCulture), .. name, .. groups[analysis.Model.GroupOfClass[k]]];
        }
    }

    private IEnumerable<(string, string)> Facts()
    {
        yield return ("multiplier λ", Sheet.Exact(analysis.Multiplier, solution.Certificate.Log10Multiplier));
        yield return ("clearance", double.IsInfinity(analysis.Clearance) ? "all sizes are more than 1e308 times n*" : $"the size nearest to n* is {Sheet.Short(100 * analysis.Clearance)} % away from it");
        yield return ("certificate", $"{solution.Status}, relative gap {Sheet.Small(solution.Certificate.RelativeGap)}");
        if (threshold is not null)
        {
            string critical = threshold.ExceedsDoubleRange ? $"e^{Sheet.Short(threshold.LogRatio)}" : Sheet.Short(threshold.Ratio);
            double rate = threshold.EscapingOversamplingRate(ratio);
            yield return ("two groups", $"effective ratio {(double.IsInfinity(ratio) ? "∞" : Sheet.Short(ratio))}, threshold R_0 = {critical}"
                + (rate >= 1 ? $"; {(double.IsInfinity(rate) ? "no oversampling by a rate that is a number" : $"oversampling by more than {Sheet.Short(rate)}")} avoids collapse" : ""));
        }
    }

    private void WriteGroups(Sheet sheet)
    {
        IReadOnlyList<CollapseGroup> groups = analysis.Groups;
        bool weighted = groups.Any(g => g.Group.LossWeight != 1);
        IEnumerable<string> weight = weighted ? ["weight", "effective"] : [];
        IEnumerable<string[]> rows = groups.Select((g, i) => (string[])
        [
            (i + 1).ToString(CultureInfo.InvariantCulture), g.Group.Classes.ToString(CultureInfo.InvariantCulture), Sheet.Short(g.Group.Count),
            .. weighted ? (string[])[Sheet.Short(g.Group.LossWeight), Sheet.Short(g.Group.EffectiveCount)] : [],
            Sheet.Short(g.RelativeSize), g.Collapsed ? "yes" : "no",
        ]);
        if (groups.Count > LongTable)
        {
            rows = [.. rows.Take(Shown), Enumerable.Repeat("…", weighted ? 7 : 5).ToArray(), .. rows.Skip(groups.Count - Shown)];
        }

        sheet.Table(["group", "classes", "count", .. weight, "size/n*", "-collapsed"], rows);
        if (groups.Count > LongTable)
        {
            sheet.Line($"{groups.Count - (2 * Shown)} of {groups.Count} groups are left out; --csv and --json have all of them.");
        }
    }
}
