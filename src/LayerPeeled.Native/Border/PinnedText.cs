using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace LayerPeeled.Native.Border;

/// <summary>UTF-8 with a zero at the end, in memory that does not move: its address is good as long as somebody holds the array.</summary>
internal static unsafe class PinnedText
{
    private static readonly ConcurrentDictionary<string, byte[]> Kept = new(StringComparer.Ordinal);
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static byte[] Of(string text)
    {
        byte[] bytes = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(text) + 1, pinned: true);
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    public static nint Address(byte[] pinned) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));

    /// <summary>A text that lives as long as the process: names of methods and the like, of which there are few.</summary>
    public static nint Forever(string text) => Address(Kept.GetOrAdd(text, Of));

    /// <summary>A text of the caller.</summary>
    /// <exception cref="ArgumentException">It is missing, or no UTF-8.</exception>
    public static string Read(byte* text, string name) => ReadOrNull(text, name) ?? throw new ArgumentNullException(name);

    /// <inheritdoc cref="Read"/>
    public static string? ReadOrNull(byte* text, string name)
    {
        try
        {
            return text == null ? null : Strict.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
        }
        catch (DecoderFallbackException error)
        {
            throw new ArgumentException($"The text is not UTF-8: {error.Message}", name);
        }
    }

    /// <summary>Several texts of the caller; null where there are none.</summary>
    /// <exception cref="ArgumentException">One is missing or no UTF-8, or their number is negative.</exception>
    public static string[]? ReadAll(byte** texts, long count, string name)
    {
        if (count < 0 || count > Array.MaxLength || (texts == null && count > 0))
        {
            throw new ArgumentException($"The array of {count} texts is not there.", name);
        }

        if (texts == null)
        {
            return null;
        }

        var read = new string[count];
        for (long i = 0; i < count; i++)
        {
            read[i] = Read(texts[i], $"{name}[{i}]");
        }

        return read;
    }
}
