using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace LayerPeeled.Data.Numpy;

/// <summary>The elements of an array in the order of the file, read front to back. Not thread-safe.</summary>
internal sealed class NpyData : IDisposable
{
    private const int ChunkBytes = 1 << 20;

    private readonly Stream stream;
    private readonly string name;
    private readonly CheckedEntry? entry;

    // Bytes behind the header, where that is known before they are read.
    private readonly long? available;
    private byte[] chunk = [];

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The stream, at the first byte of the array. An entry of an archive is checked before its last element is handed out.</param>
    /// <param name="name">Name of the array, for messages.</param>
    public NpyData(Stream stream, string name)
    {
        this.stream = stream;
        this.name = name;
        entry = stream as CheckedEntry;
        Header = NpyPreamble.Read(ReadUpTo, name);
        available = stream.CanSeek ? stream.Length - stream.Position : entry?.Left;
        if (Header.ElementCount == 0)
        {
            AtEnd();
        }
    }

    public delegate void ReadInto<T>(Span<T> destination);

    public NpyHeader Header { get; }

    /// <summary>Elements read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Throws where the data are known to be fewer than the header states, so that nobody makes room for them.</summary>
    public void RequireThere()
    {
        long expected = Header.ElementCount * Header.ElementSize;
        if (available < expected)
        {
            throw Truncated(available.Value, expected);
        }
    }

    /// <summary>Reads everything into an array that grows with the data, so that a false length in the header costs no memory.</summary>
    public T[] ReadAll<T>(ReadInto<T> read)
    {
        if (Position > 0)
        {
            throw new InvalidOperationException($"{name} was read in part already.");
        }

        long count = Header.ElementCount;
        if (count > Array.MaxLength)
        {
            throw Fault($"{count} elements are more than one array can hold; read it in blocks of rows.");
        }

        RequireThere();
        entry?.RequireModest(count * Math.Max(Header.ElementSize, Unsafe.SizeOf<T>()));
        var all = new T[Math.Min(count, stream.CanSeek ? count : ChunkBytes)];
        for (int done = 0; done < count;)
        {
            if (done == all.Length)
            {
                Array.Resize(ref all, (int)Math.Min(count, Math.Max(1, 2L * all.Length)));
            }

            read(all.AsSpan(done));
            done = all.Length;
        }

        return all;
    }

    public void ReadNumbers<T>(Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Read(destination, (bytes, part) => NpyElements.Convert(Header, bytes, part));

    public void ReadIntegers(Span<long> destination) => Read(destination, (bytes, part) =>
    {
        if (!NpyElements.TryConvertToIntegers(Header, bytes, part, out int bad))
        {
            throw Fault($"element {Position - part.Length + bad} is no 64-bit integer; labels must be.");
        }
    });

    /// <summary>Reads text without the padding at its end. Equal texts are one object.</summary>
    public void ReadTexts(Span<string> destination)
    {
        int size = Header.ElementSize;
        Encoding encoding = Header.ElementType == NpyElementType.ByteText ? new UTF8Encoding(false, throwOnInvalidBytes: true)
            : new UTF32Encoding(Header.IsBigEndian, byteOrderMark: false, throwOnInvalidCharacters: true);
        var known = new HashSet<string>();
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        var characters = new char[encoding.GetMaxCharCount(size)];
        Read(destination, (bytes, part) =>
        {
            for (int i = 0; i < part.Length; i++)
            {
                ReadOnlySpan<char> text;
                try
                {
                    text = characters.AsSpan(0, encoding.GetChars(bytes.Slice(i * size, size), characters)).TrimEnd('\0');
                }
                catch (DecoderFallbackException)
                {
                    throw Fault($"element {Position - part.Length + i} is no text in {encoding.WebName}.");
                }

                lookup.Add(text);
                part[i] = lookup.TryGetValue(text, out string? value) ? value : "";
            }
        });
    }

    public NpyFormatException Fault(string message) => new(name, message);

    public void Dispose() => stream.Dispose();

    private delegate void Conversion<T>(Span<byte> bytes, Span<T> destination);

    private void Read<T>(Span<T> destination, Conversion<T> convert)
    {
        int size = Header.ElementSize, most = Math.Max(1, ChunkBytes / size);
        for (int done = 0, n; done < destination.Length; done += n)
        {
            n = Math.Min(destination.Length - done, most);
            convert(NextChunk(n), destination.Slice(done, n));
        }
    }

    private Span<byte> NextChunk(int elements)
    {
        int size = Header.ElementSize, wanted = elements * size;
        if (chunk.Length < wanted)
        {
            chunk = new byte[wanted];
        }

        Span<byte> bytes = chunk.AsSpan(0, wanted);
        int found = ReadUpTo(bytes);
        if (found < wanted)
        {
            throw Truncated((Position * size) + found, Header.ElementCount * size);
        }

        Position += elements;
        if (Position == Header.ElementCount)
        {
            AtEnd();
        }

        return bytes;
    }

    private int ReadUpTo(Span<byte> bytes)
    {
        try
        {
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(e);
        }
    }

    private void AtEnd()
    {
        try
        {
            entry?.RequireIntact();
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(e);
        }
    }

    // What a compressed entry of a damaged archive throws.
    private static bool IsDamage(Exception e) => e is InvalidDataException or EndOfStreamException;

    private NpyFormatException Damaged(Exception e) => new(name, "the compressed data are damaged.", e);

    private NpyFormatException Truncated(long found, long expected) => Fault(string.Create(
        CultureInfo.InvariantCulture, $"the data end early: {expected} bytes expected for {Header.ElementType} {Header.ShapeText}, {found} found."));
}
