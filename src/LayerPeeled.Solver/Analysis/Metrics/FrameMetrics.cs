namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>NC2: how far vectors (classifiers, or centred class means) are from a simplex equiangular tight frame. Every deviation of one is zero.</summary>
public sealed record FrameMetrics
{
    internal FrameMetrics()
    {
    }

    /// <summary>K, the vectors measured.</summary>
    public required int Vectors { get; init; }

    /// <summary>The norms ‖v_k‖.</summary>
    public required SummaryStatistics Norms { get; init; }

    /// <summary>The cosines over all pairs.</summary>
    public required SummaryStatistics Cosines { get; init; }

    /// <summary>Equal norms: standard deviation of ‖v_k‖ over their mean (Papyan, Han, Donoho 2020, figure 2).</summary>
    public required double NormVariation { get; init; }

    /// <summary>Equal angles: standard deviation of the cosines over pairs (Papyan, Han, Donoho 2020, figure 3).</summary>
    public required double AngleVariation { get; init; }

    /// <summary>Maximal angles: mean |cos(v_j, v_k) + 1/(K−1)| over pairs (Papyan, Han, Donoho 2020, figure 4).</summary>
    public required double AngleDeviation { get; init; }

    /// <summary>‖VVᵀ/‖VVᵀ‖_F − (I − J/K)/√(K−1)‖_F (Zhu et al. 2021), norms and angles in one number.</summary>
    public required double GramDeviation { get; init; }
}
