namespace LayerPeeled.Native.Border;

/// <summary>
/// Structs of callers that were compiled with an older or a newer header: fields that one side does not know are zero on the other. A field cut in two is no size of any header.
/// </summary>
internal static unsafe class Sized
{
    // Above every struct there is or will be: larger sizes are memory that was never set.
    private const nuint Largest = 65_536;

    /// <summary>A struct that must be there.</summary>
    /// <exception cref="ArgumentException">It is missing, or its size is none.</exception>
    /// <exception cref="NotSupportedException">It has fields that this library does not know, and they are not zero.</exception>
    public static T Read<T>(T* source, string name)
        where T : unmanaged, ISized
    {
        nuint size = SizeOf(source, name);
        T value = default;
        Buffer.MemoryCopy(source, &value, sizeof(T), (long)Math.Min(size, (nuint)sizeof(T)));
        for (nuint i = (nuint)sizeof(T); i < size; i++)
        {
            if (((byte*)source)[i] != 0)
            {
                throw new NotSupportedException(
                    $"{name} is a {T.TypeName} of {size} bytes of which this library knows {sizeof(T)}, and what it does not know is not zero: the program was compiled for a newer library.");
            }
        }

        return value;
    }

    /// <summary>A struct, or its defaults where it is NULL.</summary>
    /// <inheritdoc cref="Read"/>
    public static T ReadOrDefault<T>(T* source, string name)
        where T : unmanaged, ISized
        => source == null ? default : Read(source, name);

    /// <summary>Checks a struct to be written later.</summary>
    /// <returns>Its size.</returns>
    /// <inheritdoc cref="Read"/>
    public static nuint SizeOf<T>(T* target, string name)
        where T : unmanaged, ISized
    {
        if (target == null)
        {
            throw new ArgumentNullException(name);
        }

        nuint size = *(nuint*)target;
        return size >= (nuint)sizeof(nuint) && size <= Largest ? size
            : throw new ArgumentException($"struct_size is {size}; sizeof({T.TypeName}), {sizeof(T)} here, is expected.", name);
    }

    /// <summary>Writes a struct, as much of it as the caller knows.</summary>
    public static void Write<T>(T* target, T value, string name)
        where T : unmanaged, ISized
        => Write((byte*)target, value, SizeOf(target, name));

    /// <summary>Writes the first rows of several.</summary>
    /// <param name="rows">The caller's rows; the first one says how far they are apart.</param>
    /// <param name="capacity">How many rows there is space for.</param>
    /// <param name="count">Becomes the number of all rows; may be null.</param>
    /// <param name="all">How many rows there are.</param>
    /// <param name="row">Makes one.</param>
    public static void WriteRows<T>(T* rows, long capacity, long* count, int all, Func<int, T> row)
        where T : unmanaged, ISized
    {
        if (capacity < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The number of rows cannot be negative.");
        }

        if (capacity > 0)
        {
            nuint size = SizeOf(rows, nameof(rows));
            for (int i = 0; i < Math.Min(capacity, all); i++)
            {
                Write((byte*)rows + ((nuint)i * size), row(i), size);
            }
        }

        if (count != null)
        {
            *count = all;
        }
    }

    private static void Write<T>(byte* target, T value, nuint size)
        where T : unmanaged, ISized
    {
        nuint known = Math.Min(size, (nuint)sizeof(T));
        *(nuint*)&value = size;
        Buffer.MemoryCopy(&value, target, (long)known, (long)known);
        new Span<byte>(target + known, (int)(size - known)).Clear();
    }
}
