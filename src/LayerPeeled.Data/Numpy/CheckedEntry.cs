using System.IO.Compression;
using System.IO.Hashing;

namespace LayerPeeled.Data.Numpy;

/// <summary>
/// The content of an entry of a zip archive, whose length and CRC-32 are compared with those that the archive states once the last byte is read.
/// The run-time reads entries without a look at the CRC-32 before .NET 11.
/// </summary>
internal sealed class CheckedEntry(ZipArchiveEntry entry, string name) : Stream
{
    private readonly Stream content = entry.Open();
    private readonly Crc32 crc = new();
    private long read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
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
        return n;
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
