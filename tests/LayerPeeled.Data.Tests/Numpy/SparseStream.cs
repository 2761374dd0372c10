namespace LayerPeeled.Data.Tests.Numpy;

/// <summary>A file in memory that keeps only the pages that are not all zeros.</summary>
internal sealed class SparseStream : Stream
{
    private const int PageSize = 1 << 16;

    private readonly Dictionary<long, byte[]> pages = [];
    private long length;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        int n = (int)Math.Min(Math.Min(buffer.Length, PageSize - (Position % PageSize)), Math.Max(0, length - Position));
        if (pages.TryGetValue(Position / PageSize, out byte[]? page))
        {
            page.AsSpan((int)(Position % PageSize), n).CopyTo(buffer);
        }
        else
        {
            buffer[..n].Clear();
        }

        Position += n;
        return n;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int at = (int)(Position % PageSize), n = Math.Min(buffer.Length, PageSize - at);
            if (!pages.TryGetValue(Position / PageSize, out byte[]? page) && buffer[..n].ContainsAnyExcept((byte)0))
            {
                pages.Add(Position / PageSize, page = new byte[PageSize]);
            }

            if (page is not null)
            {
                buffer[..n].CopyTo(page.AsSpan(at));
            }

            buffer = buffer[n..];
            Position += n;
            length = Math.Max(length, Position);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + (origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => Position, _ => length });

    public override void SetLength(long value) => length = value;

    public override void Flush()
    {
    }
}
