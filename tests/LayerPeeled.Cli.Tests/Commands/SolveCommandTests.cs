using System.Text.Json;
using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class SolveCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Solve_TwoGroups_PrintsHeadlineAndTableAndExitsZero()
    {
        ToolRun run = ToolRun.Split("solve --classes 5x1000,5x10 --ew 1 --eh 5");
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("Optimal:", run.Output, StringComparison.Ordinal);
        Assert.Contains("5 of 10 classes below the critical class size", run.Output, StringComparison.Ordinal);
        Assert.Contains("0.0912991640", run.Output, StringComparison.Ordinal);
        Assert.Contains("cos(w, w')", run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Solve_LossTooSmallForADouble_PrintsItFromItsLogarithm()
    {
        ToolRun run = ToolRun.Split("solve --classes 5x100,5x10 --ew 1e4 --eh 1e4 --gap 1e-9");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("1.658209", run.Output, StringComparison.Ordinal);
        Assert.Contains("e-4825", run.Output, StringComparison.Ordinal);
        JsonNode json = ToolRun.Split("solve --classes 5x100,5x10 --ew 1e4 --eh 1e4 --gap 1e-9 --json").Json;
        Assert.Equal(0, (double)json["objective"]!);
        Assert.InRange((double)json["log10Objective"]!, -4824.7804, -4824.7803);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("reduced")]
    [InlineData("low-rank")]
    [InlineData("nuclear-norm")]
    [InlineData("frank-wolfe")]
    [InlineData("sdp")]
    [InlineData("projected-gradient")]
    public void Solve_EveryMethod_CertifiesTheSameOptimum(string method)
    {
        ToolRun run = ToolRun.Split($"solve --classes 3x100,3x30 --ew 1 --eh 2 --method {method} --json");
        Assert.Equal(0, run.ExitCode);
        double gap = (double)run.Json["gapTolerance"]!;
        double reference = (double)ToolRun.Split("solve --classes 3x100,3x30 --ew 1 --eh 2 --json").Json["objective"]!;
        Assert.InRange((double)run.Json["objective"]!, reference * (1 - 1e-9), reference * (1 + gap + 1e-9));
    }

    [Fact]
    public void SolverCatalog_EveryEntry_HasTheNameOfItsSolver() =>
        Assert.All(SolverCatalog.All, method => Assert.Equal(method.Name, method.Create(method.Defaults).Name));

    [Fact]
    public void Solve_Json_IsOneDocumentWithoutMatrices()
    {
        ToolRun run = ToolRun.Split("solve --classes 2x100,1x50,2x3 --ew 1 --eh 5 --json");
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal("Optimal", document.RootElement.GetProperty("status").GetString());
        Assert.False(document.RootElement.TryGetProperty("matrices", out _));
        Assert.DoesNotContain("NaN", run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Solve_CountsFileStandardInputAndClasses_GiveTheSameObjective()
    {
        string file = folder.File("counts.csv", "class,count\na,100\nb,10\nc,100\nd,10\n");
        double fromFile = (double)ToolRun.Of("solve", "--counts", file, "--ew", "1", "--eh", "5", "--json").Json["objective"]!;
        ToolRun piped = ToolRun.With("100\n10\n100\n10\n", default, "solve", "--counts", "-", "--ew", "1", "--eh", "5", "--json");
        double fromClasses = (double)ToolRun.Split("solve --classes 2x100,2x10 --ew 1 --eh 5 --json").Json["objective"]!;
        Assert.Equal(fromClasses, fromFile, 1e-12);
        Assert.Equal(fromFile, (double)piped.Json["objective"]!);
    }

    [Fact]
    public void Solve_LongTail_HasTheProfile()
    {
        JsonNode json = ToolRun.Split("solve --long-tail 3,500,100 --ew 1 --eh 5 --json").Json;
        Assert.Equal([500, 50, 5], json["model"]!["groups"]!.AsArray().Select(group => (double)group!["count"]!));
    }

    [Fact]
    public void Solve_LongTailOfInfiniteRatio_HasExamplesInTheFirstClassOnly()
    {
        JsonNode json = ToolRun.Split("solve --long-tail 5,100,inf --ew 1 --eh 5 --json").Json;
        Assert.Equal("Optimal", (string?)json["status"]);
        Assert.Equal([(1, 100.0), (4, 0.0)], json["model"]!["groups"]!.AsArray().Select(group => ((int)group!["classes"]!, (double)group["count"]!)));
    }

    [Fact]
    public void Solve_Weights_ActAsCounts()
    {
        string file = folder.File("weights.txt", "1\n10\n");
        JsonNode list = ToolRun.Split("solve --classes 5x1000,5x100 --weights 1,10 --ew 1 --eh 5 --json").Json;
        JsonNode fromFile = ToolRun.Split($"solve --classes 5x1000,5x100 --weights {file} --ew 1 --eh 5 --json").Json;
        JsonNode balanced = ToolRun.Split("solve --classes 10x1 --ew 1 --eh 5 --json").Json;
        Assert.Equal((double)balanced["objective"]!, (double)list["objective"]!, 1e-10);
        Assert.Equal((double)list["objective"]!, (double)fromFile["objective"]!);
        Assert.Equal(10, (double)list["groups"]![1]!["weight"]!);
        Assert.Contains("weight", ToolRun.Split("solve --classes 5x1000,5x100 --weights 1,10 --ew 1 --eh 5").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_IterationLimit_ExitsOneAndSaysSo()
    {
        ToolRun run = ToolRun.Split("solve --long-tail 20,500,100 --ew 1 --eh 5 --max-iterations 2 --json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("IterationLimit", (string?)run.Json["status"]);
        Assert.Equal(2, (int)run.Json["iterations"]!);
    }

    [Fact]
    public void Solve_GapSeedAndTimeLimit_ReachTheSolver()
    {
        JsonNode json = ToolRun.Split("solve --long-tail 20,500,100 --ew 1 --eh 5 --gap 1e-3 --seed 7 --time-limit 100 --json").Json;
        Assert.Equal(1e-3, (double)json["gapTolerance"]!);
        ToolRun limited = ToolRun.Split("solve --long-tail 60,500,100 --ew 1 --eh 5 --time-limit 1e-7 --json");
        Assert.Equal(1, limited.ExitCode);
        Assert.Equal("TimeLimit", (string?)limited.Json["status"]);
    }

    [Fact]
    public void Solve_Cancelled_StillWritesTheBestPointAndExits130()
    {
        string file = folder.File("cancelled.json");
        ToolRun run = ToolRun.With("", new CancellationToken(canceled: true), "solve", "--long-tail", "20,500,100", "--ew", "1", "--eh", "5", "--json", "--out", file);
        Assert.Equal(130, run.ExitCode);
        Assert.Equal("Cancelled", (string?)run.Json["status"]);
        Assert.True((double)run.Json["lowerBound"]! <= (double)run.Json["objective"]!);
        Assert.Equal(1, ToolRun.Of("verify", file).ExitCode);
    }

    [Fact]
    public void Solve_ManyGroups_TableIsAbbreviatedUnlessAskedForWhole()
    {
        ToolRun some = ToolRun.Split("solve --long-tail 40,5000,100 --ew 1 --eh 5"), all = ToolRun.Split("solve --long-tail 40,5000,100 --ew 1 --eh 5 --all-groups");
        Assert.Contains("20 of 40 groups are left out; --all-groups shows them.", some.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("left out", all.Output, StringComparison.Ordinal);
        // Twenty rows more; the row of dots and the note less.
        Assert.Equal(18, all.Output.Count(c => c == '\n') - some.Output.Count(c => c == '\n'));
    }

    [Fact]
    public void Solve_Out_WritesOneFileAndReplacesAnOldOne()
    {
        string file = folder.File("solution.json", "old");
        Assert.Equal(0, ToolRun.Of("solve", "--classes", "5x1000,5x10", "--ew", "1", "--eh", "5", "--out", file).ExitCode);
        Assert.Equal([file], folder.Files);
        Assert.Equal("classes", (string?)JsonNode.Parse(File.ReadAllText(file))!["matrices"]!["form"]);
    }

    [Fact]
    public void Solve_MillionClasses_FileStaysSmall()
    {
        string file = folder.File("million.json");
        ToolRun run = ToolRun.Of("solve", "--classes", "300000x50,700000x2", "--ew", "1", "--eh", "5", "--out", file, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(1_000_000, (int)run.Json["classCount"]!);
        Assert.True(new FileInfo(file).Length < 5000);
        Assert.Equal(0, ToolRun.Of("verify", file).ExitCode);
    }

    [Fact]
    public void Solve_DimensionBelowTheOptimum_IsNotCertifiedAndSaysWhy()
    {
        ToolRun run = ToolRun.Split("solve --classes 10x100 --ew 1 --eh 5 --dimension 3 --json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(3, (int)run.Json["model"]!["featureDimension"]!);
        Assert.Contains(run.Json["notes"]!.AsArray(), note => ((string)note!).Contains("dimensions", StringComparison.Ordinal));
    }
}
