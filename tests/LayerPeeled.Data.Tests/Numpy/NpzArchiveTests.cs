using System.IO.Compression;
using LayerPeeled.Data.Numpy;

namespace LayerPeeled.Data.Tests.Numpy;

public sealed class NpzArchiveTests
{
    [Theory]
    [InlineData("stored.npz")]
    [InlineData("compressed.npz")]
    public void Open_ArraysByName_HoldWhatNumPyWrote(string file)
    {
        using var archive = new NpzArchive(File.OpenRead(NpyReaderTests.PathOf(file)), file);
        Assert.Equal(["features", "labels", "W"], archive.Names);
        using (NpyReader labels = archive.Open("labels"))
        {
            Assert.Equal([0L, 1, 2, 3], labels.ReadLabels());
        }

        using (NpyReader features = archive.Open("features.npy"))
        {
            Assert.Equal(NpyElementType.Float32, features.Header.ElementType);
            var rows = new float[6];
            Assert.Equal(2, features.ReadRows(rows));
            Assert.Equal([-3f, -2, -1, 7, 8, 9], rows);
            Assert.Equal(2, features.ReadRows(rows));
            Assert.Equal(29f, rows[5]);
        }

        string message = Assert.Throws<NpyFormatException>(() => archive.Open("bias")).Message;
        Assert.Contains("no array 'bias'; the archive has 'features', 'labels', 'W'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_StreamThatCannotSeek_Works()
    {
        // A decompressing stream cannot seek.
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(NpyReaderTests.Bytes("compressed.npz"));
        }

        packed.Position = 0;
        using var archive = new NpzArchive(new GZipStream(packed, CompressionMode.Decompress));
        using NpyReader classifier = archive.Open("W");
        Assert.Equal(29, classifier.ReadMatrix()[3, 2]);
    }

    [Fact]
    public void Open_DamagedArchives_FailOnlyAsDocumented()
    {
        var random = new Random(11);
        int refused = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] bytes = NpyReaderTests.Bytes(trial % 2 == 0 ? "stored.npz" : "compressed.npz");
            if (trial % 4 < 2)
            {
                bytes = bytes[..random.Next(bytes.Length)];
            }
            else
            {
                for (int i = 0; i < 6; i++)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }
            }

