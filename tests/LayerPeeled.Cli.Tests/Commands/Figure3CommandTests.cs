using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class Figure3CommandTests : IDisposable
{
    // Solver accuracy: the objective is certified to 1e-9, and cosines are less exact than it.
    private const double CosineTolerance = 1e-6;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0, 5, 3, 245.497)]
    [InlineData(1, 5, 5, 12.1924)]
    [InlineData(2, 5, 7, 4.0005)]
    [InlineData(3, 10, 3, 6350.85)]
    [InlineData(4, 10, 5, 81.1022)]
    [InlineData(5, 10, 7, 13.6659)]
    public void Figure3_Json_CurvesStartAtTheSimplexAndReachOneAtTheThreshold(int curve, double featureBudget, int majority, double threshold)
    {
        ToolRun run = ToolRun.Split("figure3 --points-per-decade 20 --json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        Assert.True(run.Json["complete"]!.GetValue<bool>());
        Assert.Equal(6, run.Json["curves"]!.AsArray().Count);
        JsonNode json = run.Json["curves"]![curve]!;
        Assert.Equal(featureBudget, json["featureBudget"]!.GetValue<double>());
        Assert.Equal(majority, json["majorityClasses"]!.GetValue<int>());
        // The reference values have six digits.
        Assert.Equal(threshold, json["threshold"]!.GetValue<double>(), threshold * 2e-5);
        (double Ratio, double? Cosine)[] points = json["points"]!.AsArray()
            .Select(point => (point!["ratio"]!.GetValue<double>(), point["classifier"]!["minorityCosine"]?.GetValue<double>())).ToArray();
        Assert.Equal(81, points.Length);
        Assert.All(json["points"]!.AsArray(), point => Assert.Equal("Optimal", point!["status"]!.GetValue<string>()));
        Assert.Equal(1, points[0].Ratio);
        Assert.Equal(-1.0 / 9, points[0].Cosine!.Value, CosineTolerance);
        Assert.All(points.Where(point => point.Ratio < threshold), point => Assert.True(point.Cosine < 1 - CosineTolerance));
        Assert.Equal(1, points.First(point => point.Ratio >= threshold).Cosine!.Value, CosineTolerance);
        Assert.All(points.Where(point => point.Ratio >= threshold && point.Cosine is not null), point => Assert.Equal(1, point.Cosine!.Value, CosineTolerance));
    }

    [Fact]
    public void Figure3_Defaults_AreTheSettingsOfThePaper()
    {
        JsonNode json = ToolRun.Split("figure3 --json").Json;
        double[] ratios = ParameterSweep.Figure3().Lines[0].Select(setting => setting.Ratio).ToArray();
        Assert.Equal(10, json["classCount"]!.GetValue<int>());
        Assert.Equal(1, json["classifierBudget"]!.GetValue<double>());
        Assert.Equal(ratios, json["curves"]![0]!["points"]!.AsArray().Select(point => point!["ratio"]!.GetValue<double>()));
    }

    [Fact]
    public void Figure3_Csv_OneRowAPointWithTheNumbersOfTheJson()
    {
        string command = "figure3 --points-per-decade 2 --eh 5 --majority 5,7";
        ToolRun run = ToolRun.Split(command + " --csv -");
        Assert.Equal(0, run.ExitCode);
        string[][] rows = run.Output.TrimEnd().Split('\n').Select(line => line.Split(',')).ToArray();
        Assert.Equal(1 + (2 * 9), rows.Length);
        Assert.All(rows, row => Assert.Equal(20, row.Length));
        int ratio = Array.IndexOf(rows[0], "ratio"), cosine = Array.IndexOf(rows[0], "w_minority_cosine"), status = Array.IndexOf(rows[0], "status");
        JsonNode[] points = ToolRun.Split(command + " --json").Json["curves"]!.AsArray().SelectMany(curve => curve!["points"]!.AsArray()).ToArray()!;
        for (int i = 0; i < points.Length; i++)
        {
            Assert.Equal(points[i]["ratio"]!.GetValue<double>(), double.Parse(rows[i + 1][ratio], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal("Optimal", rows[i + 1][status]);
            // An empty field and null: the classifiers have vanished.
            Assert.Equal(points[i]["classifier"]!["minorityCosine"]?.ToJsonString() ?? "", rows[i + 1][cosine]);
        }

        Assert.Contains(rows, row => row[cosine].Length == 0);
    }

    [Fact]
    public void Figure3_Plot_HasTwoPanelsOfThreeCurvesThatMeetTheFrameRight()
    {
        string file = folder.File("figure3.svg");
        Assert.Equal(0, ToolRun.Of("figure3", "--plot", file).ExitCode);
        var svg = new Svg(File.ReadAllText(file));
        Assert.Equal(["EW = 1, EH = 5", "EW = 1, EH = 10"], svg.Titles("panel"));
        Assert.Equal(["KA = 3", "KA = 5", "KA = 7", "KA = 3", "KA = 5", "KA = 7"], svg.Titles("series"));
        Assert.Equal(2, svg.Titles("reference").Length);
        Assert.Contains("−1/(K − 1) = −1/9", svg.Texts);
        Assert.Contains("104", svg.Texts);
        // Each curve begins where the reference line is: at −1/9.
        double floor = Svg.Corners(svg.Groups("reference").First())[0].Y;
        Assert.All(svg.Groups("curve"), curve => Assert.Equal(floor, Svg.Corners(curve)[0].Y, 0.02));
        // And reaches its top, at the height of 1.
        Assert.Single(svg.Groups("curve").Select(curve => Svg.Corners(curve).Min(corner => corner.Y)).Distinct());
    }

    [Fact]
    public void Figure3_Plot_CurveHasItsCornerAtTheThresholdBetweenTwoPoints()
    {
        string file = folder.File("figure3.svg");
        Assert.Equal(0, ToolRun.Of("figure3", "--points-per-decade", "1", "--eh", "5", "--majority", "5", "--plot", file).ExitCode);
        (double X, double Y)[] corners = Svg.Corners(new Svg(File.ReadAllText(file)).Groups("curve").Single());
        double position = Math.Log10(MinorityCollapseThreshold.At(5, 5, 5).Ratio) / 4;
        // Coordinates are rounded to 0.01.
        (double X, double Y) corner = Assert.Single(corners, c => Math.Abs(c.X - corners[0].X - (position * (corners[^1].X - corners[0].X))) < 0.03);
        Assert.Equal(corners[^1].Y, corner.Y, 0.02);
    }

    [Fact]
    public void Figure3_Table_HasThresholdsAndDecades()
    {
        ToolRun run = ToolRun.Split("figure3 --points-per-decade 1");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        Assert.Contains("245.4969", run.Output, StringComparison.Ordinal);
        Assert.Contains("R = 10000", run.Output, StringComparison.Ordinal);
        Assert.Contains("Each of the 30 points is a certified global optimum.", run.Output, StringComparison.Ordinal);
    }
}
