using System.Globalization;
using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class ThresholdCommandTests : IDisposable
{
    private const double Roundoff = 1e-11;
    private readonly TemporaryFolder folder = new();

    public static TheoryData<int, int, double, double> References
    {
        get
        {
            var data = new TheoryData<int, int, double, double>();
            foreach (JsonNode? c in JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ReferenceData", "thresholds.json")))!["cases"]!.AsArray())
            {
                data.Add((int)c!["K_A"]!, (int)c["K_B"]!, (double)c["E_W_times_E_H"]!, double.Parse((string)c["R0"]!, CultureInfo.InvariantCulture));
            }

            return data;
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(References))]
    public void Threshold_ReferenceCases_AreReached(int majority, int minority, double product, double expected)
    {
        ToolRun run = ToolRun.Split(string.Create(CultureInfo.InvariantCulture, $"threshold --majority {majority} --minority {minority} --ew 0.5 --eh {2 * product} --json"));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(expected, (double)run.Json["ratio"]!, expected * Roundoff);
        Assert.Equal(Math.Log(expected), (double)run.Json["logRatio"]!, Roundoff);
        Assert.False((bool)run.Json["exceedsDoubleRange"]!);
        Assert.Equal(1 / ((majority * expected) + minority), (double)run.Json["criticalShare"]!, Roundoff);
        Assert.Equal((double)run.Json["criticalShare"]!, (double)run.Json["multiplier"]!);
        Assert.Empty(run.Json["notes"]!.AsArray());
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Threshold_BeyondDouble_IsNullWithNotes()
    {
        ToolRun run = ToolRun.Split("threshold --majority 5 --minority 5 --ew 1 --eh 1e6 --json --at-ratio 1e300");
        Assert.Equal(0, run.ExitCode);
        Assert.Null(run.Json["ratio"]);
        Assert.True((bool)run.Json["exceedsDoubleRange"]!);
        Assert.Equal(2122.2513064808622, (double)run.Json["logRatio"]!, 1e-9);
        Assert.False((bool)run.Json["atRatio"]!["collapsed"]!);
        Assert.Contains(run.Json["notes"]!.AsArray(), note => ((string)note!).StartsWith("R_0 exceeds the range", StringComparison.Ordinal));
        Assert.Contains("e^2122.25", ToolRun.Split("threshold --majority 5 --minority 5 --ew 1 --eh 1e6").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12.1, false)]
    [InlineData(12.2, true)]
    [InlineData(100, true)]
    public void Threshold_AtRatio_AnswersTheInverseQuestions(double ratio, bool collapsed)
    {
        string at = ratio.ToString(CultureInfo.InvariantCulture);
        JsonNode json = ToolRun.Split($"threshold --majority 5 --minority 5 --ew 1 --eh 5 --at-ratio {at} --json").Json;
        Assert.Equal(collapsed, (bool)json["atRatio"]!["collapsed"]!);
        Assert.Equal(ratio / (double)json["ratio"]!, (double)json["atRatio"]!["escapingOversamplingRate"]!, ratio * Roundoff);

        // At the critical product the threshold is the ratio itself.
        string product = ((double)json["atRatio"]!["criticalBudgetProduct"]!).ToString("R", CultureInfo.InvariantCulture);
        Assert.Equal(ratio, (double)ToolRun.Split($"threshold --majority 5 --minority 5 --ew 1 --eh {product} --json").Json["ratio"]!, ratio * Roundoff);
    }

    [Fact]
    public void Threshold_AtRatioOne_HasNoCriticalBudget()
    {
        ToolRun run = ToolRun.Split("threshold --majority 5 --minority 5 --ew 1 --eh 5 --at-ratio 1 --json");
        Assert.False((bool)run.Json["atRatio"]!["collapsed"]!);
        Assert.Null(run.Json["atRatio"]!["criticalBudgetProduct"]);
        Assert.Contains("balanced classes never collapse", ToolRun.Split("threshold --majority 5 --minority 5 --ew 1 --eh 5 --at-ratio 1").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inf", 5)]
    [InlineData("INF", 1e6)]
    [InlineData("∞", 5)]
    public void Threshold_AtInfiniteRatio_CollapsesAtAnyBudgetAndRate(string ratio, double budget)
    {
        string command = string.Create(CultureInfo.InvariantCulture, $"threshold --majority 5 --minority 5 --ew 1 --eh {budget} --at-ratio {ratio}");
        ToolRun run = ToolRun.Split(command + " --json");
        Assert.Equal(0, run.ExitCode);
        Assert.True((bool)run.Json["atRatio"]!["collapsed"]!);
        Assert.Null(run.Json["atRatio"]!["criticalBudgetProduct"]);
        Assert.Contains("criticalBudgetProduct is null: it is +∞.", run.Json["notes"]!.AsArray().Select(note => (string)note!));
        Assert.Contains("collapse at any budget", ToolRun.Split(command).Output, StringComparison.Ordinal);

        // Minority classes without examples: the same answer from a solve.
        Assert.Equal(5, (int)ToolRun.Split("threshold --classes 5x1,5x0 --ew 1 --eh 5 --json").Json["classesBelowCriticalSize"]!);
    }

    [Fact]
    public void Threshold_LongTail_ListsTheClassesBelowAndAgreesWithSolve()
    {
        JsonNode json = ToolRun.Split("threshold --long-tail 12,500,100 --ew 1 --eh 2 --json").Json;
        JsonNode solved = ToolRun.Split("solve --long-tail 12,500,100 --ew 1 --eh 2 --json").Json;
        Assert.Equal("Optimal", (string?)json["status"]);
        Assert.Equal((double)solved["criticalClassSize"]!, (double)json["criticalClassSize"]!, 1e-6);
        Assert.Equal([6, 7, 8, 9, 10, 11], json["belowCriticalSize"]!.AsArray().Select(k => (int)k!));
        Assert.Equal(6, (int)json["classesBelowCriticalSize"]!);
        Assert.Contains("6–11", ToolRun.Split("threshold --long-tail 12,500,100 --ew 1 --eh 2").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Threshold_TwoGroupsWithWeights_GivesTheExactThresholdToo()
    {
        JsonNode json = ToolRun.Split("threshold --classes 5x1000,5x10 --weights 1,8 --ew 1 --eh 5 --json").Json;
        Assert.Equal(12.5, (double)json["threshold"]!["effectiveRatio"]!, Roundoff);
        Assert.Equal(12.192447080325935, (double)json["threshold"]!["ratio"]!, 1e-9);
        Assert.Equal(5, (int)json["classesBelowCriticalSize"]!);
    }

    [Fact]
    public void Threshold_ManyClasses_ListIsLimitedInJsonAndWholeInCsv()
    {
        string file = folder.File("below.csv");
        ToolRun run = ToolRun.Of("threshold", "--classes", "15000x100,11000x1", "--ew", "1", "--eh", "5", "--json", "--csv", file);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(11_000, (int)run.Json["classesBelowCriticalSize"]!);
        Assert.Equal(10_000, run.Json["belowCriticalSize"]!.AsArray().Count);
        Assert.Contains(run.Json["notes"]!.AsArray(), note => ((string)note!).Contains("--csv", StringComparison.Ordinal));
        string[] lines = File.ReadAllLines(file);
        Assert.Equal(26_001, lines.Length);
        Assert.Equal("class,count,weight,effective_count,relative_size,collapsed", lines[0]);
        Assert.Equal(11_000, lines.Count(line => line.EndsWith(",true", StringComparison.Ordinal)));
    }

    [Fact]
    public void Threshold_Cancelled_Exits130AndSaysThatItIsNotCertified()
    {
        ToolRun run = ToolRun.With("", new CancellationToken(canceled: true), "threshold", "--long-tail", "20,500,100", "--ew", "1", "--eh", "5", "--json");
        Assert.Equal(130, run.ExitCode);
        Assert.Contains(run.Json["notes"]!.AsArray(), note => ((string)note!).Contains("not certified", StringComparison.Ordinal));
    }

    [Fact]
    public void Threshold_Csv_HasOneRow()
    {
        string file = folder.File("t.csv");
        Assert.Equal(0, ToolRun.Of("threshold", "--majority", "5", "--minority", "5", "--ew", "1", "--eh", "5", "--csv", file, "--at-ratio", "20").ExitCode);
        string[] lines = File.ReadAllLines(file);
        Assert.Equal(2, lines.Length);
        Assert.Equal(lines[0].Split(',').Length, lines[1].Split(',').Length);
        Assert.Contains(",20,true,", lines[1], StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(file), ToolRun.Split("threshold --majority 5 --minority 5 --ew 1 --eh 5 --csv - --at-ratio 20").Output);
    }
}
