namespace LayerPeeled.Native.Border;

/// <summary>The last error of each thread, as text that C can read.</summary>
internal static class LastError
{
    private static readonly byte[] Empty = PinnedText.Of("");

    [ThreadStatic]
    private static byte[]? t_message;

    [ThreadStatic]
    private static byte[]? t_kind;

    public static nint Message => PinnedText.Address(t_message ?? Empty);

    public static nint Kind => PinnedText.Address(t_kind ?? Empty);

    public static void Set(Exception error) => (t_message, t_kind) = (PinnedText.Of(error.Message), PinnedText.Of(error.GetType().Name));
}
