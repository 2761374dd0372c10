namespace LayerPeeled.Data;

/// <summary>How <see cref="ClassCountReader"/> reads a file.</summary>
public sealed record ClassCountOptions
{
    /// <summary>What the file holds.</summary>
    public ClassFileContent Content { get; init; }

    /// <summary>The column of the counts, labels or weights: its heading, or its number from 1 (in an archive, the name of the array); found by the
    /// headings and the content when null.</summary>
    public string? Column { get; init; }
}
