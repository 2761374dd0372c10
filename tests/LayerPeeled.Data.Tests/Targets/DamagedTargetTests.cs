using System.IO.Compression;
using System.Text;
using LayerPeeled.Data.Targets;
using LayerPeeled.Data.Tests.Numpy;

namespace LayerPeeled.Data.Tests.Targets;

/// <summary>Files that are damaged, or made to harm.</summary>
public sealed class DamagedTargetTests
{
    [Theory]
    [InlineData("csc.npz")]
    [InlineData("csc_stored.npz")]
    [InlineData("coo.npz")]
    [InlineData("real.mtx.gz")]
    public void Read_AnyCutOrFlippedBitOfFilesWithChecksums_NeverGivesOtherNumbers(string file)
    {
        byte[] intact = file.EndsWith(".gz", StringComparison.Ordinal) ? TargetReaderTests.Gzip(File.ReadAllBytes(TargetReaderTests.PathOf(file[..^3]))) : File.ReadAllBytes(TargetReaderTests.PathOf(file));
        int refused = 0;
        for (int i = 0; i < intact.Length; i++)
        {
            byte[] flipped = [.. intact];
            flipped[i] ^= (byte)(1 << (i % 8));
            foreach (byte[] bytes in new[] { intact[..i], flipped })
            {
                try
                {
                    Assert.Equal(TargetReaderTests.Expected, TargetReaderTests.InRows(TargetReader.Read(new MemoryStream(bytes)).Values));
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
        TargetReaderTests.AssertRefused("no array 'format' as scipy.sparse.save_npz writes it; its arrays are: 'data'", Archive(("data", Doubles(1))));
        TargetReaderTests.AssertRefused("no array 'shape'", Archive(("format", Format("csc"))));
        TargetReaderTests.AssertRefused("expected a single short text", Archive(("format", NpyReaderTests.Header("|S2000", "()"))));
        (string, byte[])[] common = [("format", Format("csc")), ("shape", Longs(3, 2)), ("data", Doubles(1, 2))];
        TargetReaderTests.AssertRefused("array 'indices': Element 1 is 3; it must be from 0 to 2", Archive([.. common, ("indices", Longs(0, 3)), ("indptr", Longs(0, 1, 2))]));
        TargetReaderTests.AssertRefused("array 'indices': Element 0 is -1", Archive([.. common, ("indices", Longs(-1, 0)), ("indptr", Longs(0, 1, 2))]));
        TargetReaderTests.AssertRefused("array 'indices': It has 1 elements; 'indptr' asks for 2", Archive([.. common, ("indices", Longs(0)), ("indptr", Longs(0, 1, 2))]));
        TargetReaderTests.AssertRefused("array 'indptr': Element 2 is 4294967298", Archive([.. common, ("indices", Longs(0, 1)), ("indptr", Longs(0, 1, 4294967298))]));
        TargetReaderTests.AssertRefused("3 starts from 0 to the number of entries", Archive([.. common, ("indices", Longs(0, 1)), ("indptr", Longs(0, 2))]));
        TargetReaderTests.AssertRefused("Start 2 is 1, below", Archive([.. common, ("indices", Longs(0, 1)), ("indptr", Longs(0, 2, 1))]));
        TargetReaderTests.AssertRefused("at (1, 1) is -2", Archive(("format", Format("csc")), ("shape", Longs(3, 2)), ("data", Doubles(1, -2)), ("indices", Longs(0, 1)), ("indptr", Longs(0, 1, 2))));
        TargetReaderTests.AssertRefused("expected (2)", Archive(("format", Format("csc")), ("shape", Longs(3, 2, 1)), ("data", Doubles(1))));
        TargetReaderTests.AssertRefused("rows and columns up to", Archive(("format", Format("csr")), ("shape", Longs(3, 5_000_000_000)), ("data", Doubles(1))));
        TargetReaderTests.AssertRefused("-3×2", Archive(("format", Format("csr")), ("shape", Longs(-3, 2)), ("data", Doubles(1))));
        TargetReaderTests.AssertRefused("array 'data': It has 2 elements, 'row' has 1", Archive([("format", Format("coo")), .. common[1..], ("row", Longs(0)), ("col", Longs(0, 1))]));
        TargetReaderTests.AssertRefused("array 'coords': An element is 2.5", Archive([("format", Format("coo")), .. common[1..],
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
        byte[] intact = File.ReadAllBytes(TargetReaderTests.PathOf(file));
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
}
