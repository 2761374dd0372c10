using System.IO.Compression;
using System.Text;
using LayerPeeled.Data.Targets;
using LayerPeeled.Data.Tests.Numpy;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Tests.Targets;

public sealed class TargetReaderTests
{
    // generate.py, row after row.
    internal static readonly double[] Expected = [3, 0, 0, 1, 0, 2, 0, 0, 0.5, 0, 0, 4, 0, 0, 0, 0, 1, 0, 7, 0];

    [Theory]
    [InlineData("csc.npz")]
    [InlineData("csc_stored.npz")]
    [InlineData("csc_loose.npz")]
    [InlineData("csc_text.npz")]
    [InlineData("csr.npz")]
    [InlineData("csr_array_f4.npz")]
    [InlineData("coo.npz")]
    [InlineData("coo_coords.npz")]
    [InlineData("real.mtx")]
    [InlineData("array.mtx")]
    [InlineData("c.npy")]
    [InlineData("fortran.npy")]
    [InlineData("f2_big.npy")]
    public void ReadFile_WhatPythonWrote_IsTheSameMatrix(string file)
    {
        TargetTable table = TargetReader.ReadFile(PathOf(file));
        Assert.Equal((5, 4, 7), (table.Values.RowCount, table.Values.ColumnCount, table.Values.NonZeroCount));
        Assert.Equal(Expected, InRows(table.Values));
        Assert.True(table.Tokens is null && table.Contexts is null);

        using var pipe = new Pipe(File.ReadAllBytes(PathOf(file)));
        Assert.Equal(Expected, InRows(TargetReader.Read(pipe).Values));
    }

    [Theory]
    [InlineData("symmetric.mtx", new double[] { 2, 1, 0, 1, 0, 5, 0, 5, 3 })]
    [InlineData("symmetric_array.mtx", new double[] { 2, 1, 0, 1, 0, 5, 0, 5, 3 })]
    [InlineData("pattern.mtx", new double[] { 1, 1, 0, 1, 0, 1, 0, 1, 1 })]
    public void ReadFile_SymmetricAndPatternFiles_AreFilledIn(string file, double[] expected) =>
        Assert.Equal(expected, InRows(TargetReader.ReadFile(PathOf(file)).Values));

