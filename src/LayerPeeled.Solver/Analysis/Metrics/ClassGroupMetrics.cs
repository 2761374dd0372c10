namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>Norms and angles inside a group of classes: minority collapse shows as cosines of 1 in the groups of small classes.</summary>
public sealed record ClassGroupMetrics
{
    internal ClassGroupMetrics()
    {
    }

    /// <summary>Indices of the classes of the group, in class order.</summary>
    public required IReadOnlyList<int> Classes { get; init; }

    /// <summary>Fewest examples of a class of the group.</summary>
    public required long SmallestCount { get; init; }

    /// <summary>Most examples of a class of the group.</summary>
    public required long LargestCount { get; init; }

    /// <summary>‖w_k‖; undefined without a classifier.</summary>
    public required SummaryStatistics ClassifierNorms { get; init; }

    /// <summary>‖m_k − μ‖ over the classes with examples.</summary>
    public required SummaryStatistics MeanNorms { get; init; }

    /// <summary>Cosines between two classifiers of the group; undefined for one class or where a classifier is zero.</summary>
    public required SummaryStatistics ClassifierCosines { get; init; }

    /// <summary>Cosines between two centred class means of the group; undefined for one class or where a mean is zero.</summary>
    public required SummaryStatistics MeanCosines { get; init; }

    /// <summary>(1/n_k)·Σ_i ‖h_{k,i} − m_k‖² over the classes with examples.</summary>
    public required SummaryStatistics WithinVariances { get; init; }
}
