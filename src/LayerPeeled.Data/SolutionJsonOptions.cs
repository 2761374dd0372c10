namespace LayerPeeled.Data;

/// <summary>What <see cref="SolutionJson"/> writes.</summary>
public sealed record SolutionJsonOptions
{
    /// <summary>Whether the matrices of the point are written, which makes the file verifiable.</summary>
    public bool IncludeMatrices { get; init; }

    /// <summary>Names of the classes in their order, one each; none when null.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Where the class counts come from, for people; not written when null.</summary>
    public string? Source { get; init; }

    /// <summary>Remarks that <c>notes</c> begins with, such as what was assumed in reading the counts.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Up to this many classes the matrices are W and H̄ themselves; beyond it the point over groups of equal classes, where there is one.</summary>
    public int LargestClassForm { get; init; } = 500;

    /// <summary>Up to this many groups the G×G cosines are written; beyond it they are null, with a note.</summary>
    public int LargestCosines { get; init; } = 2000;
}
