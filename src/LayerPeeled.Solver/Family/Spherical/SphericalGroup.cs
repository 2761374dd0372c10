namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>Norms and angles of the classes of one group. In few dimensions they differ from class to class: norms and cosines are averages, with the range beside.</summary>
public sealed record SphericalGroup
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

    /// <summary>Cosine between two classifiers of the group; NaN where it has one class.</summary>
    public required double ClassifierCosine { get; init; }

    /// <summary>Least cosine between two classifiers of the group.</summary>
    public required double LeastClassifierCosine { get; init; }

    /// <summary>Largest cosine between two classifiers of the group.</summary>
    public required double LargestClassifierCosine { get; init; }

    /// <summary>Cosine between two class means of the group; NaN where it has one class.</summary>
    public required double FeatureCosine { get; init; }

    /// <summary>Least cosine between two class means of the group.</summary>
    public required double LeastFeatureCosine { get; init; }

    /// <summary>Largest cosine between two class means of the group.</summary>
    public required double LargestFeatureCosine { get; init; }
}
