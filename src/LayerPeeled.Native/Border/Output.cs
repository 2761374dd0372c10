namespace LayerPeeled.Native.Border;

/// <summary>Single numbers that are handed out.</summary>
internal static unsafe class Output
{
    public static void Set<T>(T* target, T value, string name)
        where T : unmanaged
    {
        if (target == null)
        {
            throw new ArgumentNullException(name);
        }

        *target = value;
    }

    public static void SetIfThere<T>(T* target, T value)
        where T : unmanaged
    {
        if (target != null)
        {
            *target = value;
        }
    }
}
