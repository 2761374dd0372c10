namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>
/// NC1: within-class variability against between-class variability. Never negative. Σ_W = (1/N)·Σ_k Σ_i (h − m_k)(h − m_k)ᵀ,
/// Σ_B = (1/K)·Σ_k (m_k − μ)(m_k − μ)ᵀ over the K classes with examples. NaN where Σ_B vanishes.
/// </summary>
public sealed record VariabilityMetrics
{
    internal VariabilityMetrics()
    {
    }

    /// <summary>
    /// tr(Σ_W·Σ_B⁺)/K (Papyan, Han, Donoho 2020, figure 6). NaN when neither the scatter was summed nor a second pass made.
    /// </summary>
    public required double PseudoInverse { get; init; }

    /// <summary>
    /// The same with every class counting equally, Σ_W = (1/K)·Σ_k Σ_{W,k}: under imbalance the majority does not hide the minority. Needs the
    /// second pass; NaN without.
    /// </summary>
    public required double ClassBalancedPseudoInverse { get; init; }

    /// <summary>tr Σ_W / tr Σ_B: needs no inverse, so small directions of Σ_B do not blow it up.</summary>
    public required double TraceRatio { get; init; }

    /// <summary>The trace ratio with every class counting equally in Σ_W.</summary>
    public required double ClassBalancedTraceRatio { get; init; }

    /// <summary>
    /// The class-distance normalised variance (v_j + v_k)/(2·‖m_j − m_k‖²) over the pairs of classes, v_k = (1/n_k)·Σ_i ‖h_{k,i} − m_k‖² (Galanti, György, Hutter
    /// 2022). Needs one pass and no inverse. Infinite where two means coincide, undefined if these classes have no variance either.
    /// </summary>
    public required SummaryStatistics ClassDistance { get; init; }

    /// <summary>log₁₀ of the class-distance normalised variance, over the pairs where it is positive and finite: few near pairs do not hide the others.</summary>
    public required SummaryStatistics ClassDistanceLog10 { get; init; }

    /// <summary>tr Σ_W.</summary>
    public required double WithinTrace { get; init; }

    /// <summary>tr Σ_B.</summary>
    public required double BetweenTrace { get; init; }

    /// <summary>Numerical rank of Σ_B, at most K − 1 (K when features are not centred).</summary>
    public required int BetweenRank { get; init; }
}
