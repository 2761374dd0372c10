using System.Text;
using LayerPeeled.Cli.Shards;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Output.Sweeps;

/// <summary>
/// Keeps the completed chunks of one sweep in a file, so that a process that is killed at any moment loses no more than the chunks it was
/// working on.
/// </summary>
/// <remarks>
/// A text file that only grows: a first line that names the sweep, then a <see cref="ChunkRecord"/> a line. A last line without an end was being written when the process died and is cut off; a line
/// whose checksum does not hold is ignored, and its chunk computed again.
/// </remarks>
internal sealed class SweepStateFile : ISweepStore, IDisposable
{
    private const string Magic = "layerpeeled-sweep-state 1 ";
    private readonly string given;
    private readonly FileStream file;
    private readonly Dictionary<int, double[]> chunks = [];
    private string? owner;

    /// <summary>Opens the file or creates it; until it is disposed no other process can.</summary>
    /// <exception cref="UsageException">It cannot be opened, or it holds something else.</exception>
    public SweepStateFile(string path)
    {
        given = path;
        try
        {
            // A device has no length and keeps nothing.
            if (!OperatingSystem.IsWindows() && Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
            {
                throw new UsageException($"--state '{path}' is a device; the path of a file is expected.");
            }

            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--state '{path}' cannot be used: {error.Message}");
        }

        try
        {
            Read();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public double[]? Load(string sweep, int chunk)
    {
        if (owner is null)
        {
            owner = sweep;
            Append(Magic + sweep);
        }

        return owner == sweep ? chunks.GetValueOrDefault(chunk) : throw new UsageException(
            $"--state '{given}' belongs to another sweep: other settings, another version of the tool or other linear algebra; delete it or name another file.");
    }

    public void Save(string sweep, int chunk, ReadOnlySpan<double> values) => Append(ChunkRecord.Line(chunk, values));

    public void Dispose() => file.Dispose();

    private void Read()
    {
        if (!file.CanSeek || !StartsWithMagic())
        {
            throw new UsageException($"--state '{given}' is not a file that --state has written; it is left as it is.");
        }

        file.SetLength(EndOfLastLine());
        file.Position = 0;
        using (var reader = new StreamReader(file, Encoding.ASCII, detectEncodingFromByteOrderMarks: false, leaveOpen: true))
        {
            owner = reader.ReadLine()?[Magic.Length..];
            while (reader.ReadLine() is { } line)
            {
                if (ChunkRecord.TryRead(line, out int chunk, out double[] values))
                {
                    chunks[chunk] = values;
                }
            }
        }

        file.Position = file.Length;
    }

    // A beginning of the first line counts: the process died early.
    private bool StartsWithMagic()
    {
        var start = new byte[(int)Math.Min(Magic.Length, file.Length)];
        file.ReadExactly(start);
        return Magic.StartsWith(Encoding.ASCII.GetString(start), StringComparison.Ordinal);
    }

    private long EndOfLastLine()
    {
        var block = new byte[1 << 16];
        for (long begin = file.Length; begin > 0;)
        {
            int length = (int)Math.Min(block.Length, begin);
            file.Position = begin -= length;
            file.ReadExactly(block, 0, length);
            int last = block.AsSpan(0, length).LastIndexOf((byte)'\n');
            if (last >= 0)
            {
                return begin + last + 1;
            }
        }

        return 0;
    }

    // One call of the operating system a line: what is written stays when the process dies.
    private void Append(string line)
    {
        try
        {
            file.Write(Encoding.ASCII.GetBytes(line + '\n'));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--state '{given}' could not be written: {error.Message}", error);
        }
    }
}
