namespace LayerPeeled.Solver.Geometry;

/// <summary>
/// Norms and angles of the classes of one group. Where the classes of a group differ (before an optimum, and for p below the rank of the relaxation's
/// optimum, where an optimum breaks the symmetry) norms and cosines are averages over them, and the least and largest cosine are given beside.
/// </summary>
public sealed record GroupGeometry
{
    /// <summary>How many classes the group has.</summary>
    public required int Classes { get; init; }

    /// <summary>Examples of each of its classes.</summary>
    public required double Count { get; init; }

    /// <summary>Loss weight of each of its examples.</summary>
    public required double LossWeight { get; init; }

    /// <summary>‖w_k‖².</summary>
    public required double ClassifierNorm2 { get; init; }

    /// <summary>‖h_k‖².</summary>
    public required double FeatureNorm2 { get; init; }

    /// <summary>The bias of a class; null where the model has none.</summary>
    public double? Bias { get; init; }

    /// <summary>Cosine between two classifiers of the group; NaN where it has one class, or where they vanish.</summary>
    public required double ClassifierCosine { get; init; }

    /// <summary>Cosine between two class means of the group; NaN where it has one class, or where they vanish.</summary>
    public required double FeatureCosine { get; init; }

    /// <summary>Least cosine between two classifiers of the group; NaN where <see cref="ClassifierCosine"/> is.</summary>
    public required double LeastClassifierCosine { get; init; }

    /// <summary>Largest cosine between two classifiers of the group; NaN where <see cref="ClassifierCosine"/> is.</summary>
    public required double LargestClassifierCosine { get; init; }

    /// <summary>Least cosine between two class means of the group; NaN where <see cref="FeatureCosine"/> is.</summary>
    public required double LeastFeatureCosine { get; init; }

    /// <summary>Largest cosine between two class means of the group; NaN where <see cref="FeatureCosine"/> is.</summary>
    public required double LargestFeatureCosine { get; init; }

    /// <summary>
    /// Whether the effective count is at most the critical class size n*: by the collapse law the classes of such a group share one
    /// classifier, and a class on its own below n* shares the directions that are left.
    /// </summary>
    public required bool Collapsed { get; init; }
}
