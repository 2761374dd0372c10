using System.Text;
using LayerPeeled.Cli.Output;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Cli.Shards;

/// <summary>
/// The files of one shard in a folder: the finished one, which appears whole or not at all, and until then checkpoints, one of each process that has worked on it.
/// </summary>
/// <remarks>
/// A checkpoint is written by one process only and grows by a line a chunk; one that was being written when the process died fails its checksum. Whoever comes later
/// reads all of them and begins one of its own, so that two processes with the same shard need no lock and cannot disturb each other.
/// </remarks>
internal sealed class ShardStore : ISweepStore, IDisposable
{
    private const string Magic = "layerpeeled-checkpoint 1 ";
    private const string CheckpointExtension = ".part";
    private readonly string folder;
    private readonly string commandLine;
    private readonly SweepShard shard;
    private readonly ShardFile? finished;
    private readonly OutputFile? target;
    private readonly Dictionary<int, double[]> chunks = [];
    private FileStream? checkpoint;
    private string? sweep;

    /// <summary>Looks at what is there.</summary>
    /// <param name="folder">The folder; it is created if need be.</param>
    /// <param name="shard">Which shard.</param>
    /// <param name="commandLine">The command of the whole sweep.</param>
    /// <exception cref="UsageException">The folder cannot be used, or holds something else under the name of the shard.</exception>
    public ShardStore(string folder, SweepShard shard, string commandLine)
    {
        (this.folder, this.shard, this.commandLine) = (folder, shard, commandLine);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--into '{folder}' cannot be used: {error.Message}");
        }

        Path = System.IO.Path.Combine(folder, ShardFile.NameOf(shard) + ShardFile.Extension);
        bool exists = File.Exists(Path);
        finished = exists ? ShardFile.Read(Path) : null;
        WasDamaged = exists && finished is null;
        target = finished is null ? new OutputFile("--into", Path) : null;
    }

    /// <summary>The finished shard.</summary>
    public string Path { get; }

    /// <summary>Whether it was there, whole, before this process.</summary>
    public bool IsFinished => finished is not null;

    /// <summary>Whether there was one that is not whole.</summary>
    public bool WasDamaged { get; }

    public double[]? Load(string sweep, int chunk)
    {
        if (this.sweep is null)
        {
            Begin(sweep);
        }

        return (finished?.Chunks ?? chunks).GetValueOrDefault(chunk);
    }

    public void Save(string sweep, int chunk, ReadOnlySpan<double> values)
    {
        chunks[chunk] = values.ToArray();
        try
        {
            if (checkpoint is null)
            {
                string path = System.IO.Path.Combine(folder, $"{ShardFile.NameOf(shard)}.{System.IO.Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}{CheckpointExtension}");
                checkpoint = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                Append(Owner(sweep));
            }

            Append(ChunkRecord.Line(chunk, values));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"A checkpoint in --into '{folder}' could not be written: {error.Message}", error);
        }
    }

    /// <summary>Puts the finished shard into its place, and takes the checkpoints away.</summary>
    public void Finish(int points, double secondsPerPoint)
    {
        byte[] content = ShardFile.Content(Header(sweep!) with { Points = points, SecondsPerPoint = secondsPerPoint }, chunks);
        target!.Write(stream => stream.Write(content));
        Dispose();
        foreach (string file in Checkpoints())
        {
            File.Delete(file);
        }
    }

    public void Dispose()
    {
        checkpoint?.Dispose();
        checkpoint = null;
    }

    internal static string Owner(string sweep) => $"{Magic}{Tool.Version} {sweep}";

    private ShardHeader Header(string sweep) => new()
    {
        Tool = Tool.Version,
        CommandLine = commandLine,
        Sweep = sweep,
        LinearAlgebra = LinearAlgebraProvider.Name,
        Arithmetic = ShardHeader.ArithmeticHere,
        Shard = shard,
        Points = 0,
        SecondsPerPoint = double.NaN,
    };

    private void Begin(string sweep)
    {
        this.sweep = sweep;
        if (finished?.Header.Conflict(Header(sweep)) is { } conflict)
        {
            throw new UsageException($"'{Path}' belongs to another sweep: {conflict}; name another folder with --into.");
        }

        foreach (string file in finished is null ? Checkpoints() : [])
        {
            Restore(file, Owner(sweep));
        }
    }

    private string[] Checkpoints() => Directory.GetFiles(folder, $"{ShardFile.NameOf(shard)}.*{CheckpointExtension}");

    private void Restore(string path, string owner)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var lines = new StreamReader(stream, Encoding.ASCII, detectEncodingFromByteOrderMarks: false);
            foreach ((int chunk, double[] values) in Records(path, lines, owner))
            {
                chunks[chunk] = values;
            }
        }
        catch (FileNotFoundException)
        {
            // Another process has just finished the shard.
        }
    }

    /// <summary>The chunks of a checkpoint whose checksums hold.</summary>
    /// <exception cref="UsageException">It has another owner.</exception>
    internal static IEnumerable<(int Chunk, double[] Values)> Records(string path, TextReader lines, string owner)
    {
        string? first = lines.ReadLine();
        if (first is null || (first.Length < owner.Length && owner.StartsWith(first, StringComparison.Ordinal)))
        {
            // Its process died early.
            yield break;
        }

        if (first != owner)
        {
            throw new UsageException($"'{path}' is a checkpoint of another sweep or another version of the tool; delete it, or name another folder with --into.");
        }

        while (lines.ReadLine() is { } line)
        {
            if (ChunkRecord.TryRead(line, out int chunk, out double[] values))
            {
                yield return (chunk, values);
            }
        }
    }

    private void Append(string line) => checkpoint!.Write(Encoding.ASCII.GetBytes(line + '\n'));
}
