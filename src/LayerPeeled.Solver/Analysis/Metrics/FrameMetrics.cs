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

    /// <summary>Interference: mean |cos(v_j, v_k)| over pairs; 0 for orthogonal vectors, 1/(K−1) for a simplex ETF.</summary>
    public required double Interference { get; init; }

    /// <summary>d_jk = ‖v_j/‖v_j‖ − v_k/‖v_k‖‖ over pairs: hyperspherical uniformity where its variance vanishes. √(2K/(K−1)) for a simplex ETF.</summary>
    public required SummaryStatistics Distances { get; init; }

    /// <summary>
    /// The logarithmic kernel log(1/d_jk) over pairs (Liu et al. 2023): its mean is the energy that uniform directions minimise, its spread the GNC2 of
    /// Wu, Papyan 2024. Infinite where two directions are the same.
    /// </summary>
    public required SummaryStatistics LogarithmicKernel { get; init; }

    /// <summary>The inverse-distance kernel 1/d_jk over pairs, the Riesz kernel with exponent 1 (Liu et al. 2023). Infinite where two directions are the same.</summary>
    public required SummaryStatistics InverseDistances { get; init; }
}
