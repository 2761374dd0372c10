namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>NC5: whether examples of other data have features orthogonal to the class means, all measured from 0 (Ammar et al. 2024). 0 where they do.</summary>
public sealed record OutOfDistributionMetrics
{
    internal OutOfDistributionMetrics()
    {
    }

    /// <summary>Examples of the other data.</summary>
    public required long SampleCount { get; init; }

    /// <summary>
    /// NC5: |cos(m_k, h̄)| over the classes with examples, h̄ the mean of the other data; its mean is the orthogonality deviation of Ammar et al. Undefined where h̄ or a
    /// class mean is zero.
    /// </summary>
    public required SummaryStatistics MeanDeviation { get; init; }

    /// <summary>
    /// (1/K)·Σ_k |cos(m_k, h_i)| over the examples whose feature is not zero: unlike <see cref="MeanDeviation"/> not small because features of the other data cancel
    /// in their mean. Undefined where a class mean is zero.
    /// </summary>
    public required SummaryStatistics SampleDeviation { get; init; }
}
