using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using LayerPeeled.Data.Numpy;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Tests.Support;

/// <summary>Arrays as a Python program would save them: in single or double precision, in C or Fortran order.</summary>
internal static class NumpyFiles
{
    public static void Archive(string path, params (string Name, byte[] Bytes)[] arrays)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach ((string name, byte[] bytes) in arrays)
        {
            using Stream entry = archive.CreateEntry(name + ".npy").Open();
            entry.Write(bytes);
        }
    }

    public static byte[] Matrix(Matrix<double> matrix, bool singlePrecision = false, bool fortran = false)
    {
        double[] numbers = fortran ? matrix.ToColumnMajorArray() : matrix.ToRowMajorArray();
        string header = $"{{'descr': '{(singlePrecision ? "<f4" : "<f8")}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': ({matrix.RowCount}, {matrix.ColumnCount}), }}";
        header = header.PadRight(((10 + header.Length + 1 + 63) / 64 * 64) - 11) + "\n";
        byte[] data = singlePrecision ? MemoryMarshal.AsBytes<float>(Array.ConvertAll(numbers, x => (float)x)).ToArray() : MemoryMarshal.AsBytes<double>(numbers).ToArray();
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header), .. data];
    }

    public static byte[] Labels(params long[] labels) => Bytes(stream => NpyWriter.Write(stream, labels));

    public static byte[] Vector(params double[] values) => Bytes(stream => NpyWriter.Write(stream, values));

    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
