using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class MitigateCommandTests : IDisposable
{
    private const double SolverTolerance = 1e-6;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Mitigate_SmallLongTail_ComparesTheRules()
    {
        ToolRun run = ToolRun.Split("mitigate --long-tail 8,200,50 --ew 1 --eh 2 --oversample 3 --json");
        Assert.Equal(0, run.ExitCode);
        Dictionary<string, JsonNode> rules = run.Json["rules"]!.AsArray().ToDictionary(rule => (string)rule!["rule"]!, rule => rule!);
        Assert.Equal(["none", "square-root inverse", "effective number, β = 0.999", "inverse frequency", "oversampling by 3 below 12"], rules.Keys);
        Assert.All(rules.Values, rule => Assert.Equal("Optimal", (string?)rule["status"]));
        Assert.All(rules.Values, rule => Assert.Equal(8, rule["weights"]!.AsArray().Count));
        Assert.True((int)rules["none"]["classesBelowCriticalSize"]! > 0);

        // Balanced classes: the simplex ETF.
        JsonNode balanced = rules["inverse frequency"];
        Assert.Equal(0, (int)balanced["classesBelowCriticalSize"]!);
        Assert.Equal(-1.0 / 7, (double)balanced["minorityCosine"]!, SolverTolerance);
        Assert.Equal(1, (double)balanced["largestNorm2"]!, SolverTolerance);
        Assert.Equal(8 * Math.Sqrt(2) / 7, (double)balanced["worstMargin"]!, SolverTolerance);
        Assert.Null(run.Json["weakest"]);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Mitigate_Weakest_BracketsTheExactExponent()
    {
        ToolRun run = ToolRun.Split("mitigate --classes 5x100,5x1 --ew 1 --eh 5 --weakest --tolerance 1e-4 --json");
        Assert.Equal(0, run.ExitCode);

        // R^(1−τ) = R_0
        double exact = 1 - (Math.Log(12.192447080325935) / Math.Log(100));
        Assert.InRange(exact, (double)run.Json["weakest"]!["tooWeakExponent"]! - SolverTolerance, (double)run.Json["weakest"]!["exponent"]!);
        Assert.True((bool)run.Json["weakest"]!["isCertified"]!);
        Assert.Equal(0, (int)run.Json["weakest"]!["outcome"]!["classesBelowCriticalSize"]!);
        Assert.Equal(100 / 12.192447080325935, (double)run.Json["escapingOversamplingRate"]!, 1e-9);
    }

    [Fact]
    public void Mitigate_Losses_AreComparedAndTheWeakestFound()
    {
        ToolRun run = ToolRun.Split("mitigate --classes 5x100,5x1 --ew 1 --eh 5 --losses --weakest --tolerance 1e-3 --json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["la:tau=1", "vs:gamma=0.2,tau=1", "cdt:gamma=0.2", "ldt:gamma=0.2,tau=0", "ldam:c=0.5", "smoothing:epsilon=0.1"],
            run.Json["losses"]!.AsArray().Select(loss => (string)loss!["rule"]!));
        Dictionary<string, JsonNode> weakest = run.Json["weakestLosses"]!.AsArray().ToDictionary(loss => (string)loss!["family"]!, loss => loss!);
        Assert.Equal(["ldt", "cdt", "vs", "ldam", "smoothing"], weakest.Keys);
        Assert.All(weakest.Values, loss => Assert.Equal((bool)loss["separates"]!, (int)loss["outcome"]!["classesBelowCriticalSize"]! == 0));
        Assert.InRange((double)weakest["ldt"]["value"]!, -1, -0.01);

        ToolRun table = ToolRun.Split("mitigate --classes 5x100,5x1,2x0 --ew 1 --eh 5 --losses");
        Assert.Contains("cdt: The loss 'cdt:gamma=0.2' needs examples of every class", table.Output, StringComparison.Ordinal);
        Assert.Contains("smoothing:epsilon=0.1", table.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8", 5)]
    [InlineData("8.5", 0)]
    public void Mitigate_OwnWeights_AreJudgedByTheThreshold(string weight, int below)
    {
        // The escaping rate is 8.2018.
        JsonNode json = ToolRun.Split($"mitigate --classes 5x100,5x1 --weights 1,{weight} --ew 1 --eh 5 --json").Json;
        JsonNode own = json["rules"]!.AsArray().Single(rule => (string?)rule!["rule"] == "--weights")!;
        Assert.Equal(below, (int)own["classesBelowCriticalSize"]!);
        JsonNode none = json["rules"]![0]!;
        Assert.Equal(5, (int)none["classesBelowCriticalSize"]!);
    }

    [Fact]
    public void Mitigate_TableAndCsv_HaveARowARule()
    {
        string file = folder.File("rules.csv");
        ToolRun run = ToolRun.Of("mitigate", "--classes", "5x100,5x1", "--ew", "1", "--eh", "5", "--oversample", "9", "--beta", "0.9", "--csv", file);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("effective number, β = 0.9 ", run.Output, StringComparison.Ordinal);
        Assert.Contains("oversampling by 9 below 100", run.Output, StringComparison.Ordinal);
        Assert.Contains("any rate above 8.2017989777755", run.Output, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(file);
        Assert.Equal(6, lines.Length);
        Assert.StartsWith("\"effective number, β = 0.9\",Optimal,", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Mitigate_Cancelled_PrintsWhatThereIs()
    {
        ToolRun run = ToolRun.With("", new CancellationToken(canceled: true), "mitigate", "--long-tail", "20,500,100", "--ew", "1", "--eh", "5", "--json", "--weakest");
        Assert.Equal(130, run.ExitCode);
        Assert.Single(run.Json["rules"]!.AsArray());
        Assert.Null(run.Json["weakest"]);
    }
}
