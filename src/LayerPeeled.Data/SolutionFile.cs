using LayerPeeled.Data.Numpy;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Data;

/// <summary>Solutions in files, with their matrices: JSON, or NPZ where the name ends in <c>.npz</c>. docs/formats.md describes both.</summary>
public static class SolutionFile
{
    private const string NpzExtension = ".npz";

    // A zip archive begins with these letters, a JSON document cannot.
    private static ReadOnlySpan<byte> ArchiveStart => "PK"u8;

    /// <summary>The format that a file of this name is written in.</summary>
    /// <param name="path">Its path or name.</param>
    public static SolutionFormat FormatOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(NpzExtension, StringComparison.OrdinalIgnoreCase) ? SolutionFormat.Npz : SolutionFormat.Json;
    }

    /// <summary>Writes a solution with its matrices; the file appears whole or not at all.</summary>
    /// <param name="path">Path of the file; its end decides the format.</param>
    /// <param name="solution">The solution.</param>
    /// <param name="options">What to write beside the matrices; nothing special when null.</param>
    /// <exception cref="ArgumentException">The options have another number of names than there are classes, or there are more than 2²⁴ classes.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is unchanged.</exception>
    public static void Write(string path, LayerPeeledSolution solution, SolutionJsonOptions? options = null)
    {
        SolutionFormat format = FormatOf(path);
        AtomicFile.Write(path, stream => Write(stream, format, solution, options));
    }

    /// <summary>Writes a solution with its matrices. The stream stays open.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="format">In which format.</param>
    /// <param name="solution">The solution.</param>
    /// <param name="options">What to write beside the matrices; nothing special when null.</param>
    /// <exception cref="ArgumentException">The options have another number of names than there are classes, or there are more than 2²⁴ classes.</exception>
    public static void Write(Stream stream, SolutionFormat format, LayerPeeledSolution solution, SolutionJsonOptions? options = null)
    {
        SolutionJsonOptions whole = (options ?? new SolutionJsonOptions()) with { IncludeMatrices = true };
        if (format == SolutionFormat.Json)
        {
            SolutionJson.Write(stream, solution, whole);
        }
        else
        {
            SolutionNpz.Write(stream, solution, whole);
        }
    }

    /// <summary>Whether this can be a saved solution: any file but an archive of other arrays. The stream is left where it was.</summary>
    /// <param name="stream">The file, which must be able to seek.</param>
    public static bool IsSolution(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long position = stream.Position;
        Span<byte> start = stackalloc byte[ArchiveStart.Length];
        bool isArchive = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(ArchiveStart);
        stream.Position = position;
        if (!isArchive)
        {
            return true;
        }

        try
        {
            using var archive = new NpzArchive(stream, leaveOpen: true);
            return archive.Names.Contains(SolutionNpz.DocumentName);
        }
        catch (NpyFormatException)
        {
            // Damaged: reading it says how.
            return true;
        }
        finally
        {
            stream.Position = position;
        }
    }

    /// <summary>Reads a solution, in either format whatever the name.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="SolutionFormatException">The file is no saved solution with its matrices.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SavedSolution Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream);
    }

    /// <summary>Reads a solution, in either format: the first bytes tell.</summary>
    /// <param name="stream">The file, read to its end.</param>
    /// <exception cref="SolutionFormatException">This is no saved solution with its matrices.</exception>
    public static SavedSolution Read(Stream stream)
    {
        ArraySegment<byte> content = Content(stream);
        if (FormatOf(content) == SolutionFormat.Json)
        {
            return SolutionJson.Parse(content);
        }

        using MemoryStream archive = AsStream(content);
        return SolutionNpz.Read(archive);
    }

    /// <summary>Writes a saved solution in another format, or the same: no digit and no field is lost.</summary>
    /// <param name="stream">The file, in either format, read to its end.</param>
    /// <param name="destination">Where to write. It stays open.</param>
    /// <param name="format">In which format.</param>
    /// <exception cref="SolutionFormatException">The file is no saved solution with its matrices.</exception>
    public static void Convert(Stream stream, Stream destination, SolutionFormat format)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArraySegment<byte> content = Content(stream);
        using MemoryStream archive = AsStream(content);
        byte[] json = FormatOf(content) == SolutionFormat.Npz ? SolutionNpz.ToJson(archive) : content.ToArray();
        if (format == SolutionFormat.Npz)
        {
            SolutionNpz.FromJson(json, destination);
        }
        else
        {
            _ = SolutionJson.Parse(json);
            destination.Write(json);
        }
    }

    /// <summary>The rest of a stream.</summary>
    /// <exception cref="SolutionFormatException">It is too long to be held.</exception>
    internal static ArraySegment<byte> Content(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.CanSeek && stream.Length - stream.Position > Array.MaxLength)
        {
            throw new SolutionFormatException($"The file has {stream.Length - stream.Position} bytes; solutions of up to {Array.MaxLength} bytes are read.");
        }

        var content = new MemoryStream();
        stream.CopyTo(content);
        return new ArraySegment<byte>(content.GetBuffer(), 0, (int)content.Length);
    }

    private static MemoryStream AsStream(ArraySegment<byte> content) => new(content.Array!, content.Offset, content.Count, writable: false);

    private static SolutionFormat FormatOf(ArraySegment<byte> content) => content.AsSpan().StartsWith(ArchiveStart) ? SolutionFormat.Npz : SolutionFormat.Json;
}
