using System.IO.Compression;
using LayerPeeled.Data.ClassFiles;

namespace LayerPeeled.Data.Numpy;

/// <summary>
/// An <c>.npz</c> archive: arrays by name, stored or compressed, of any size. Entries are read as they are decompressed, so arrays are streamed; a
/// stream that cannot seek is held in memory first, as a zip archive has its index at the end. The last numbers of an array are handed out only
/// when the CRC-32 of all of it is right: until then numbers of a damaged archive may have been handed out, and the error comes at the end.
/// Not thread-safe: with a stream that cannot be read in parallel, finish one array before the next.
/// </summary>
public sealed class NpzArchive : IDisposable
{
    internal const string Suffix = ".npy";

    private readonly ZipArchive archive;
    private readonly string file;

    /// <summary>Opens an archive.</summary>
    /// <param name="stream">The archive.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <param name="leaveOpen">Whether disposing the archive leaves the stream open.</param>
    /// <exception cref="NpyFormatException">This is no zip archive, or a damaged one.</exception>
    public NpzArchive(Stream stream, string name = "archive", bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        file = name;
        string hint = "";
        try
        {
            hint = ForeignFile.HintOnArchive(stream);
            archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen);
            Names = archive.Entries.Select(e => e.FullName)
                .Select(n => n.EndsWith(Suffix, StringComparison.Ordinal) ? n[..^Suffix.Length] : n).ToArray();
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new NpyFormatException(name, $"not a readable .npz (zip) archive; it may be truncated.{hint}", e);
        }

        if (Names.Any(n => n.EndsWith("/data.pkl", StringComparison.Ordinal)))
        {
            archive.Dispose();
            throw new NpyFormatException(name, ForeignFile.Checkpoint);
        }
    }

    /// <summary>The names of the arrays, in the order of the archive, without <c>.npy</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens an array.</summary>
    /// <param name="name">Its name, with or without <c>.npy</c>.</param>
    /// <returns>A reader, to be disposed.</returns>
    /// <exception cref="NpyFormatException">There is none of this name (the message lists those there are), or it cannot be read.</exception>
    public NpyReader Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ZipArchiveEntry entry = archive.Entries.FirstOrDefault(e => e.FullName == name + Suffix)
            ?? archive.Entries.FirstOrDefault(e => e.FullName == name)
            ?? throw new NpyFormatException(
                file, $"there is no array '{name}'; the archive has {Shown.Names(Names)}.");
        string array = $"{file}, array {Shown.Quote(name)}";
        CheckedEntry opened;
        try
        {
            opened = new CheckedEntry(entry, array);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new NpyFormatException(array, "the entry of the archive is damaged or compressed in an unsupported way.", e);
        }

        try
        {
            return new NpyReader(opened, array);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The bytes of an entry, whatever it is; null where there is none of this name.</summary>
    /// <exception cref="NpyFormatException">It is damaged.</exception>
    internal byte[]? ReadBytes(string name)
    {
        if (archive.GetEntry(name) is not { } entry)
        {
            return null;
        }

        try
        {
            using var content = new CheckedEntry(entry, $"{file}, entry '{name}'");
            content.RequireModest(entry.Length);
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            content.RequireIntact();
            return bytes.ToArray();
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new NpyFormatException($"{file}, entry '{name}'", "the entry of the archive is damaged or compressed in an unsupported way.", e);
        }
    }

    /// <summary>Closes the archive.</summary>
    public void Dispose() => archive.Dispose();

    // What ZipArchive throws on damaged input, found by feeding it such.
    private static bool IsDamage(Exception e) =>
        e is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException;
}
