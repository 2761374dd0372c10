namespace LayerPeeled.Native.Border;

/// <summary>Constants of the header.</summary>
internal static class Choice
{
    /// <summary>A constant as the value of an enumeration with the same numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such constant.</exception>
    public static T Of<T>(int value, string name)
        where T : struct, Enum
        => Enum.IsDefined((T)(object)value) ? (T)(object)value
            : throw new ArgumentOutOfRangeException(name, value, $"One of {string.Join(", ", Enum.GetValues<T>().Select(v => $"{(int)(object)v} ({v})"))} is expected.");

    /// <summary>An index of a list.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    public static int Index(long index, int count, string name) => index >= 0 && index < count ? (int)index
        : throw new ArgumentOutOfRangeException(name, index, $"An index from 0 to {count - 1} is expected.");

    /// <summary>A number, or null where it is 0: the default.</summary>
    public static double? UnlessZero(double value) => value == 0 ? null : value;

    /// <inheritdoc cref="UnlessZero(double)"/>
    public static int? UnlessZero(int value) => value == 0 ? null : value;
}
