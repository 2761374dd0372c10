using System.IO.Compression;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data.Numpy;

/// <summary>
/// Writes an <c>.npz</c> archive: arrays by name, without compression, as <c>numpy.savez</c> writes them. The same arrays give the same bytes. The archive
/// is whole once the writer is disposed; the stream stays open.
/// </summary>
/// <param name="stream">Where to write.</param>
public sealed class NpzWriter(Stream stream) : IDisposable
{
    // The first moment that a zip archive can name
    private static readonly DateTimeOffset Timeless = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);

    /// <summary>Adds a matrix, R×C, as float64.</summary>
    /// <param name="name">Its name, without <c>.npy</c>.</param>
    /// <param name="matrix">The matrix.</param>
    public void Add(string name, Matrix<double> matrix) => AddArray(name, entry => NpyWriter.Write(entry, matrix));

    /// <summary>Adds a vector as float64.</summary>
    /// <param name="name">Its name, without <c>.npy</c>.</param>
    /// <param name="values">The numbers.</param>
    public void Add(string name, double[] values) => AddArray(name, entry => NpyWriter.Write(entry, values));

    /// <summary>Adds a vector as int64.</summary>
    /// <param name="name">Its name, without <c>.npy</c>.</param>
    /// <param name="values">The numbers.</param>
    public void Add(string name, long[] values) => AddArray(name, entry => NpyWriter.Write(entry, values));

    /// <summary>Adds an array without axes as float64.</summary>
    /// <param name="name">Its name, without <c>.npy</c>.</param>
    /// <param name="value">The number.</param>
    public void Add(string name, double value) => AddArray(name, entry => NpyWriter.Write(entry, value));

    /// <summary>Adds an entry that is no array: <c>numpy.load</c> hands out its bytes.</summary>
    /// <param name="name">Its whole name.</param>
    /// <param name="content">The bytes.</param>
    public void AddBytes(string name, ReadOnlySpan<byte> content)
    {
        using Stream entry = Open(name);
        entry.Write(content);
    }

    /// <summary>Writes the index of the archive.</summary>
    public void Dispose() => archive.Dispose();

    private void AddArray(string name, Action<Stream> write)
    {
        using Stream entry = Open(name + NpzArchive.Suffix);
        write(entry);
    }

    private Stream Open(string name)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Timeless;
        return entry.Open();
    }
}