            try
            {
                using var archive = new NpzArchive(new MemoryStream(bytes), "damaged");
                foreach (string name in archive.Names)
                {
                    using NpyReader reader = archive.Open(name);
                    _ = reader.Header.Shape.Count == 1 ? (object)reader.ReadLabels() : reader.ReadNumbers();
                }
            }
            catch (NpyFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 1999);
    }

    [Theory]
    [InlineData("stored.npz")]
    [InlineData("compressed.npz")]
    public void Read_AnyFlippedBit_NeverGivesOtherNumbers(string file)
    {
        byte[] intact = NpyReaderTests.Bytes(file);
        string[] expected = [.. Contents(intact)];
        int refused = 0;
        for (int i = 0; i < 8 * intact.Length; i++)
        {
            byte[] flipped = [.. intact];
            flipped[i / 8] ^= (byte)(1 << (i % 8));
            try
            {
                // Names of entries have no check of their own.
                Assert.Subset(expected.ToHashSet(), Contents(flipped).ToHashSet());
            }
            catch (NpyFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 4 * intact.Length, 8 * intact.Length);
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    public void ReadRows_FlippedBit_ThrowsBeforeTheLastRows(CompressionLevel compression)
    {
        // Many chunks of the reader; the flip is in the middle, where even a damaged deflate stream may go on undetected.
        const int Rows = 300_000;
        var features = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(Rows, 2, (i, j) => Math.Sin(i + j));
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("features.npy", compression).Open();
            NpyWriter.Write(entry, features);
        }

        byte[] damaged = bytes.ToArray();
        damaged[damaged.Length / 2] ^= 0x10;
        using var archive = new NpzArchive(new MemoryStream(damaged), "damaged.npz");
        using NpyReader reader = archive.Open("features");
        var block = new double[2 * 1000];
        int read = 0;
        NpyFormatException error = Assert.Throws<NpyFormatException>(() =>
        {
            for (int n; (n = reader.ReadRows(block)) > 0;)
            {
                read += n;
            }
        });
        Assert.InRange(read, 0, Rows - 1);
        Assert.Contains("damaged.npz, array 'features'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BytesBehindTheArray_AreCheckedToo()
    {
        byte[] array = [.. NpyReaderTests.Bytes("labels_i8.npy"), 1, 2, 3];
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("labels.npy", CompressionLevel.NoCompression).Open();
            entry.Write(array);
        }

        using (var archive = new NpzArchive(bytes, leaveOpen: true))
        using (NpyReader labels = archive.Open("labels"))
        {
            Assert.Equal([-3L, -2, -1, 0, 1, 2, 3], labels.ReadLabels());
        }

        byte[] damaged = bytes.ToArray();
        damaged[damaged.AsSpan().IndexOf<byte>([1, 2, 3])] ^= 1;
        using var again = new NpzArchive(new MemoryStream(damaged));
        using NpyReader reader = again.Open("labels");
        Assert.Contains("CRC-32", Assert.Throws<NpyFormatException>(() => reader.ReadLabels()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EntriesAndOffsetsBeyond4GB_AreReadAndChecked()
    {
        // 4.3 GB of zeros, of which the stream keeps nothing, and an array behind them; both need zip64.
        const long Length = 4_300_000_000;
        using var sparse = new SparseStream();
        using (var zip = new ZipArchive(sparse, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (Stream entry = zip.CreateEntry("zeros.npy", CompressionLevel.NoCompression).Open())
            {
                entry.Write(NpyReaderTests.Header("|u1", $"({Length / 100}, 100)"));
                var zeros = new byte[1 << 20];
                for (long left = Length; left > 0; left -= zeros.Length)
                {
                    entry.Write(zeros.AsSpan(0, (int)Math.Min(left, zeros.Length)));
                }
            }

            using Stream labels = zip.CreateEntry("labels.npy", CompressionLevel.NoCompression).Open();
            labels.Write(NpyReaderTests.Bytes("labels_i8.npy"));
        }

        Assert.True(sparse.Length > Length);
        Assert.Equal(Length / 100, Rows(sparse));
        using (var archive = new NpzArchive(sparse, leaveOpen: true))
        using (NpyReader labels = archive.Open("labels"))
        {
            Assert.Equal([-3L, -2, -1, 0, 1, 2, 3], labels.ReadLabels());
        }

        // A single bit beyond 4 GB.
        sparse.Position = Length - 50;
        sparse.WriteByte(1);
        Assert.Contains("CRC-32", Assert.Throws<NpyFormatException>(() => Rows(sparse)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Checkpoint_SaysWhatItIsAndWhatToSave()
    {
        foreach (string file in new[] { "checkpoint.pt", "checkpoint_old.pt" })
        {
            string message = Assert.Throws<NpyFormatException>(() => new NpzArchive(new MemoryStream(NpyReaderTests.Bytes(file)), file)).Message;
            Assert.Contains("PyTorch checkpoint", message, StringComparison.Ordinal);
            Assert.Contains("numpy.savez", message, StringComparison.Ordinal);
        }

        string single = Assert.Throws<NpyFormatException>(() => new NpzArchive(new MemoryStream(NpyReaderTests.Bytes("little_f8.npy")), "x.npy")).Message;
        Assert.Contains("a single array (.npy)", single, StringComparison.Ordinal);
    }

    private static long Rows(Stream stream)
    {
        using var archive = new NpzArchive(stream, leaveOpen: true);
        using NpyReader zeros = archive.Open("zeros");
        var block = new float[100 * 2000];
        long rows = 0;
        for (int n; (n = zeros.ReadRows(block)) > 0; rows += n)
        {
        }

        return rows;
    }

    // Every array with its name, shape and numbers.
    private static List<string> Contents(byte[] bytes)
    {
        using var archive = new NpzArchive(new MemoryStream(bytes));
        var contents = new List<string>();
        foreach (string name in archive.Names)
        {
            using NpyReader reader = archive.Open(name);
            contents.Add($"{reader.Header.ShapeText} {string.Join(' ', reader.ReadNumbers())}");
        }

        return contents;
    }

    [Fact]
    public void Open_NoArchive_IsRefused() =>
        Assert.Contains("not a readable .npz", Assert.Throws<NpyFormatException>(() => new NpzArchive(new MemoryStream([1, 2, 3]), "x")).Message, StringComparison.Ordinal);
}
