using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using LayerPeeled.Data.Numpy;
using LayerPeeled.Data.Targets;
using LayerPeeled.Data.Tests.Numpy;

namespace LayerPeeled.Data.Tests.Hostile;

/// <summary>Archives and arrays that are made to take memory, or to be taken for what they are not.</summary>
public sealed class HostileArchiveTests
{
    private const int LocalSize = 22, IndexSize = 24, LocalPackedSize = 18, IndexPackedSize = 20;

    [Fact]
    public void ReadNumbers_EntryThatExpandsAThousandfold_IsRefusedBeforeItIsHeld()
    {
        // 100 MB of zeros in 0.1 MB, 800 MB as double precision; read in blocks of rows they take the memory of a block.
        const int Rows = 100_000, Columns = 1000;
        using MemoryStream bomb = Archive("features.npy", NpyReaderTests.Header("|u1", $"({Rows}, {Columns})"), zeros: (long)Rows * Columns);
        Assert.True(bomb.Length < 200_000);
        using var archive = new NpzArchive(bomb, "bomb.npz");
        long bytes = Memory.Of(() =>
        {
            using NpyReader whole = archive.Open("features");
            Assert.Contains("compressed bytes of the entry expand to 800000000 in memory", Assert.Throws<NpyFormatException>(() => whole.ReadNumbers()).Message, StringComparison.Ordinal);
            using NpyReader rows = archive.Open("features");
            var block = new float[100 * Columns];
            int read = 0;
            for (int n; (n = rows.ReadRows(block)) > 0;)
            {
                read += n;
            }

            Assert.Equal(Rows, read);
        });
        Assert.True(bytes < 10_000_000, $"{bytes} bytes");
    }

    [Fact]
    public void Read_SolutionThatExpandsAThousandfold_IsRefusedBeforeItIsHeld()
    {
        using MemoryStream bomb = Archive("solution.json", [], zeros: 300_000_000);
        long bytes = Memory.Of(() => AssertRefused<SolutionFormatException>("compressed bytes of the entry expand to 300000000 in memory", () => SolutionNpz.Read(bomb)));
        Assert.True(bytes < 1_000_000, $"{bytes} bytes");
    }

    [Fact]
    public void Open_EntryThatStatesMoreThanItsBytesCanHold_IsRefused()
    {
        byte[] archive = Archive("labels.npy", NpyReaderTests.Header("|u1", "(2000000000, 1)"), zeros: 1000).ToArray();
        Write(archive, 0x7FFFFFFF, LocalSize, IndexSize);
        AssertRefused<NpyFormatException>("2147483647 bytes are stated, which", () => Read(archive));
    }

    [Theory]
    [InlineData(true, 50, "the file ends inside the header")]
    [InlineData(false, 50, "more than the 50 bytes that are stated")]
    [InlineData(true, 5000, "the data end early: 4000 bytes expected for Float64 (500,)")]
    [InlineData(false, 5000, "the data end early: 4000 bytes expected for Float64 (500,)")]
    public void Read_EntryThatStatesAnotherLength_IsRefused(bool isPacked, uint stated, string expected)
    {
        byte[] archive = Archive("labels.npy", NpyReaderTests.Header("<f8", stated < 1000 ? "(2,)" : "(500,)"), zeros: 16, isPacked).ToArray();
        Write(archive, stated, LocalSize, IndexSize);
        AssertRefused<NpyFormatException>(expected, () => Read(archive));
    }

    [Fact]
    public void Open_CompressedSizeBeyondTheFile_IsRefused()
    {
        byte[] archive = Archive("labels.npy", NpyReaderTests.Header("<f8", "(2,)"), zeros: 16).ToArray();
        Write(archive, 0x7FFFFFFF, LocalPackedSize, IndexPackedSize);
        Write(archive, 0x7FFFFFFF, LocalSize, IndexSize);
        AssertRefused<NpyFormatException>("damaged", () => Read(archive));
    }

    [Fact]
    public void ColumnCount_HeaderWithMoreThanIsThere_IsRefusedBeforeAnybodyMakesRoom()
    {
        byte[] array = [.. NpyReaderTests.Header("|u1", "(1, 2000000000)"), 1, 0];
        using MemoryStream archive = Archive("labels.npy", array, zeros: 0);
        long bytes = Memory.Of(() =>
        {
            AssertRefused<NpyFormatException>("2000000000 bytes expected for UInt8 (1, 2000000000), 2 found", () => ClassLabels.Read(new NpyReader(new MemoryStream(array), "labels")));
            AssertRefused<NpyFormatException>("2000000000 bytes expected for UInt8 (1, 2000000000), 2 found", () => Read(archive.ToArray()));
        });
        Assert.True(bytes < 1_000_000, $"{bytes} bytes");
    }

