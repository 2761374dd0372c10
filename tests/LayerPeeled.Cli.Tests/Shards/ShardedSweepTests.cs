using LayerPeeled.Cli.Shards;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Tests.Shards;

/// <summary>Sweeps in shards through the tool.</summary>
public sealed class ShardedSweepTests : IDisposable
{
    private const string Sweep = "sweep --majority 5 --minority 5 --ew 1 --eh 5 --points 80";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Sweep, 1)]
    [InlineData(Sweep, 5)]
    [InlineData("sweep --majority 3 --minority 1 --ew 0.1 --eh 7.3 --from 1.7 --to 33.3 --points 70", 3)]
    [InlineData("phase --points 40 --budget-points 5 --budget-from 0.3", 4)]
    [InlineData("phase --majority 2 --minority 7 --from 3 --to 40 --points 20 --budget-from 2 --budget-to 17 --budget-points 3", 2)]
    [InlineData("figure3 --points-per-decade 3 --to 1234.5 --ew 0.7 --eh 5.1,9 --class-count 7 --majority 2,4", 4)]
    public void Merge_AllShards_HasTheBytesOfOneProcess(string command, int count)
    {
        ToolRun whole = Run($"{command} --json --csv {folder.File("whole.csv")} --plot {folder.File("whole.svg")}");
        Assert.Equal(0, whole.ExitCode);
        for (int i = count; i >= 1; i--)
        {
            Assert.Equal(0, Run($"{command} --shard {i}/{count} --into {folder.File("shards")}").ExitCode);
        }

        ToolRun merged = Run($"merge {folder.File("shards")} --json --csv {folder.File("merged.csv")} --plot {folder.File("merged.svg")}");
        Assert.Equal(0, merged.ExitCode);
        Assert.Equal(whole.Output, merged.Output);
        Assert.Equal(File.ReadAllBytes(folder.File("whole.csv")), File.ReadAllBytes(folder.File("merged.csv")));
        Assert.Equal(File.ReadAllBytes(folder.File("whole.svg")), File.ReadAllBytes(folder.File("merged.svg")));
        Assert.Equal(Run(command).Output, Run($"merge {folder.File("shards")}").Output);
        Assert.Equal(File.ReadAllText(folder.File("whole.csv")), Run($"merge {folder.File("shards")} --csv -").Output);
    }

    [Fact]
    public void Shard_FinishedBefore_SaysSoAndDoesNothing()
    {
        Finish(1, 2);
        string file = folder.File("shards/1-of-2.shard");
        byte[] before = File.ReadAllBytes(file);
        ToolRun again = Finish(1, 2);
        Assert.Contains("Nothing was done", again.Output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(file));
        Assert.Equal([file], Shards());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(500)]
    public void Shard_FinishedOneIsDamaged_IsComputedAgain(int length)
    {
        Finish(2, 2);
        string file = folder.File("shards/2-of-2.shard");
        ShardFile before = ShardFile.Read(file)!;
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..length]);
        ToolRun again = Finish(2, 2);
        Assert.Contains("was damaged", again.Error, StringComparison.Ordinal);
        Assert.True(ShardFile.Read(file)!.HasResultsOf(before));
    }

    [Fact]
    public void Shard_SomethingElseUnderItsName_IsRefusedAndLeftAsItIs()
    {
        Directory.CreateDirectory(folder.File("shards"));
        string file = folder.File("shards/1-of-2.shard", "my notes");
        ToolRun run = Run($"{Sweep} --shard 1/2 --into {folder.File("shards")}");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("1-of-2.shard' is not a shard", run.Error, StringComparison.Ordinal);
        Assert.Equal("my notes", File.ReadAllText(file));
    }

    [Fact]
    public void Shard_OfAnotherSweepUnderItsName_IsRefused()
    {
        Finish(1, 2);
        ToolRun run = Run($"{Sweep} --to 100 --shard 1/2 --into {folder.File("shards")}");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("belongs to another sweep: it is of 'sweep --majority 5 ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Shard_Interrupted_LeavesACheckpointFromWhichItGoesOn()
    {
        Finish(1, 2);
        ShardFile expected = ShardFile.Read(folder.File("shards/1-of-2.shard"))!;
        string into = folder.File("again");
        Interrupt(into, new SweepShard(1, 2), afterChunks: 2);
        byte[] checkpoint = File.ReadAllBytes(Assert.Single(Directory.GetFiles(into)));
        Assert.Contains("has no finished shards", Run($"merge {into}").Error, StringComparison.Ordinal);

        // A process that dies while it writes leaves any beginning of that.
        for (int length = checkpoint.Length; length >= 0; length -= 397)
        {
            Directory.Delete(into, recursive: true);
            Directory.CreateDirectory(into);
            File.WriteAllBytes(Path.Combine(into, "1-of-2.first.part"), checkpoint[..length]);
            ToolRun run = Run($"{Sweep} --shard 1/2 --into {into}");
            Assert.Equal(0, run.ExitCode);
            Assert.Equal(length == checkpoint.Length, run.Output.Contains(", 32 of them from an earlier run", StringComparison.Ordinal));
            string file = Assert.Single(Directory.GetFiles(into));
            Assert.True(ShardFile.Read(file)!.HasResultsOf(expected));
        }
    }

    [Fact]
    public void Shard_CancelledAtOnce_IsNotFinished()
    {
        string into = folder.File("shards");
        ToolRun run = ToolRun.With("", new CancellationToken(canceled: true), [.. Sweep.Split(' '), "--shard", "1/2", "--into", into]);
        Assert.Equal(130, run.ExitCode);
        Assert.Contains("interrupted; 0 of 48 points of shard 1/2 are done", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(into));
    }

    [Fact]
    public void Shard_SeveralProcessesAtOnce_LeaveOneWholeShard()
    {
        string into = folder.File("shards");
        Parallel.For(0, 6, _ => Assert.Equal(0, Run($"{Sweep} --shard 1/1 --into {into} --threads 1").ExitCode));
        Assert.Single(Directory.GetFiles(into));
        Assert.Equal(Run($"{Sweep} --json").Output, Run($"merge {into} --json").Output);
    }

    [Theory]
    [InlineData("--shard 0/3", "--shard '0/3'")]
    [InlineData("--shard 4/3", "--shard '4/3'")]
    [InlineData("--shard 1", "--shard '1'")]
    [InlineData("--shard 1/2/3", "--shard '1/2/3'")]
    [InlineData("--shard -1/3", "--shard '-1/3'")]
    [InlineData("--shard a/b", "i/n is expected")]
    [InlineData("--shard 1/2", "--into is required with --shard")]
    [InlineData("--into x", "--into 'x' has no meaning without --shard")]
    [InlineData("--shard 1/2 --into x --csv a.csv", "--csv 'a.csv' is not for --shard")]
    [InlineData("--shard 1/2 --into x --json", "--json is not for --shard")]
    [InlineData("--shard 1/2 --into x --state a.state", "--state 'a.state' is not for --shard")]
    [InlineData("--shard 1/6 --into FOLDER", "--shard '1/6' is not allowed: A sweep of 5 chunks")]
    [InlineData("--shard 1/2 --into /dev/null", "--into '/dev/null' cannot be used")]
    public void Shard_BadUsage_OneLineOnErrorAndExitTwo(string options, string expected)
    {
        ToolRun run = Run($"{Sweep} {options.Replace("FOLDER", folder.File("shards"), StringComparison.Ordinal)}");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains(expected, Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Shard_OfWhatComputesNothing_IsRefused() =>
        Assert.Contains("--shard '1/2' is not allowed with --quantity threshold", Run("phase --quantity threshold --shard 1/2 --into x").Error, StringComparison.Ordinal);

    private static ToolRun Run(string command) => ToolRun.Split(command);

    private string[] Shards() => Directory.GetFiles(folder.File("shards"));

    private ToolRun Finish(int number, int count)
    {
        ToolRun run = Run($"{Sweep} --shard {number}/{count} --into {folder.File("shards")}");
        Assert.Equal(0, run.ExitCode);
        return run;
    }

    private static void Interrupt(string into, SweepShard shard, int afterChunks)
    {
        using var source = new CancellationTokenSource();
        var progress = new Stopper(source, afterChunks * ParameterSweep.ChunkLength);
        string[] header = Run($"{Sweep} --shard {shard} --into {into}").ExitCode == 0 ? File.ReadAllLines(Directory.GetFiles(into).Single()) : [];
        Directory.Delete(into, recursive: true);
        double[] ratios = Run($"{Sweep} --json").Json["points"]!.AsArray().Select(point => point!["ratio"]!.GetValue<double>()).ToArray();
        using var store = new ShardStore(into, shard, header[2]["command ".Length..]);
        ParameterSweep.AlongRatio(5, 5, 1, 5, ratios).Run(new SweepOptions { Store = store, Shard = shard, Progress = progress, MaxDegreeOfParallelism = 1 }, source.Token);
    }

    private sealed class Stopper(CancellationTokenSource source, int points) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value)
        {
            if (value.Done >= points)
            {
                source.Cancel();
            }
        }
    }
}
