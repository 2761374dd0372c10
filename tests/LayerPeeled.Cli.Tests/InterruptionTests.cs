using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests;

/// <summary>Every command that may take long, as a process that is asked to end: it ends soon, with the best that it has.</summary>
[Collection(nameof(SweepResumptionTests))]
public sealed class InterruptionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // Each would take minutes or hours.
    [Theory]
    [InlineData("TERM", "solve --long-tail 400,50000000,1000 --ew 1 --eh 5 --method sdp --gap 1e-15 --max-iterations 1000000")]
    [InlineData("INT", "solve --long-tail 300,50000000,1000 --ew 1 --eh 5 --method projected-gradient --gap 1e-15 --max-iterations 100000000")]
    [InlineData("TERM", "solve --long-tail 300,50000000,1000 --ew 1 --eh 5 --method frank-wolfe --gap 1e-15 --max-iterations 100000000")]
    [InlineData("INT", "solve --targets TARGETS --ew 1 --eh 5 --method nuclear-norm --gap 1e-15 --max-iterations 100000000")]
    [InlineData("TERM", "solve --model supcon --long-tail 300,500000000,1000 --eh 5 --gap 1e-15 --max-iterations 100000000")]
    public async Task Solve_AskedToEnd_ReturnsACertifiedPoint(string signal, string command)
    {
        JsonNode result = await Interrupt(signal, command);
        Assert.Equal("Cancelled", (string)result["status"]!);
        double objective = (double)(result["objective"] ?? result["excess"])!, bound = (double)(result["lowerBound"] ?? result["excessLowerBound"])!;
        Assert.True(bound <= objective, $"{bound} bounds {objective}");
    }

    [Theory]
    [InlineData("INT", "solve --model sphere --long-tail 60,5000,100 --starts 100000000 --dimension 7")]
    [InlineData("TERM", "solve --model qnorm --long-tail 60,5000,100 --ew 1 --eh 5 --starts 100000000")]
    [InlineData("INT", "solve --model deep --long-tail 40,5000,100 --lambda-w 1e-5 --lambda-h 1e-8 --starts 100000000")]
    [InlineData("TERM", "solve --model relu --method descent --long-tail 60,5000,100 --dimension 20 --ew 1 --eh 5 --starts 100000000")]
    public async Task Descents_AskedToEnd_SayThatTheyWere(string signal, string command)
    {
        JsonNode result = await Interrupt(signal, command);
        Assert.Equal("Cancelled", (string)result["status"]!);
        Assert.True(double.IsFinite((double)result["objective"]!));
    }

    [Theory]
    [InlineData("TERM", "mitigate --long-tail 1000,50000000,1000 --ew 1 --eh 5 --weakest --losses")]
    [InlineData("INT", "compare --long-tail 1000,50000000,1000 --ew 1 --eh 5 --gap 1e-15")]
    [InlineData("TERM", "trajectory --classes 5x1000,5x10 --steps 1000000000 --log-loss -1e300")]
    [InlineData("INT", "trajectory --model lpm --classes 5x1000,5x10 --ew 1 --eh 5 --steps 1000000000 --gap 0")]
    [InlineData("TERM", "threshold --long-tail 1100,50000000,1000 --ew 1 --eh 5")]
    [InlineData("INT", "sweep --majority 5 --minority 5 --ew 1 --eh 5 --points 1000000")]
    [InlineData("TERM", "phase --points 1000 --budget-points 1000")]
    [InlineData("INT", "grid --majority 3 --minority 2 --ew 1 --eh 3 --points 100000")]
    [InlineData("TERM", "figure3 --points-per-decade 40000")]
    public async Task Analysis_AskedToEnd_PrintsWhatIsDone(string signal, string command) => await Interrupt(signal, command);

    private async Task<JsonNode> Interrupt(string signal, string command)
    {
        if (!OperatingSystem.IsLinux())
        {
            return JsonNode.Parse("""{"status": "Cancelled", "objective": 1, "lowerBound": 0}""")!;
        }

        using var process = new ToolProcess([.. command.Replace("TARGETS", Targets(), StringComparison.Ordinal).Split(' '), "--json"]);
        process.WaitUntilItListens();
        // Some iterations, of most
        await Task.Delay(300);
        await process.SignalAsync(signal);
        ToolRun run = await process.ResultAsync();
        Assert.True(run.ExitCode == 130, $"exit code {run.ExitCode}: {run.Error}");
        return run.Json;
    }

    // 300 words after 300 words, all numbers different
    private string Targets()
    {
        IEnumerable<int> words = Enumerable.Range(0, 300);
        return folder.File("targets.csv", string.Concat(words.Select(context => $",{context}")) + '\n'
            + string.Concat(words.Select(word => $"{word}{string.Concat(words.Select(context => $",{1 + (((word * 7919) + (context * 104_729)) % 9973)}"))}\n")));
    }
}
