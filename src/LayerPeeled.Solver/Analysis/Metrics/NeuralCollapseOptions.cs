namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>Which variants of the neural-collapse metrics to compute.</summary>
public sealed record NeuralCollapseOptions
{
    private readonly GlobalMean globalMean = GlobalMean.ClassMeans;
    private readonly double? rankTolerance;
    private readonly IReadOnlyList<int>? groups;

    /// <summary>The point μ from which class means are measured in NC1, NC2 and NC3.</summary>
    public GlobalMean GlobalMean
    {
        get => globalMean;
        init => globalMean = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(GlobalMean), value, "Unknown convention for the global mean.");
    }

    /// <summary>
    /// Directions of Σ_B whose singular value (of the centred means) is at most this times the size of the means count as empty. Null: the
    /// roundoff max(K, p)·2⁻⁵². For features stored in single precision 1e-6 leaves out what their own rounding made up.
    /// </summary>
    public double? RankTolerance
    {
        get => rankTolerance;
        init => rankTolerance = value is null or (>= 0 and < 1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(RankTolerance), value, "The rank tolerance must be at least 0 and below 1.");
    }

    /// <summary>The group of each class (any integers), for the statistics of each group. Null: classes with equal counts are a group.</summary>
    public IReadOnlyList<int>? Groups
    {
        get => groups;
        init => groups = value?.ToArray();
    }
}
