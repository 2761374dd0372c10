namespace LayerPeeled.Solver.Family.Contrastive;

/// <summary>Class means of one group of equal classes at a solution.</summary>
public sealed record ContrastiveGroup
{
    /// <summary>How many classes the group has.</summary>
    public required int Classes { get; init; }

    /// <summary>Examples of each of its classes.</summary>
    public required double Count { get; init; }

    /// <summary>Weight of each of its anchors.</summary>
    public required double LossWeight { get; init; }

    /// <summary>‖h_k‖².</summary>
    public required double Norm2 { get; init; }

    /// <summary>Cosine between two class means of the group; NaN where it has one class, or where they vanish. An average where the classes differ.</summary>
    public required double Cosine { get; init; }

    /// <summary>Least cosine between two class means of the group; NaN where <see cref="Cosine"/> is.</summary>
    public required double LeastCosine { get; init; }

    /// <summary>Largest cosine between two class means of the group; NaN where <see cref="Cosine"/> is.</summary>
    public required double LargestCosine { get; init; }

    /// <summary>
    /// Whether the classes share one mean: by the collapse law ω_k ≤ λ where anchors count among their positives, and where they do not, by a squared distance between means
    /// of at most 1e-8·E_H. False for a single class.
    /// </summary>
    public required bool Collapsed { get; init; }
}
