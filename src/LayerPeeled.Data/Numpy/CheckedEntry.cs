using System.IO.Compression;
using System.IO.Hashing;

namespace LayerPeeled.Data.Numpy;

/// <summary>
/// The content of an entry of a zip archive, whose length and CRC-32 are compared with those that the archive states once the last byte is read.
/// The run-time reads entries without a look at the CRC-32 before .NET 11.
/// </summary>
internal sealed class CheckedEntry : Stream
{
    // Deflate turns 258 bytes into 2 bits at best.
    private const int LargestExpansion = 1032;

    // What an entry of any size may be held in memory as, and how many times its compressed size beyond that.
    private const long FreelyHeld = 1L << 28;
    private const long HeldExpansion = 200;

    private readonly ZipArchiveEntry entry;
    private readonly string name;
    private readonly Stream content;
    private readonly Crc32 crc = new();
    private long read;

    /// <summary>Opens an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="NpyFormatException">It states more bytes than can come of those that it has.</exception>
    public CheckedEntry(ZipArchiveEntry entry, string name)
    {
        (this.entry, this.name) = (entry, name);
        content = entry.Length <= LargestExpansion * (1 + Math.Min(entry.CompressedLength, (long.MaxValue / LargestExpansion) - 1)) ? entry.Open()
            : throw new NpyFormatException(
                name, $"the archive is damaged: {entry.Length} bytes are stated, which {entry.CompressedLength} compressed bytes cannot hold.");
    }

    /// <summary>Bytes that are left, as the archive states it.</summary>
    public long Left => entry.Length - read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Throws where so much memory for an entry so small is rather an attack than data. What is streamed may expand as it likes.</summary>
    /// <param name="bytes">Bytes of memory that the content is to be held in.</param>
    /// <exception cref="NpyFormatException">It is too much.</exception>
    public void RequireModest(long bytes)
    {
        if (bytes > FreelyHeld && bytes / HeldExpansion > entry.CompressedLength)
        {
            throw new NpyFormatException(
                name, $"the {entry.CompressedLength} compressed bytes of the entry expand to {bytes} in memory; more than {HeldExpansion} times as much "
                    + $"is held up to {FreelyHeld} only. Save it without compression: numpy.savez.");
        }
    }

    /// <summary>Reads what is left and compares length and CRC-32.</summary>
    /// <exception cref="NpyFormatException">They differ.</exception>
    public void RequireIntact()
    {
        Span<byte> rest = stackalloc byte[4096];
        while (Read(rest) > 0)
        {
        }

        if (read != entry.Length)
        {
            throw new NpyFormatException(name, $"the archive is damaged: the entry has {read} bytes, {entry.Length} are stated.");
        }

        if (crc.GetCurrentHashAsUInt32() != entry.Crc32)
        {
            throw new NpyFormatException(
                name, $"the archive is damaged: the CRC-32 of the entry is {crc.GetCurrentHashAsUInt32():x8}, {entry.Crc32:x8} is stated. Copy or save it again.");
        }
    }

    public override int Read(Span<byte> buffer)
    {
        int n = content.Read(buffer);
        crc.Append(buffer[..n]);
        read += n;
        return Left >= 0 ? n : throw new NpyFormatException(name, $"the archive is damaged: the entry has more than the {entry.Length} bytes that are stated.");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }
}
