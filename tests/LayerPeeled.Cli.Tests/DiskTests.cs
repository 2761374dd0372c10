using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests;

/// <summary>Disks that are full or cannot be written: one clear line, what was there stays as it was, and a sweep goes on once there is room.</summary>
public sealed class DiskTests
{
    private const string Sweep = "sweep --majority 5 --minority 5 --ew 1 --eh 5 --points 600";
    private const string Solve = "solve --long-tail 60,5000,100 --ew 1 --eh 5 --gap 1e-4";

    [SmallDiskFact]
    public void State_DiskFull_SaysSoAndContinuesOnceThereIsRoom()
    {
        using var disk = new SmallDisk(64);
        string state = disk.File("sweep.state"), expected = Run($"{Sweep} --json").Output;
        ToolRun full = Run($"{Sweep} --json --state {state}");
        AssertFailed(full, $"--state '{state}' could not be written: ");
        long kept = File.ReadLines(state).Count() - 1;
        Assert.InRange(kept, 1, 37);
        disk.Grow(1024);
        ToolRun resumed = Run($"{Sweep} --json --state {state}");
        Assert.Equal((0, expected), (resumed.ExitCode, resumed.Output));
        Assert.Matches($@"^layerpeeled: \d+ of 600 points were already in ", resumed.Error);
        Assert.Equal(38, File.ReadLines(state).Count(line => line.Length > 1000));
    }

    [SmallDiskFact]
    public void Shard_DiskFull_SaysSoAndContinuesOnceThereIsRoom()
    {
        using var disk = new SmallDisk(64);
        string into = disk.File("shards"), expected = Run($"{Sweep} --json").Output;
        ToolRun full = Run($"{Sweep} --shard 1/1 --into {into}");
        AssertFailed(full, $"A checkpoint in --into '{into}' could not be written: ");
        Assert.NotEqual(0, Run($"merge {into}").ExitCode);
        disk.Grow(1024);
        Assert.Equal(0, Run($"{Sweep} --shard 1/1 --into {into}").ExitCode);
        Assert.Single(disk.Files());
        Assert.Equal(expected, Run($"merge {into} --json").Output);
    }

    // There is room for the checkpoint and not for the finished shard beside it.
    [SmallDiskFact]
    public void Shard_DiskFullAtTheEnd_KeepsTheCheckpoint()
    {
        using var disk = new SmallDisk(240);
        string into = disk.File("shards");
        ToolRun full = Run($"{Sweep} --shard 1/1 --into {into}");
        Assert.Equal(4, full.ExitCode);
        string checkpoint = Assert.Single(disk.Files());
        Assert.EndsWith(".part", checkpoint, StringComparison.Ordinal);
        disk.Grow(1024);
        Assert.Contains(", 600 of them from an earlier run", Run($"{Sweep} --shard 1/1 --into {into}").Output, StringComparison.Ordinal);
        Assert.EndsWith(".shard", Assert.Single(disk.Files()), StringComparison.Ordinal);
    }

    [SmallDiskFact]
    public void Files_DiskFull_StayAsTheyWere()
    {
        using var folder = new TemporaryFolder();
        // Room for what is there, and less than any of the new files needs
        using var disk = new SmallDisk(8);
        string source = folder.File("source.json");
        Assert.Equal(0, Run($"{Solve} --out {source}").ExitCode);
        foreach ((string command, string name) in new[]
        {
            ($"{Solve} --out", "a.json"), ($"{Solve} --out", "a.npz"), ("solve --model svm --long-tail 60,5000,100 --out", "m.npz"), ($"convert {source}", "b.npz"), ($"convert {source}", "b.json"),
            ($"{Sweep} --csv", "a.csv"), ($"{Sweep} --plot", "a.svg"),
        })
        {
            string target = disk.File(name);
            File.WriteAllText(target, "before");
            ToolRun run = Run($"{command} {target}");
            Assert.Equal(4, run.ExitCode);
            Assert.Contains("could not be written: ", run.Error, StringComparison.Ordinal);
            Assert.Equal("before", File.ReadAllText(target));
            Assert.Equal([target], disk.Files());
            File.Delete(target);
        }
    }

    [SmallDiskFact]
    public void Targets_DiskReadOnly_AreRefusedBeforeAnythingIsComputed()
    {
        using var disk = new SmallDisk(64);
        disk.MakeReadOnly();
        foreach (string command in new[] { $"{Solve} --out {disk.File("a.json")}", $"{Sweep} --state {disk.File("a.state")}", $"{Sweep} --csv {disk.File("a.csv")}", $"{Sweep} --shard 1/2 --into {disk.File("s")}" })
        {
            ToolRun run = Run(command);
            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.Contains("Read-only file system", Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Targets_FolderMissingOrInTheWay_AreRefusedBeforeAnythingIsComputed()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("file", "mine"), missing = Path.Combine(folder.Path, "missing", "a");
        Directory.CreateDirectory(folder.File("folder.json"));
        foreach ((string command, string expected) in new[]
        {
            ($"{Solve} --out {folder.File("folder.json")}", "is a folder"), ($"{Solve} --out {missing}.npz", "does not exist"), ($"{Solve} --out {file}/a.json", "does not exist"),
            ($"{Sweep} --csv {folder.Path}", "is a folder"), ($"{Sweep} --state {folder.Path}", "cannot be used"), ($"{Sweep} --state {missing}", "cannot be used"),
            ($"{Sweep} --shard 1/2 --into {file}", "cannot be used"), ($"{Sweep} --plot {missing}.svg", "does not exist"),
        })
        {
            ToolRun run = Run(command);
            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.Contains(expected, Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }

        Assert.Equal("mine", File.ReadAllText(file));
        Assert.Equal([file], folder.Files);
    }

    // A device that takes nothing, as a full disk
    [Theory]
    [InlineData($"{Sweep} --csv /dev/full", "--csv '/dev/full' could not be written")]
    [InlineData("convert SOURCE /dev/full", "could not be written")]
    public void Device_TakesNothing_SaysSo(string command, string expected)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        string source = folder.File("source.json");
        Assert.Equal(0, Run($"{Solve} --out {source}").ExitCode);
        ToolRun run = Run(command.Replace("SOURCE", source, StringComparison.Ordinal));
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    private static ToolRun Run(string command) => ToolRun.Split(command);

    private static void AssertFailed(ToolRun run, string message)
    {
        Assert.Equal(4, run.ExitCode);
        Assert.Contains(message, Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