    [Theory]
    [InlineData("refused_bsr.npz", "'bsr' is none of csc, csr and coo; save the matrix as matrix.tocsc()")]
    [InlineData("refused_dia.npz", "'dia'")]
    public void ReadFile_OtherSparseFormats_SayWhatToSave(string file, string message)
    {
        TargetFormatException error = Assert.Throws<TargetFormatException>(() => TargetReader.ReadFile(PathOf(file)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal("format", error.Array);
    }

    [Fact]
    public void Read_GzipOfMatrixMarket_IsUnpacked()
    {
        Assert.Equal(Expected, InRows(TargetReader.Read(new MemoryStream(Gzip(File.ReadAllBytes(PathOf("real.mtx"))))).Values));
        AssertRefused("another kind", Gzip(File.ReadAllBytes(PathOf("c.npy"))));
    }

    [Fact]
    public void Read_TableOfPandas_HasTheNames()
    {
        // "##s" and "#" are tokens, not comments.
        TargetTable table = TargetReader.Read(Stream(",of,\"a \"\"b\"\", c\"\r\n##s,1,0\r\n\" x\",0,2.5e-1\n#,3,0\n"));
        Assert.Equal(["##s", " x", "#"], table.Tokens);
        Assert.Equal(["of", "a \"b\", c"], table.Contexts);
        Assert.Equal([1, 0, 0, 0.25, 3, 0], InRows(table.Values));
        Assert.Equal([1.0, 2], InRows(TargetReader.Read(Stream("\uFEFF\tx\ty\nt\t1\t2\n")).Values));
    }

    [Theory]
    [InlineData(",a,b\nx,1,2\ny,1\n", 3, "'y,1' has 2 columns, the headings 3")]
    [InlineData(",a,b\n\nx,1,-2\n", 3, "'-2' in column 'b'")]
    [InlineData(",a,b\nx,1,\n", 2, "'' in column 'b'")]
    [InlineData(",a,b\nx,NaN,1\n", 2, "'NaN' in column 'a'")]
    [InlineData(",a,b\nx,1e999,1\n", 2, "'1e999' in column 'a'")]
    [InlineData(",a,b\nx,1;5,1\n", 2, "'1;5' in column 'a'")]
    [InlineData(",a,b\n\"x,1,2\ny,1,2\n", 2, "columns, the headings 3")]
    [InlineData(",a,b\nx,0,0\n", null, "needs at least one token, one context and one entry")]
    [InlineData(",a,b\n", null, "0×2 with 0 entries")]
    [InlineData(",\nx,\n", 2, "'' in column ''")]
    [InlineData("token,context,count\na,b,3\n", null, "another kind")]
    [InlineData("1,2\n3,4\n", null, "another kind")]
    [InlineData("", null, "empty")]
    public void Read_TableThatIsNone_IsRefusedWithTheLine(string text, int? line, string message)
    {
        TargetFormatException error = Assert.Throws<TargetFormatException>(() => TargetReader.Read(Stream(text)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.LineNumber);
    }

    [Fact]
    public void Read_DenseArraysThatAreNoTargets_AreRefused()
    {
        AssertRefused("expected a matrix", NpyReaderTests.Bytes("labels_f8.npy"), "a vector");
        AssertRefused("at (0, 0) is -3", NpyReaderTests.Bytes("little_f8.npy"), "a negative value");
        byte[] bytes = File.ReadAllBytes(PathOf("c.npy"));
        AssertRefused("160 bytes expected", bytes[..^1], "truncated");
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 8), double.NaN);
        AssertRefused("at (4, 3) is NaN", bytes, "NaN");
        AssertRefused("data end early", NpyReaderTests.Header("<f8", "(16000000, 16000000)"), "huge sizes without data");
        AssertRefused("48000000000 bytes expected", NpyReaderTests.Header("<f8", "(3000000000, 2)"), "sizes beyond an int");
        AssertRefused("All values are zero", [.. NpyReaderTests.Header("<f8", "(2, 2)"), .. new byte[32]], "nothing");
        AssertRefused("needs at least one token", NpyReaderTests.Header("<f8", "(0, 2)"), "no rows");
    }

    [Fact]
    public void ReadContextWeights_VectorOrNamedColumn_IsInTheOrderOfTheContexts()
    {
        string folder = Directory.CreateTempSubdirectory("layerpeeled-").FullName;
        string path = Path.Combine(folder, "weights");
        try
        {
            TargetTable plain = TargetReader.ReadFile(PathOf("c.npy"));
            var named = new TargetTable(plain.Values, null, ["of", "the", "and", "to"]);
            File.WriteAllBytes(path, [.. NpyReaderTests.Header("<f8", "(4,)"), .. new double[] { 3, 1, 0, 2 }.SelectMany(BitConverter.GetBytes)]);
            Assert.Equal([3.0, 1, 0, 2], TargetReader.ReadContextWeights(path, plain));
            Assert.Equal([3.0, 1, 0, 2], TargetReader.ReadContextWeights(path, named));
            File.WriteAllText(path, "context,weight\nto,1\nthe,2.5\nof,3\nand,4\n");
            Assert.Equal([3, 2.5, 4, 1], TargetReader.ReadContextWeights(path, named));
            Assert.Equal([1, 2.5, 3, 4], TargetReader.ReadContextWeights(path, plain));
            Assert.Contains("none for the context 'a'", Message(path, new TargetTable(plain.Values, null, ["of", "the", "and", "a"])), StringComparison.Ordinal);
            File.WriteAllText(path, "context,weight\nto,1\nthe,2\n");
            Assert.Contains("2 weights; one for each of the 4 contexts", Message(path, plain), StringComparison.Ordinal);
            File.WriteAllText(path, "context,weight\nto,1\nthe,-2\n");
            Assert.Contains("line 3", Message(path, plain), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static string Message(string path, TargetTable table) => Assert.Throws<TargetFormatException>(() => TargetReader.ReadContextWeights(path, table)).Message;
    }

    [Fact]
    public void TargetTable_NamesThatDoNotFit_AreNamed()
    {
        SparseColumns values = SparseColumns.FromDense(2, 1, [1, 2]);
        Assert.Equal("tokens", Assert.Throws<ArgumentException>(() => new TargetTable(values, ["a"])).ParamName);
        Assert.Equal("contexts", Assert.Throws<ArgumentException>(() => new TargetTable(values, ["a", "b"], ["a", "b"])).ParamName);
        List<string> names = ["a", "b"];
        var table = new TargetTable(values, names);
        names[0] = "c";
        Assert.Equal(["a", "b"], table.Tokens);
    }

    internal static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "ReferenceData", "targets", file);

    internal static double[] InRows(SparseColumns values)
    {
        SparseColumns turned = values.Transpose();
        var dense = new double[values.RowCount * values.ColumnCount];
        for (int r = 0; r < values.RowCount; r++)
        {
            foreach ((int column, double value) in turned.RowsOf(r).ToArray().Zip(turned.ValuesOf(r).ToArray()))
            {
                dense[(r * values.ColumnCount) + column] = value;
            }
        }

        return dense;
    }

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    internal static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(bytes);
        }

        return packed.ToArray();
    }

    internal static void AssertRefused(string message, byte[] bytes, string? what = null)
    {
        TargetFormatException error = Assert.Throws<TargetFormatException>(() => TargetReader.Read(new MemoryStream(bytes)));
        Assert.True(error.Message.Contains(message, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    private sealed class Pipe(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
