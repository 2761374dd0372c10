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

    [Fact]
    public void Open_NoArchive_IsRefused() =>
        Assert.Contains("not a readable .npz", Assert.Throws<NpyFormatException>(() => new NpzArchive(new MemoryStream([1, 2, 3]), "x")).Message, StringComparison.Ordinal);
}
