using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class PhaseCommandTests : IDisposable
{
    private const double CosineTolerance = 1e-6;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Phase_Cosine_IsOneFromTheThresholdOn()
    {
        ToolRun run = ToolRun.Split("phase --points 9 --budget-points 5 --json");
        Assert.Equal(0, run.ExitCode);
        JsonArray rows = run.Json["rows"]!.AsArray();
        Assert.Equal(5, rows.Count);
        foreach (JsonNode? row in rows)
        {
            double threshold = row!["threshold"]!.GetValue<double>();
            Assert.Equal(MinorityCollapseThreshold.At(5, 5, row["budgetProduct"]!.GetValue<double>()).Ratio, threshold);
            Assert.Equal(9, row["points"]!.AsArray().Count);
            foreach (JsonNode? point in row["points"]!.AsArray())
            {
                double? cosine = point!["classifier"]!["minorityCosine"]?.GetValue<double>();
                bool collapsed = point["ratio"]!.GetValue<double>() >= threshold;
                Assert.Equal(collapsed, cosine is null || cosine > 1 - CosineTolerance);
            }
        }
    }

    [Fact]
    public void Phase_Cosine_PlotHasTheThresholdAndHatchesWhatVanishes()
    {
        string file = folder.File("phase.svg");
        Assert.Equal(0, ToolRun.Split($"phase --points 9 --budget-points 5 --plot {file}").ExitCode);
        var svg = new Svg(File.ReadAllText(file));
        Assert.Equal(["threshold R0"], svg.Titles("series"));
        Assert.Contains("classifiers vanish: no cosine", svg.Texts);
        Assert.Contains(svg.Groups("cells").Single().Elements(), cell => (string?)cell.Attribute("fill") == "url(#hatch)");
        Assert.Contains("cosine between minority classifiers", svg.Titles("colours"));
    }

    [Fact]
    public void Phase_Threshold_HasTheValuesOfTheLibraryAlsoBeyondDouble()
    {
        ToolRun run = ToolRun.Split("phase --quantity threshold --class-count 10 --budget-from 1 --budget-to 10000 --budget-points 3 --json");
        Assert.Equal(0, run.ExitCode);
        JsonArray thresholds = run.Json["thresholds"]!.AsArray();
        Assert.Equal(8 * 3, thresholds.Count);
        foreach (JsonNode? entry in thresholds)
        {
            var expected = MinorityCollapseThreshold.At(
                entry!["majorityClasses"]!.GetValue<int>(), entry["minorityClasses"]!.GetValue<int>(), entry["budgetProduct"]!.GetValue<double>());
            Assert.Equal(expected.LogRatio, entry["logThreshold"]!.GetValue<double>());
            Assert.Equal(expected.ExceedsDoubleRange ? null : expected.Ratio, entry["threshold"]?.GetValue<double>());
        }

        Assert.Contains(thresholds, entry => entry!["threshold"] is null);
    }

    [Fact]
    public void Phase_Threshold_CsvAndPlot()
    {
        string file = folder.File("threshold.svg");
        ToolRun run = ToolRun.Split($"phase --quantity threshold --budget-points 3 --csv - --plot {file}");
        Assert.Equal(0, run.ExitCode);
        string[] lines = run.Output.TrimEnd().Split('\n');
        Assert.Equal("majority_classes,minority_classes,budget_product,threshold,log_threshold", lines[0]);
        Assert.Equal(1 + (8 * 3), lines.Length);
        var svg = new Svg(File.ReadAllText(file));
        Assert.Contains("majority classes KA", svg.Texts);
        Assert.Contains("threshold R0 (lightest: 106 and more)", svg.Titles("colours"));
    }
}
