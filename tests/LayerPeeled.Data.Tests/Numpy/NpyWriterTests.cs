using LayerPeeled.Data.Numpy;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data.Tests.Numpy;

public sealed class NpyWriterTests
{
    [Fact]
    public void Write_SameArray_GivesTheBytesOfNumPy()
    {
        using var matrix = new MemoryStream();
        NpyWriter.Write(matrix, Matrix<double>.Build.Dense(4, 3, (i, j) => (10 * i) + j - 3));
        Assert.Equal(NpyReaderTests.Bytes("little_f8.npy"), matrix.ToArray());
        using var labels = new MemoryStream();
        NpyWriter.Write(labels, [-3L, -2, -1, 0, 1, 2, 3]);
        Assert.Equal(NpyReaderTests.Bytes("labels_i8.npy"), labels.ToArray());
        using var vector = new MemoryStream();
        NpyWriter.Write(vector, [-3.0, -2, -1, 0, 1, 2, 3]);
        Assert.Equal(NpyReaderTests.Bytes("labels_f8.npy"), vector.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Write_AnyVector_IsReadBack(int length)
    {
        double[] values = Enumerable.Range(0, length).Select(i => Math.Exp(i) - 0.1).ToArray();
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, values);
        stream.Position = 0;
        using var reader = new NpyReader(stream, "vector");
        Assert.Equal(values, reader.ReadNumbers());
        Assert.Equal(0, (stream.Length - (8 * length)) % 64);
    }
}
