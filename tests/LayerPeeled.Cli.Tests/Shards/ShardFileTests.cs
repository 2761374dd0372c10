using LayerPeeled.Cli.Shards;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Cli.Tests.Shards;

/// <summary>Shards and checkpoints that were cut off or changed at any byte.</summary>
public sealed class ShardFileTests : IDisposable
{
    private const string Command = "sweep --points 80";
    private const string Sweep = "step-imbalance-0123";
    private static readonly SweepShard Shard = new(2, 3);
    private static readonly Dictionary<int, double[]> Chunks = new() { [1] = [0.1, double.NaN], [3] = [-0.0, 1e-300], [8] = [double.PositiveInfinity, 7] };
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_WhatWasWritten_GivesTheSameBits()
    {
        ShardFile file = ShardFile.Read(Written())!;
        Assert.Null(file.Header.Conflict(Header()));
        Assert.Equal(6, file.Header.Points);
        Assert.Equal(Chunks.Keys, file.Chunks.Keys);
        Assert.All(Chunks, chunk => AssertSameBits(chunk.Value, file.Chunks[chunk.Key]));
    }

    [Fact]
    public void Read_CutAtAnyByte_IsDamaged()
    {
        string path = Written();
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Null(ShardFile.Read(path));
        }
    }

    [Fact]
    public void Read_AnyByteChanged_IsNeverTaken()
    {
        string path = Written();
        byte[] whole = File.ReadAllBytes(path);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 1;
            File.WriteAllBytes(path, changed);
            // A file that begins otherwise is somebody else's.
            if (i < ShardHeader.FirstLine.Length)
            {
                Assert.Throws<UsageException>(() => ShardFile.Read(path));
            }
            else
            {
                Assert.Null(ShardFile.Read(path));
            }
        }
    }

    [Fact]
    public void Load_CheckpointCutAtAnyByte_GivesWholeChunksOnly()
    {
        string path = Checkpoint();
        byte[] whole = File.ReadAllBytes(path);
        int most = 0;
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            int found = Restored();
            Assert.InRange(found, most, Chunks.Count);
            most = found;
        }

        Assert.Equal(Chunks.Count, most);
    }

    [Fact]
    public void Load_CheckpointWithAnyByteChanged_GivesRightChunksOnly()
    {
        string path = Checkpoint();
        byte[] whole = File.ReadAllBytes(path);
        int firstLine = Array.IndexOf(whole, (byte)'\n');
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 1;
            File.WriteAllBytes(path, changed);
            if (i < firstLine)
            {
                Assert.Contains("another sweep", Assert.Throws<UsageException>(() => Restored()).Message, StringComparison.Ordinal);
            }
            else if (i > firstLine)
            {
                Assert.InRange(Restored(), Chunks.Count - 2, Chunks.Count);
            }
        }
    }

    [Fact]
    public void Load_CheckpointsOfSeveralProcesses_AreAllUsed()
    {
        foreach ((int chunk, double[] values) in Chunks)
        {
            using var store = new ShardStore(folder.Path, Shard, Command);
            store.Load(Sweep, 1);
            store.Save(Sweep, chunk, values);
        }

        Assert.Equal(Chunks.Count, folder.Files.Length);
        Assert.Equal(Chunks.Count, Restored());
        using var last = new ShardStore(folder.Path, Shard, Command);
        last.Load(Sweep, 1);
        last.Finish(6, 0.5);
        Assert.Equal(last.Path, Assert.Single(folder.Files));
        Assert.True(ShardFile.Read(last.Path)!.HasResultsOf(ShardFile.Read(Written())!));
    }

    [Fact]
    public void NameOf_NumbersAreAsWideAsTheLargest() => Assert.Equal("007-of-120", ShardFile.NameOf(new SweepShard(7, 120)));

    private static ShardHeader Header() => new()
    {
        Tool = Tool.Version,
        CommandLine = Command,
        Sweep = Sweep,
        LinearAlgebra = LinearAlgebraProvider.Name,
        Arithmetic = ShardHeader.ArithmeticHere,
        Shard = Shard,
        Points = 6,
        SecondsPerPoint = 0.25,
    };

    private static void AssertSameBits(double[] expected, double[] actual) =>
        Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), actual.Select(BitConverter.DoubleToInt64Bits));

    private string Written()
    {
        string path = folder.File("written.shard");
        File.WriteAllBytes(path, ShardFile.Content(Header(), Chunks));
        return path;
    }

    private string Checkpoint()
    {
        using var store = new ShardStore(folder.Path, Shard, Command);
        store.Load(Sweep, 1);
        foreach ((int chunk, double[] values) in Chunks)
        {
            store.Save(Sweep, chunk, values);
        }

        return Assert.Single(folder.Files);
    }

    // How many chunks a new process finds; what it finds is right.
    private int Restored()
    {
        using var store = new ShardStore(folder.Path, Shard, Command);
        int found = 0;
        foreach ((int chunk, double[] expected) in Chunks)
        {
            if (store.Load(Sweep, chunk) is { } values)
            {
                AssertSameBits(expected, values);
                found++;
            }
        }

        return found;
    }
}
