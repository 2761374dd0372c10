using System.Collections.Concurrent;

namespace LayerPeeled.Native.Border;

/// <summary>
/// What the opaque pointers of C stand for. They are numbers and no addresses, and none is given twice: one that was freed, or is of another type, is told
/// apart and refused.
/// </summary>
internal static class HandleTable
{
    // Spaced and odd, so that no handle looks like an address.
    private const int Step = 16;
    private static readonly ConcurrentDictionary<nint, Handle> Open = new();
    private static long s_last = 1;

    public static nint Add(Handle handle)
    {
        nint number = (nint)Interlocked.Add(ref s_last, Step);
        Open[number] = handle;
        return number;
    }

    /// <summary>What a handle stands for.</summary>
    /// <exception cref="ArgumentException">It is NULL, was freed, or is of another type.</exception>
    public static T Get<T>(nint number, string name)
        where T : Handle, IHandle
    {
        if (number == 0)
        {
            throw new ArgumentNullException(name);
        }

        return !Open.TryGetValue(number, out Handle? handle) ? throw new ArgumentException("The handle is none of this library's, or was freed.", name)
            : handle as T ?? throw new ArgumentException($"The handle is another one than {T.TypeName}.", name);
    }

    /// <inheritdoc cref="Get"/>
    public static T? GetOrNull<T>(nint number, string name)
        where T : Handle, IHandle
        => number == 0 ? null : Get<T>(number, name);

    /// <summary>Forgets a handle; NULL is none.</summary>
    /// <exception cref="ArgumentException">It was freed, or is of another type.</exception>
    public static void Free<T>(nint number, string name)
        where T : Handle, IHandle
    {
        if (number != 0)
        {
            Get<T>(number, name);
            Open.TryRemove(number, out _);
        }
    }
}
