using System.Collections.Concurrent;

namespace LayerPeeled.Native.Border;

/// <summary>What a handle stands for, with the texts that were handed out of it: they live as long as it does.</summary>
internal abstract class Handle
{
    private readonly ConcurrentDictionary<string, byte[]> texts = new(StringComparer.Ordinal);

    /// <summary>The address of a text in UTF-8.</summary>
    public nint Text(string text) => PinnedText.Address(texts.GetOrAdd(text, PinnedText.Of));

    /// <summary>One text a line.</summary>
    public nint Lines(IEnumerable<string> lines) => Text(string.Join('\n', lines));
}
