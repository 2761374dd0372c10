using System.Text;
using LayerPeeled.Data.Numpy;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data.Tests.Numpy;

public sealed class NpyReaderTests
{
    internal static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "ReferenceData", "numpy", file);

    internal static byte[] Bytes(string file) => File.ReadAllBytes(PathOf(file));

    // generate.py: a[i, j] = 10·i + j − 3, unsigned without the −3.
    private static double[] Expected(bool unsigned) =>
        Enumerable.Range(0, 12).Select(i => (10.0 * (i / 3)) + (i % 3) - (unsigned ? 0 : 3)).ToArray();

    public static TheoryData<string> Matrices =>
    [
        .. from order in new[] { "little", "big" }
           from kind in new[] { "f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8" }
           select $"{order}_{kind}.npy",
        "i1.npy", "u1.npy", "fortran_f4.npy", "fortran_big_i8.npy", "version2.npy", "version3.npy",
    ];

    [Theory]
    [MemberData(nameof(Matrices))]
    public void ReadMatrix_EveryTypeAndOrder_HoldsWhatNumPyWrote(string file)
    {
        double[] expected = Expected(file.Contains('u', StringComparison.Ordinal));
        using var seekable = new NpyReader(new MemoryStream(Bytes(file)), file);
        Matrix<double> matrix = seekable.ReadMatrix();
        Assert.Equal((4, 3), (matrix.RowCount, matrix.ColumnCount));
        Assert.Equal(expected, matrix.ToRowMajorArray());

        using var forwardOnly = new NpyReader(new Drip(Bytes(file)), file);
        Assert.Equal(expected, forwardOnly.ReadNumbers());

        // Three rows, then the last, then the end.
        using var rows = new NpyReader(new Drip(Bytes(file)), file);
        var three = new float[11];
        Assert.Equal(3, rows.ReadRows(three));
        Assert.Equal(expected[..9].Select(x => (float)x), three[..9]);
        var last = new double[6];
        Assert.Equal(1, rows.ReadRows(last));
        Assert.Equal(expected[9..], last[..3]);
        Assert.Equal(0, rows.ReadRows(last));
    }

    [Fact]
    public void ReadLabels_IntegersWholeFloatsAndBooleans_AreRead()
    {
        foreach (string file in new[] { "labels_i8.npy", "labels_f8.npy" })
        {
            using var reader = new NpyReader(new MemoryStream(Bytes(file)), file);
            Assert.Equal([-3L, -2, -1, 0, 1, 2, 3], reader.ReadLabels());
        }

        using var flags = new NpyReader(new Drip(Bytes("bool.npy")), "bool");
        Assert.Equal([0L, 1, 0, 1, 0, 1, 0], flags.ReadLabels());
        using var again = new NpyReader(new Drip(Bytes("bool.npy")), "bool");
        Assert.Equal([0.0, 1, 0, 1, 0, 1, 0], again.ReadVector());
        foreach (NpyElementType type in Enum.GetValues<NpyElementType>().Except([NpyElementType.Boolean, NpyElementType.Text, NpyElementType.ByteText]))
        {
            byte[] raw = Vector(type, 300);
            using var reader = new NpyReader(new Drip(raw), type.ToString());
            Assert.Equal(Enumerable.Range(0, 300).Select(i => i % 100L), reader.ReadLabels());
        }
    }

    [Fact]
    public void ReadNumbers_OtherShapes_AreReadInOrder()
    {
        using var cube = new NpyReader(new MemoryStream(Bytes("cube.npy")), "cube");
        Assert.Equal([2L, 3, 4], cube.Header.Shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (double)i), cube.ReadNumbers());
        using var scalar = new NpyReader(new MemoryStream(Bytes("scalar.npy")), "scalar");
        Assert.Empty(scalar.Header.Shape);
        Assert.Equal([2.5], scalar.ReadNumbers());
        using var empty = new NpyReader(new MemoryStream(Bytes("empty.npy")), "empty");
        Assert.Equal((0, 5), (empty.RowCount, empty.ColumnCount));
        Assert.Equal(0, empty.ReadRows(new double[5]));
        Assert.Throws<NpyFormatException>(() => empty.ReadMatrix());
    }

    [Fact]
    public void ReadRows_LongMatrix_CrossesTheChunksOfTheReader()
    {
        // 600 000 doubles are several of the reader's chunks.
        Matrix<double> matrix = Matrix<double>.Build.Dense(200_000, 3, (i, j) => i + (0.25 * j));
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, matrix);
        using var reader = new NpyReader(new Drip(stream.ToArray()), "long");
        var block = new double[3 * 70_000];
        long row = 0;
        for (int rows; (rows = reader.ReadRows(block)) > 0;)
        {
            for (int i = 0; i < rows; i++, row++)
            {
                Assert.Equal(row + 0.5, block[(3 * i) + 2]);
            }
        }

        Assert.Equal(200_000, row);
        using var whole = new NpyReader(new Drip(stream.ToArray()), "long");
        Assert.Equal(matrix, whole.ReadMatrix());
    }

    [Theory]
    [InlineData("objects.npy", "unpickling runs code")]
    [InlineData("complex.npy", "'<c16' is not supported")]
    [InlineData("bfloat16.npy", "bfloat16")]
    [InlineData("checkpoint.pt", "PyTorch checkpoint")]
    [InlineData("checkpoint_old.pt", "unpickling runs code")]
    [InlineData("records.npy", "structured")]
    [InlineData("stored.npz", "open it as .npz")]
    public void Open_UnsupportedKinds_AreRefusedByName(string file, string expected)
    {
        NpyFormatException error = Assert.Throws<NpyFormatException>(() => new NpyReader(new MemoryStream(Bytes(file)), file));
        Assert.StartsWith(file + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WrongShapeOrContent_NamesArrayAndShape()
    {
        using var matrix = new NpyReader(new MemoryStream(Bytes("little_f8.npy")), "features");
        Assert.Contains("features: the shape is (4, 3), expected a vector of labels (1 axis)", Message(() => matrix.ReadLabels()), StringComparison.Ordinal);
        Assert.Contains("(4, 3), expected (any, 7)", Message(() => matrix.RequireShape(null, 7)), StringComparison.Ordinal);
        matrix.RequireShape(4, null);
        Assert.Throws<ArgumentException>(() => matrix.ReadRows(new double[2]));
        Assert.Equal(1, matrix.ReadRows(new double[3]));
        Assert.Throws<InvalidOperationException>(() => matrix.ReadNumbers());
        using var vector = new NpyReader(new MemoryStream(Bytes("labels_i8.npy")), "labels");
        Assert.Contains("(7,), expected a matrix", Message(() => vector.ReadMatrix()), StringComparison.Ordinal);
        using var half = new NpyReader(new MemoryStream(Bytes("labels_half.npy")), "labels");
        Assert.Contains("element 1 is no 64-bit integer", Message(() => half.ReadLabels()), StringComparison.Ordinal);
        using var large = new NpyReader(new MemoryStream(Bytes("labels_u8_large.npy")), "labels");
        Assert.Contains("element 1 is no 64-bit integer", Message(() => large.ReadLabels()), StringComparison.Ordinal);
        using var numbers = new NpyReader(new MemoryStream(Bytes("labels_u8_large.npy")), "labels");
        Assert.Equal([1, 9223372036854775808.0], numbers.ReadNumbers());
    }

    [Fact]
    public void ReadRows_PooledFeatures_AreAMatrixOnceSqueezed()
    {
        foreach (string file in new[] { "pooled.npy", "pooled_last.npy" })
        {
            using var refused = new NpyReader(new Drip(Bytes(file)), file);
            Assert.Contains("expected a matrix (2 axes)", Message(() => refused.ReadMatrix()), StringComparison.Ordinal);
            using var reader = new NpyReader(new Drip(Bytes(file)), file);
            Assert.True(reader.Squeeze(2));
            Assert.Equal([4L, 3], reader.Shape);
            Assert.Equal(Expected(unsigned: false), reader.ReadMatrix().ToRowMajorArray());
            using var rows = new NpyReader(new Drip(Bytes(file)), file);
            rows.Squeeze(2);
            var two = new float[6];
            Assert.Equal(2, rows.ReadRows(two));
            Assert.Equal(Expected(unsigned: false)[..6].Select(x => (float)x), two);
        }

        using var cube = new NpyReader(new MemoryStream(Bytes("cube.npy")), "cube");
        Assert.False(cube.Squeeze(2));
        Assert.Equal([2L, 3, 4], cube.Shape);
    }

    [Fact]
    public void ReadTexts_NumbersOrShapes_AreRefusedAndTextIsNoNumber()
    {
        using var numbers = new NpyReader(new MemoryStream(Bytes("labels_i8.npy")), "names");
        Assert.Contains("expected text", Message(() => numbers.ReadTexts()), StringComparison.Ordinal);
        using var text = new NpyReader(new MemoryStream(Bytes("labels_text.npy")), "labels");
        Assert.Contains("the elements are text, expected numbers", Message(() => text.ReadLabels()), StringComparison.Ordinal);
        Assert.Contains("the elements are text", Message(() => text.ReadVector()), StringComparison.Ordinal);
        using var latin = new NpyReader(new MemoryStream(Bytes("labels_latin1.npy")), "labels");
        Assert.Contains("element 0 is no text in utf-8", Message(() => latin.ReadTexts()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_TruncatedData_SaysHowMuchIsMissing(bool seekable)
    {
        byte[] bytes = Bytes("little_f8.npy")[..^13];
        using var reader = new NpyReader(seekable ? new MemoryStream(bytes) : new Drip(bytes), "features");
        Assert.Contains("96 bytes expected for Float64 (4, 3), 83 found", Message(() => reader.ReadMatrix()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", true)]
    [InlineData("{\"shape\":(2L,),\"fortran_order\":True,\"descr\":\"=f8\"}\n", true)]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2)}", false)]
    [InlineData("{'descr': '<f8', 'fortran_order': False}", false)]
    [InlineData("{'descr': '<f8', 'fortran_order': 0, 'shape': (2,)}", false)]
    [InlineData("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", false)]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-2,)}", false)]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)} + exit()", false)]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'more': 1}", false)]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", false)]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}", false)]
    [InlineData("{'descr': '|f8', 'fortran_order': False, 'shape': (2,)}", false)]
    [InlineData("{'descr': '|b', 'fortran_order': False, 'shape': (2,)}", false)]
    [InlineData("{'descr': '<U0', 'fortran_order': False, 'shape': (2,)}", false)]
    [InlineData("{'descr': '<U99999999', 'fortran_order': False, 'shape': (2,)}", false)]
    [InlineData("{'descr': '|U2', 'fortran_order': False, 'shape': (2,)}", false)]
    [InlineData("{'descr': '<U60000', 'fortran_order': False, 'shape': (1000000000000000,)}", false)]
    [InlineData("{'descr': '", false)]
    [InlineData("{", false)]
    [InlineData("", false)]
    public void Open_HandWrittenHeaders_AreReadOrRefused(string header, bool isValid)
    {
        byte[] bytes = [.. Prefix(header.Length), .. Encoding.ASCII.GetBytes(header), .. new byte[16]];
        if (isValid)
        {
            using var reader = new NpyReader(new MemoryStream(bytes), "array");
            Assert.Equal([0.0, 0], reader.ReadNumbers());
        }
        else
        {
            Assert.Throws<NpyFormatException>(() => new NpyReader(new MemoryStream(bytes), "array"));
        }
    }

    [Fact]
    public void Open_FalseLengths_CostNoMemory()
    {
        // 16 GB of numbers announced, 16 bytes there; then a header of 4 GB announced.
        const string Header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2000000000,)}";
        byte[] bytes = [.. Prefix(Header.Length), .. Encoding.ASCII.GetBytes(Header), .. new byte[16]];
        using var forwardOnly = new NpyReader(new Drip(bytes), "array");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<NpyFormatException>(() => forwardOnly.ReadNumbers());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000_000);
        byte[] longHeader = [.. Prefix(0)[..6], 2, 0, 255, 255, 255, 255];
        Assert.Throws<NpyFormatException>(() => new NpyReader(new MemoryStream(longHeader), "array"));
    }

    [Fact]
    public void Open_DamagedFiles_FailOnlyAsDocumented()
    {
        var random = new Random(7);
        string[] files = ["little_f8.npy", "fortran_f4.npy", "version3.npy", "labels_i8.npy", "bool.npy", "big_u8.npy", "labels_text.npy"];
        int refused = 0;
        for (int trial = 0; trial < 4000; trial++)
        {
            byte[] bytes = Bytes(files[trial % files.Length]);
            if (trial % 3 == 0)
            {
                bytes = bytes[..random.Next(bytes.Length)];
            }
            else
            {
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    bytes[random.Next(80)] = trial % 3 == 1 ? (byte)random.Next(256) : (byte)random.Next(32, 127);
                }
            }

            try
            {
                using var reader = new NpyReader(trial % 2 == 0 ? new MemoryStream(bytes) : new Drip(bytes), "array");
                _ = reader.Header.Shape.Count == 1 ? (object)ClassLabels.Read(reader) : reader.ReadMatrix();
            }
            catch (NpyFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 2000, 3999);
    }

    /// <summary>What comes before the elements of an array in C order.</summary>
    internal static byte[] Header(string descr, string shape)
    {
        string header = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}";
        return [.. Prefix(header.Length), .. Encoding.ASCII.GetBytes(header)];
    }

    private static string Message(Action action) => Assert.Throws<NpyFormatException>(action).Message;

    private static byte[] Prefix(int length) => [0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8)];

    private static byte[] Vector(NpyElementType type, int count)
    {
        string descr = type switch
        {
            NpyElementType.Float16 => "<f2",
            NpyElementType.Float32 => "<f4",
            NpyElementType.Float64 => "<f8",
            NpyElementType.Int8 => "|i1",
            NpyElementType.Int16 => "<i2",
            NpyElementType.Int32 => "<i4",
            NpyElementType.Int64 => "<i8",
            NpyElementType.UInt8 => "|u1",
            NpyElementType.UInt16 => "<u2",
            NpyElementType.UInt32 => "<u4",
            _ => "<u8",
        };
        IEnumerable<byte> data = Enumerable.Range(0, count).SelectMany(i => type switch
        {
            NpyElementType.Float16 => BitConverter.GetBytes((Half)(i % 100)),
            NpyElementType.Float32 => BitConverter.GetBytes((float)(i % 100)),
            NpyElementType.Float64 => BitConverter.GetBytes((double)(i % 100)),
            _ => BitConverter.GetBytes((long)(i % 100))[..(descr[2] - '0')],
        });
        return [.. Header(descr, $"({count},)"), .. data];
    }

    /// <summary>A stream that cannot seek and hands out a few bytes at a time.</summary>
    private sealed class Drip(byte[] bytes) : Stream
    {
        private int at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int n = Math.Min(Math.Min(count, 1 + (at % 997)), bytes.Length - at);
            Array.Copy(bytes, at, buffer, offset, n);
            at += n;
            return n;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
