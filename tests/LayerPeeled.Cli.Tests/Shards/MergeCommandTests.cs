using LayerPeeled.Cli.Shards;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Tests.Shards;

/// <summary>What a merge refuses, and how it names it.</summary>
public sealed class MergeCommandTests : IDisposable
{
    private const string Sweep = "sweep --majority 5 --minority 5 --ew 1 --eh 5 --points 80";
    private readonly TemporaryFolder folder = new();

    public MergeCommandTests() => Compute(Sweep, "shards", 5);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Merge_Missing_AreNamedAsAJobArrayWantsThem()
    {
        foreach (int i in new[] { 1, 3, 4 })
        {
            File.Delete(Shard(i));
        }

        Refused("of 5 shards these are missing: 1,3-4.");
    }

    [Fact]
    public void Merge_Damaged_IsNamed()
    {
        byte[] bytes = File.ReadAllBytes(Shard(4));
        bytes[^500] ^= 1;
        File.WriteAllBytes(Shard(4), bytes);
        Refused("4-of-5.shard' is damaged");
    }

    [Fact]
    public void Merge_SeveralFaults_AreAllNamed()
    {
        File.WriteAllText(Shard(2), "something else");
        File.WriteAllText(Shard(3), "");
        File.Delete(Shard(5));
        Refused("2-of-5.shard' is not a shard", "3-of-5.shard' is damaged", "missing: 2-3,5");
    }

    [Theory]
    [InlineData("sweep --majority 5 --minority 5 --ew 1 --eh 5 --points 79", "is foreign: it is of 'sweep --majority 5 --minority 5 --ew 1 --eh 5 --from 1 --to 10000 --points 79', not of")]
    [InlineData("sweep --majority 5 --minority 5 --ew 1 --eh 5.000000000000001 --points 80", "--eh 5.000000000000001 ")]
    [InlineData("phase --points 20 --budget-points 5", "is of 'phase --majority 5 ")]
    public void Merge_OfAnotherSweep_IsNamed(string other, string expected)
    {
        Compute(other, "other", 5);
        File.Copy(folder.File("other/2-of-5.shard"), Shard(2), overwrite: true);
        Refused(expected, "missing: 2");
    }

    [Fact]
    public void Merge_OfAnotherNumberOfShards_IsNamed()
    {
        Compute(Sweep, "other", 2);
        File.Copy(folder.File("other/2-of-2.shard"), Shard(2), overwrite: true);
        Refused("2-of-5.shard' is foreign: it is one of 2 shards, not of 5");
    }

    [Fact]
    public void Merge_OneOfAnotherVersion_IsNamed()
    {
        Change(2, header => header with { Tool = "0.0.9" });
        Refused("2-of-5.shard' is foreign: it is of version 0.0.9 of the tool, not ");
    }

    [Fact]
    public void Merge_AllOfAnotherVersion_IsRefused()
    {
        foreach (int i in Enumerable.Range(1, 5))
        {
            Change(i, header => header with { Tool = "0.0.9" });
        }

        Refused("the shards are of version 0.0.9 of the tool; this is ");
    }

    [Fact]
    public void Merge_OtherLinearAlgebraOrSettings_IsNamed()
    {
        Change(2, header => header with { LinearAlgebra = "abacus" });
        Change(3, header => header with { Sweep = "step-imbalance-0" });
        Refused("it was computed with abacus, not ", "3-of-5.shard' is foreign: its sweep has other settings");
    }

    [Fact]
    public void Merge_CommandLineOfOtherSettingsThanThePoints_IsRefused()
    {
        foreach (int i in Enumerable.Range(1, 5))
        {
            Change(i, header => header with { CommandLine = header.CommandLine.Replace("--eh 5", "--eh 6", StringComparison.Ordinal) });
        }

        Refused("has other settings than their points");
    }

    [Fact]
    public void Merge_PointsThatDoNotAddUp_AreRefused()
    {
        Change(2, header => header with { Points = header.Points + 1 });
        Refused("do not add up");
    }

    [Fact]
    public void Merge_SameShardTwice_IsTakenOnce()
    {
        Change(2, header => header with { SecondsPerPoint = 1234 }, "copy.shard");
        Assert.Equal(ToolRun.Split($"{Sweep} --json").Output, ToolRun.Split($"merge {folder.File("shards")} --json").Output);
    }

    [Fact]
    public void Merge_SameShardTwiceWithOtherResults_IsRefused()
    {
        ShardFile shard = ShardFile.Read(Shard(2))!;
        Dictionary<int, double[]> chunks = shard.Chunks.ToDictionary(chunk => chunk.Key, chunk => chunk.Value.Select(value => value * 2).ToArray());
        File.WriteAllBytes(folder.File("shards/copy.shard"), ShardFile.Content(shard.Header, chunks));
        Refused("copy.shard' and '", "2-of-5.shard' are the same shard with different results");
    }

    [Fact]
    public void Merge_OtherProcessors_SaysThatLastDigitsMayDiffer()
    {
        Change(2, header => header with { Arithmetic = "X64, vectors of 4096 bits" });
        ToolRun run = ToolRun.Split($"merge {folder.File("shards")} --json");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("vectors of 4096 bits): last digits may differ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_CheckpointsBesides_AreNoShards()
    {
        File.Move(Shard(2), folder.File("shards/2-of-5.abc.part"));
        Refused("missing: 2");
    }

    [Fact]
    public void Merge_PointsThatAreNotCertified_ExitsOne()
    {
        ShardFile shard = ShardFile.Read(Shard(2))!;
        shard.Chunks.Values.First()[0] = (double)Solver.Solvers.SolverStatus.IterationLimit;
        File.WriteAllBytes(Shard(2), ShardFile.Content(shard.Header, shard.Chunks));
        Assert.Equal(1, ToolRun.Split($"merge {folder.File("shards")} --json").ExitCode);
    }

    [Fact]
    public void Merge_NoShards_IsRefused()
    {
        Directory.CreateDirectory(folder.File("empty"));
        Assert.Contains("has no finished shards", ToolRun.Split($"merge {folder.File("empty")}").Error, StringComparison.Ordinal);
        Assert.Equal(2, ToolRun.Split("merge").ExitCode);
    }

    private void Refused(params string[] expected)
    {
        ToolRun run = ToolRun.Split($"merge {folder.File("shards")} --csv {folder.File("merged.csv")}");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.False(File.Exists(folder.File("merged.csv")));
        string line = Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.All(expected, text => Assert.Contains(text, line, StringComparison.Ordinal));
    }

    private string Shard(int number) => folder.File($"shards/{number}-of-5.shard");

    private void Compute(string command, string name, int count)
    {
        for (int i = 1; i <= count; i++)
        {
            Assert.Equal(0, ToolRun.Split($"{command} --shard {i}/{count} --into {folder.File(name)}").ExitCode);
        }
    }

    private void Change(int number, Func<ShardHeader, ShardHeader> change, string? name = null)
    {
        ShardFile shard = ShardFile.Read(Shard(number))!;
        File.WriteAllBytes(name is null ? Shard(number) : folder.File("shards/" + name), ShardFile.Content(change(shard.Header), shard.Chunks));
    }
}
