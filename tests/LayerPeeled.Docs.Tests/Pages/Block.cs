namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>A fenced block that does something, and the block of its output where the page shows one.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Line">The line of its fence, from 1.</param>
/// <param name="Text">Its content.</param>
/// <param name="Directives">What the comments before it say.</param>
public sealed record Block(BlockKind Kind, int Line, string Text, Directives Directives)
{
    /// <summary>What the page says it prints; null where it does not say.</summary>
    public Output? Output { get; init; }

    /// <summary>Its line and the beginning of its first line, for the name of its test.</summary>
    public string Title
    {
        get
        {
            string first = Text.Split('\n').FirstOrDefault(line => line.Trim() is not "" && !line.StartsWith("using ", StringComparison.Ordinal)) ?? "";
            return $"line {Line}: {(first.Length > 70 ? first[..70] + "…" : first)}";
        }
    }
}
