using System.IO.Compression;
using LayerPeeled.Data.Numpy;
using LayerPeeled.Data.Tests.Numpy;

namespace LayerPeeled.Data.Tests.Hostile;

/// <summary>
/// Archives on disk whose entries and offsets need more than 32 bits. The normal run makes small ones with the same code; <c>LAYERPEELED_HUGE_FILES=1</c>
/// makes them of 4.5 GB, which take no room where the file system leaves out zeros.
/// </summary>
public sealed class HugeFileTests : IDisposable
{
    private const int Columns = 1000;
    private static readonly bool AreHuge = Environment.GetEnvironmentVariable("LAYERPEELED_HUGE_FILES") is { Length: > 0 };
    private static readonly int Rows = AreHuge ? 4_500_000 : 4_500;

    private readonly string path = Path.Combine(Directory.CreateTempSubdirectory("layerpeeled-").FullName, "huge.npz");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    public void ReadRows_EntryBehindALongOne_IsReadAndChecked(CompressionLevel level)
    {
        WriteArchive(level);
        long length = new FileInfo(path).Length;
        if (level == CompressionLevel.NoCompression)
        {
            Assert.True(length > (long)Rows * Columns);
        }

        AssertReadable();

        // One bit in the middle of the zeros. Of what is packed it may be that of the distance to a repetition: of zeros any distance gives the same.
        using (FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = length / 2;
            int old = file.ReadByte();
            file.Position = length / 2;
            file.WriteByte((byte)(old ^ 4));
        }

        using var archive = new NpzArchive(File.OpenRead(path), "huge.npz");
        Exception? error = Record.Exception(() => Assert.Equal(Rows, Count(archive)));
        Assert.True(error is NpyFormatException || (error is null && level != CompressionLevel.NoCompression), $"{error}");
        using NpyReader labels = archive.Open("labels");
        Assert.Equal(7, labels.ReadLabels().Length);
    }

    private void AssertReadable()
    {
        using var archive = new NpzArchive(File.OpenRead(path), "huge.npz");
        Assert.Equal(Rows, Count(archive));
        using NpyReader labels = archive.Open("labels");
        Assert.Equal([-3L, -2, -1, 0, 1, 2, 3], labels.ReadLabels());
    }

    private static int Count(NpzArchive archive)
    {
        using NpyReader zeros = archive.Open("zeros");
        var block = new float[1000 * Columns];
        int rows = 0;
        bool areZeros = true;
        for (int n; (n = zeros.ReadRows(block)) > 0; rows += n)
        {
            areZeros &= !block.AsSpan(0, n * Columns).ContainsAnyExcept(0f);
        }

        // Numbers of a damaged archive may be handed out, but not the last ones.
        Assert.True(areZeros);

        return rows;
    }

    private void WriteArchive(CompressionLevel level)
    {
        using var file = new HoleyFile(path);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        using (Stream entry = zip.CreateEntry("zeros.npy", level).Open())
        {
            entry.Write(NpyReaderTests.Header("|u1", $"({Rows}, {Columns})"));
            var block = new byte[1000 * Columns];
            for (int row = 0; row < Rows; row += 1000)
            {
                entry.Write(block.AsSpan(0, Math.Min(1000, Rows - row) * Columns));
            }
        }

        using Stream labels = zip.CreateEntry("labels.npy", level).Open();
        labels.Write(NpyReaderTests.Bytes("labels_i8.npy"));
    }
}
