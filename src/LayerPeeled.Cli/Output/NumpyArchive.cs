using System.IO.Compression;
using LayerPeeled.Data.Numpy;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Output;

/// <summary>Several matrices in one .npz file, without compression.</summary>
internal static class NumpyArchive
{
    /// <summary>Writes the archive.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="arrays">The matrices by name.</param>
    public static void Write(Stream stream, IEnumerable<(string Name, Matrix<double> Values)> arrays)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, Matrix<double> values) in arrays)
        {
            using Stream entry = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression).Open();
            NpyWriter.Write(entry, values);
        }
    }
}