    [Fact]
    public void Read_NoRowsOfManyColumns_TakesNoMemory()
    {
        byte[] array = NpyReaderTests.Header("|u1", "(0, 16000000)");
        long bytes = Memory.Of(() => Assert.True(ClassLabels.Read(new NpyReader(new MemoryStream(array), "labels")).Ids.IsEmpty));
        Assert.True(bytes < 1_000_000, $"{bytes} bytes");
    }

    [Fact]
    public void Read_OneHotRowsOfMoreClassesThanThereAre_AreRefused()
    {
        using MemoryStream archive = Archive("labels.npy", NpyReaderTests.Header("|u1", "(2, 50000000)"), zeros: 100_000_000);
        long bytes = Memory.Of(() => AssertRefused<NpyFormatException>("one-hot rows of up to 16777216 classes", () => Read(archive.ToArray())));
        Assert.True(bytes < 1_000_000, $"{bytes} bytes");
    }

    [Theory]
    [InlineData("../../labels.npy")]
    [InlineData("/tmp/labels.npy")]
    [InlineData("C:\\labels.npy")]
    [InlineData("..\\..\\labels.npy")]
    [InlineData("a\0b.npy")]
    [InlineData("\u001B[31mred.npy")]
    public void Open_NamesThatArePaths_AreNamesAndNothingElse(string name)
    {
        string folder = Directory.CreateTempSubdirectory("layerpeeled-").FullName;
        try
        {
            string path = Path.Combine(folder, "x.npz");
            File.WriteAllBytes(path, Archive(name, NpyReaderTests.Bytes("labels_i8.npy"), zeros: 0).ToArray());
            using (var archive = new NpzArchive(File.OpenRead(path), "x.npz"))
            {
                using NpyReader reader = archive.Open(Assert.Single(archive.Names));
                Assert.Equal(7, reader.ReadLabels().Length);
                Assert.DoesNotContain(Assert.Throws<NpyFormatException>(() => archive.Open("labels ")).Message, char.IsControl);
            }

            Assert.Equal(7, ClassCountReader.ReadFile(path, new ClassCountOptions { Content = ClassFileContent.Labels }).Sum());
            Assert.Throws<TargetFormatException>(() => TargetReader.ReadFile(path));
            Assert.Throws<SolutionFormatException>(() => SolutionFile.Read(path));
            Assert.Equal([path], Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Read_TextThatExpandsAThousandfold_IsReadLineByLine()
    {
        // 100 MB of comments in front of one entry
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("%%MatrixMarket matrix coordinate real general\n"u8);
            byte[] comments = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("%" + new string(' ', 999) + "\n", 1000)));
            for (int i = 0; i < 100; i++)
            {
                gzip.Write(comments);
            }

            gzip.Write("2 2 1\n1 2 3.5\n"u8);
        }

        packed.Position = 0;
        long bytes = Memory.Of(() => Assert.Equal(1, TargetReader.Read(packed).Values.NonZeroCount));
        Assert.True(bytes < 5_000_000, $"{bytes} bytes");
    }

    [Theory]
    [InlineData("(2147483648, 2147483648)", "more than 2^63 bytes")]
    [InlineData("(4294967296, 4294967296, 0)", "more than 2^63 bytes")]
    [InlineData("(-1, 3)", "not a whole number")]
    [InlineData("(3000000000,)", "more than one array can hold")]
    [InlineData("(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)", "65 axes")]
    public void ReadNumbers_ShapesThatOverflow_AreRefused(string shape, string expected) => AssertRefused<NpyFormatException>(
        expected, () => new NpyReader(new MemoryStream(NpyReaderTests.Header("<f8", shape)), "features").ReadNumbers());

    private static void Read(byte[] archive)
    {
        using var opened = new NpzArchive(new MemoryStream(archive), "x.npz");
        using NpyReader reader = opened.Open("labels");
        ClassLabels.Read(reader);
    }

    private static void AssertRefused<T>(string expected, Action action)
        where T : FormatException => Assert.Contains(expected, Assert.Throws<T>(action).Message, StringComparison.Ordinal);

    // A number into a field of the local header and the same field of the index.
    private static void Write(byte[] archive, uint number, int local, int index)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(archive.AsSpan().IndexOf("PK\u0003\u0004"u8) + local), number);
        BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(archive.AsSpan().IndexOf("PK\u0001\u0002"u8) + index), number);
    }

    private static MemoryStream Archive(string name, byte[] start, long zeros, bool isPacked = true)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry(name, isPacked ? CompressionLevel.Optimal : CompressionLevel.NoCompression).Open();
            entry.Write(start);
            var block = new byte[1 << 20];
            for (long left = zeros; left > 0; left -= block.Length)
            {
                entry.Write(block.AsSpan(0, (int)Math.Min(left, block.Length)));
            }
        }

        bytes.Position = 0;
        return bytes;
    }
}
