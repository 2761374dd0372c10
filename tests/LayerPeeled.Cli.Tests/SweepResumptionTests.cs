using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests;

/// <summary>Long sweeps that end before their time, and continue. They run alone: who kills a process must not come too late.</summary>
[Collection(nameof(SweepResumptionTests))]
[CollectionDefinition(nameof(SweepResumptionTests), DisableParallelization = true)]
public sealed class SweepResumptionTests : IDisposable
{
    private const int Points = 10_000;
    private const int Chunks = Points / 16;

    // Index, 16 points of 14 numbers and a checksum
    private const int BytesOfChunk = 16 * 14 * 17;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Sweep_KilledSeveralTimes_ContinuesToTheSameBytes()
    {
        using var whole = new ToolProcess([.. Arguments("whole"), "--json"]);
        ToolRun expected = await whole.ResultAsync();
        Assert.Equal(0, expected.ExitCode);

        string state = folder.File("sweep.state");
        int before = 0;
        foreach (int chunks in new[] { 40, 120, 200 })
        {
            using var killed = new ToolProcess([.. Arguments("part"), "--json", "--state", state, "--threads", "1"]);
            killed.WaitForFile(state, (long)chunks * BytesOfChunk);
            killed.Kill();
            Assert.NotEqual(0, (await killed.ResultAsync()).ExitCode);
            int now = File.ReadLines(state).Count() - 1;
            Assert.InRange(now, before + 1, Chunks - 1);
            before = now;
        }

        Assert.False(File.Exists(folder.File("part.csv")));
        using var resumed = new ToolProcess([.. Arguments("part"), "--json", "--state", state]);
        ToolRun run = await resumed.ResultAsync();
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($" of {Points} points were already in ", run.Error, StringComparison.Ordinal);
        AssertSame(expected, run);
    }

    [Fact]
    public async Task Sweep_Terminated_KeepsAndSaysWhatIsDone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        ToolRun expected = ToolRun.Of([.. Arguments("whole"), "--json"]);
        string state = folder.File("sweep.state");
        using var stopped = new ToolProcess([.. Arguments("part"), "--json", "--state", state, "--threads", "1"]);
        stopped.WaitForFile(state, 40L * BytesOfChunk);
        await stopped.TerminateAsync();
        ToolRun run = await stopped.ResultAsync();
        Assert.Equal(130, run.ExitCode);
        Assert.False(run.Json["complete"]!.GetValue<bool>());
        int done = run.Json["points"]!.AsArray().Count;
        Assert.InRange(done, 16, Points - 1);
        Assert.Equal((File.ReadLines(state).Count() - 1) * 16, done);
        Assert.Equal(done + 1, File.ReadLines(folder.File("part.csv")).Count());
        Assert.Contains($"interrupted; {done} of {Points} points are done and kept in '{state}'", run.Error, StringComparison.Ordinal);

        ToolRun resumed = ToolRun.Of([.. Arguments("part"), "--json", "--state", state]);
        Assert.Equal(0, resumed.ExitCode);
        AssertSame(expected, resumed);
    }

    [Fact]
    public void Sweep_TornLastRecord_IsComputedAgain()
    {
        string[] command = ["sweep", "--majority", "5", "--minority", "5", "--ew", "1", "--eh", "5", "--points", "40", "--json"];
        string state = folder.File("sweep.state");
        string expected = ToolRun.Of([.. command, "--state", state]).Output;
        long whole = new FileInfo(state).Length;
        foreach (long length in new[] { whole - 1, whole - 1000, 200, 30, 3, 0 })
        {
            using (FileStream file = File.OpenWrite(state))
            {
                file.SetLength(length);
            }

            ToolRun run = ToolRun.Of([.. command, "--state", state]);
            Assert.Equal(0, run.ExitCode);
            Assert.Equal(expected, run.Output);
            Assert.Equal(whole, new FileInfo(state).Length);
        }
    }

    [Fact]
    public void Sweep_CancelledWithoutState_WritesWhatIsDoneAndSaysSo()
    {
        ToolRun run = ToolRun.With(
            "", new CancellationToken(canceled: true),
            ["sweep", "--majority", "5", "--minority", "5", "--ew", "1", "--eh", "5", "--json", "--plot", folder.File("part.svg")]);
        Assert.Equal(130, run.ExitCode);
        Assert.False(run.Json["complete"]!.GetValue<bool>());
        Assert.Equal(0, run.Json["pointsDone"]!.GetValue<int>());
        Assert.Contains("interrupted; 0 of 41 points are done", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("part.svg")));
    }

    private string[] Arguments(string name) =>
    [
        "sweep", "--majority", "5", "--minority", "5", "--ew", "1", "--eh", "5", "--points", "10000",
        "--csv", folder.File(name + ".csv"), "--plot", folder.File(name + ".svg"),
    ];

    private void AssertSame(ToolRun expected, ToolRun run)
    {
        Assert.Equal(expected.Output, run.Output);
        Assert.Equal(File.ReadAllBytes(folder.File("whole.csv")), File.ReadAllBytes(folder.File("part.csv")));
        Assert.Equal(File.ReadAllBytes(folder.File("whole.svg")), File.ReadAllBytes(folder.File("part.svg")));
    }
}
