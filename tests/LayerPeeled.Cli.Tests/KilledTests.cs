using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests;

/// <summary>Processes that are killed: what they leave behind is taken up or replaced, and never taken for a result. <c>build/kill-test.py</c> kills many more.</summary>
[Collection(nameof(SweepResumptionTests))]
public sealed class KilledTests : IDisposable
{
    private const string Sweep = "sweep --majority 5 --minority 5 --ew 1 --eh 5 --points 4000";

    // Index, 16 points of 14 numbers and a checksum
    private const int BytesOfChunk = 16 * 14 * 17;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Shard_KilledSeveralTimes_MergesToTheSameBytes()
    {
        string into = folder.File("shards"), expected = ToolRun.Split($"{Sweep} --json").Output;
        for (int kills = 0; kills < 3; kills++)
        {
            using var killed = new ToolProcess($"{Sweep} --shard 1/2 --into {into} --threads 1".Split(' '));
            killed.WaitUntil(() => Directory.Exists(into) && Directory.GetFiles(into, "*.part").Any(file => new FileInfo(file).Length > (5 + (20 * kills)) * BytesOfChunk));
            killed.Kill();
            Assert.NotEqual(0, (await killed.ResultAsync()).ExitCode);
            Assert.Empty(Directory.GetFiles(into, "*.shard"));
            Assert.Contains("has no finished shards", ToolRun.Split($"merge {into}").Error, StringComparison.Ordinal);
        }

        ToolRun first = ToolRun.Split($"{Sweep} --shard 1/2 --into {into}");
        Assert.Equal(0, first.ExitCode);
        Assert.Matches(@", [1-9]\d+ of them from an earlier run", first.Output);
        Assert.Equal(0, ToolRun.Split($"{Sweep} --shard 2/2 --into {into}").ExitCode);
        Assert.Equal(2, Directory.GetFiles(into).Length);
        Assert.Equal(expected, ToolRun.Split($"merge {into} --json").Output);
    }

    [Theory]
    [InlineData("solve --model svm --long-tail 300,5000,100 --out", ".npz")]
    [InlineData("solve --long-tail 150,5000,100 --ew 1 --eh 5 --gap 1e-3 --out", ".json")]
    public async Task File_KilledWhileItIsWritten_IsTheOldOneOrTheNewOne(string command, string extension)
    {
        string target = folder.File("target" + extension);
        for (int delay = 0; delay < 3; delay++)
        {
            File.WriteAllText(target, "before");
            using var killed = new ToolProcess([.. command.Split(' '), target]);
            killed.WaitUntil(() => Directory.GetFiles(folder.Path, ".target*", new EnumerationOptions { AttributesToSkip = 0 }).Length > delay);
            await Task.Delay(delay);
            killed.Kill();
            bool ended = (await killed.ResultAsync()).ExitCode == 0;
            Assert.True((File.ReadAllText(target) == "before") == !ended || new FileInfo(target).Length > 50_000);
        }
    }
}
