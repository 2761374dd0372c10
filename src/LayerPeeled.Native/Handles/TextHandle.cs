using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Handles;

/// <summary>A text.</summary>
internal sealed class TextHandle(string text) : Handle, IHandle
{
    private readonly byte[] pinned = PinnedText.Of(text);

    public static string TypeName => "lp_text";

    public nint Address => PinnedText.Address(pinned);

    public long Length => pinned.Length - 1;
}
