namespace LayerPeeled.Data;

/// <summary>What <see cref="SolutionJson"/> writes.</summary>
public sealed record SolutionJsonOptions
{
    /// <summary>Whether the matrices of the point are written, which makes the file verifiable.</summary>
    public bool IncludeMatrices { get; init; }

    /// <summary>Up to this many classes the matrices are W and H̄ themselves; beyond it the point over groups of equal classes, where there is one.</summary>
    public int LargestClassForm { get; init; } = 500;

    /// <summary>Up to this many groups the G×G cosines are written; beyond it they are null, with a note.</summary>
    public int LargestCosines { get; init; } = 2000;
}
