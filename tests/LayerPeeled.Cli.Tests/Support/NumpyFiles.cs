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
        byte[] data = singlePrecision ? MemoryMarshal.AsBytes<float>(Array.ConvertAll(numbers, x => (float)x)).ToArray() : MemoryMarshal.AsBytes<double>(numbers).ToArray();
        return [.. Header(singlePrecision ? "<f4" : "<f8", $"({matrix.RowCount}, {matrix.ColumnCount})", fortran), .. data];
    }

    /// <summary>Numbers of any type and shape.</summary>
    public static byte[] Numbers<T>(string descr, long[] shape, params T[] elements)
        where T : unmanaged => [.. Header(descr, $"({string.Join(", ", shape)},)"), .. MemoryMarshal.AsBytes<T>(elements)];

    /// <summary>A vector of names, as <c>numpy.array(names)</c>.</summary>
    public static byte[] Text(params string[] names)
    {
        int length = names.Max(name => name.Length);
        return [.. Header($"<U{length}", $"({names.Length},)"), .. names.SelectMany(name => Encoding.UTF32.GetBytes(name.PadRight(length, '\0')))];
    }

    public static byte[] Labels(params long[] labels) => Bytes(stream => NpyWriter.Write(stream, labels));

    public static byte[] Vector(params double[] values) => Bytes(stream => NpyWriter.Write(stream, values));

    private static byte[] Header(string descr, string shape, bool fortran = false)
    {
        string header = $"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}";
        header = header.PadRight(((10 + header.Length + 1 + 63) / 64 * 64) - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header)];
    }

    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
