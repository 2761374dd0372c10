using System.IO.Compression;
using System.Text;
using LayerPeeled.Data.Targets;
using LayerPeeled.Data.Tests.Numpy;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Tests.Targets;

public sealed class TargetReaderTests
{
    // generate.py, row after row.
    private static readonly double[] Expected = [3, 0, 0, 1, 0, 2, 0, 0, 0.5, 0, 0, 4, 0, 0, 0, 0, 1, 0, 7, 0];

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
        AssertRefused("entries are possible", NpyReaderTests.Header("<f8", "(3000000000, 2)"), "sizes beyond an int");
        AssertRefused("All values are zero", [.. NpyReaderTests.Header("<f8", "(2, 2)"), .. new byte[32]], "nothing");
        AssertRefused("needs at least one token", NpyReaderTests.Header("<f8", "(0, 2)"), "no rows");
    }

    [Theory]
    [InlineData("csc.npz")]
    [InlineData("csc_stored.npz")]
    [InlineData("coo.npz")]
    [InlineData("real.mtx.gz")]
    public void Read_AnyCutOrFlippedBitOfFilesWithChecksums_NeverGivesOtherNumbers(string file)
    {
        byte[] intact = file.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(File.ReadAllBytes(PathOf(file[..^3]))) : File.ReadAllBytes(PathOf(file));
        int refused = 0;
        for (int i = 0; i < intact.Length; i++)
        {
            byte[] flipped = [.. intact];
            flipped[i] ^= (byte)(1 << (i % 8));
            foreach (byte[] bytes in new[] { intact[..i], flipped })
            {
                try
                {
                    Assert.Equal(Expected, InRows(TargetReader.Read(new MemoryStream(bytes)).Values));
                }
                catch (TargetFormatException)
                {
                    refused++;
                }
            }
        }

        // Dates and the like have no checksum.
        Assert.InRange(refused, 1.5 * intact.Length, 2 * intact.Length);
    }

    [Fact]
    public void Read_ArchiveWithWrongArrays_NamesThem()
    {
        AssertRefused("no array 'format' as scipy.sparse.save_npz writes it; its arrays are: 'data'", Archive(("data", Doubles(1))));
        AssertRefused("no array 'shape'", Archive(("format", Format("csc"))));
        AssertRefused("expected a single short text", Archive(("format", NpyReaderTests.Header("|S2000", "()"))));
        (string, byte[])[] common = [("format", Format("csc")), ("shape", Longs(3, 2)), ("data", Doubles(1, 2))];
        AssertRefused("array 'indices': Element 1 is 3; it must be from 0 to 2", Archive([.. common, ("indices", Longs(0, 3)), ("indptr", Longs(0, 1, 2))]));
        AssertRefused("array 'indices': Element 0 is -1", Archive([.. common, ("indices", Longs(-1, 0)), ("indptr", Longs(0, 1, 2))]));
        AssertRefused("array 'indices': It has 1 elements; 'indptr' asks for 2", Archive([.. common, ("indices", Longs(0)), ("indptr", Longs(0, 1, 2))]));
        AssertRefused("array 'indptr': Element 2 is 4294967298", Archive([.. common, ("indices", Longs(0, 1)), ("indptr", Longs(0, 1, 4294967298))]));
        AssertRefused("3 starts from 0 to the number of entries", Archive([.. common, ("indices", Longs(0, 1)), ("indptr", Longs(0, 2))]));
        AssertRefused("Start 2 is 1, below", Archive([.. common, ("indices", Longs(0, 1)), ("indptr", Longs(0, 2, 1))]));
        AssertRefused("at (1, 1) is -2", Archive(("format", Format("csc")), ("shape", Longs(3, 2)), ("data", Doubles(1, -2)), ("indices", Longs(0, 1)), ("indptr", Longs(0, 1, 2))));
        AssertRefused("expected (2)", Archive(("format", Format("csc")), ("shape", Longs(3, 2, 1)), ("data", Doubles(1))));
        AssertRefused("rows and columns up to", Archive(("format", Format("csr")), ("shape", Longs(3, 5_000_000_000)), ("data", Doubles(1))));
        AssertRefused("-3×2", Archive(("format", Format("csr")), ("shape", Longs(-3, 2)), ("data", Doubles(1))));
        AssertRefused("array 'data': It has 2 elements, 'row' has 1", Archive([("format", Format("coo")), .. common[1..], ("row", Longs(0)), ("col", Longs(0, 1))]));
        AssertRefused("array 'coords': An element is 2.5", Archive([("format", Format("coo")), .. common[1..],
            ("coords", [.. NpyReaderTests.Header("<f8", "(2, 2)"), .. new[] { 0, 2.5, 0, 1 }.SelectMany(BitConverter.GetBytes)])]));
    }

    [Theory]
    [InlineData("csc.npz")]
    [InlineData("csr.npz")]
    [InlineData("coo.npz")]
    [InlineData("real.mtx")]
    [InlineData("fortran.npy")]
    public void Read_DamagedFiles_FailOnlyAsDocumented(string file)
    {
        var random = new Random(7);
        byte[] intact = File.ReadAllBytes(PathOf(file));
        int refused = 0;
        for (int trial = 0; trial < 400; trial++)
        {
            byte[] bytes = trial % 2 == 0 ? intact[..random.Next(intact.Length)] : [.. intact];
            for (int i = 0; trial % 2 == 1 && i < 4; i++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                TargetReader.Read(new MemoryStream(bytes));
            }
            catch (TargetFormatException)
            {
                refused++;
            }
        }

        // A cut always shows, but for one in the line end behind the last entry.
        Assert.InRange(refused, 195, 400);
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

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Archive(params (string Name, byte[] Bytes)[] arrays)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] array) in arrays)
            {
                using Stream entry = zip.CreateEntry(name + ".npy").Open();
                entry.Write(array);
            }
        }

        return bytes.ToArray();
    }

    private static byte[] Format(string text) => [.. NpyReaderTests.Header($"|S{text.Length}", "()"), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Longs(params long[] numbers) => [.. NpyReaderTests.Header("<i8", $"({numbers.Length},)"), .. numbers.SelectMany(BitConverter.GetBytes)];

    private static byte[] Doubles(params double[] numbers) => [.. NpyReaderTests.Header("<f8", $"({numbers.Length},)"), .. numbers.SelectMany(BitConverter.GetBytes)];

    private static void AssertRefused(string message, byte[] bytes, string? what = null)
    {
        TargetFormatException error = Assert.Throws<TargetFormatException>(() => TargetReader.Read(new MemoryStream(bytes)));
        Assert.True(error.Message.Contains(message, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    private sealed class Pipe(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
