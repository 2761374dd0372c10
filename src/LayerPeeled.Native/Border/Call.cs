namespace LayerPeeled.Native.Border;

/// <summary>The one place where calls from C come in: no exception leaves it.</summary>
internal static unsafe class Call
{
    /// <summary>Runs a function.</summary>
    public static int Run(Action body)
    {
        try
        {
            body();
            return (int)ErrorCode.Ok;
        }
        catch (Exception error)
        {
            LastError.Set(error);
            return (int)ErrorCodes.Of(error);
        }
    }

    /// <summary>Runs a function that makes a handle.</summary>
    /// <param name="result">Where its number goes; NULL is refused, and written after an error.</param>
    /// <param name="make">Makes what it stands for.</param>
    public static int Create(nint* result, Func<Handle> make) => Run(() =>
    {
        if (result == null)
        {
            throw new ArgumentNullException("out");
        }

        *result = 0;
        *result = HandleTable.Add(make());
    });
}
