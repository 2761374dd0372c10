namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>NC4, accuracies, and the variability of each class in the directions between the classes.</summary>
public sealed record SecondPassStatistics
{
    internal SecondPassStatistics(CentredMeans means) => Means = means;

    /// <summary>
    /// NC4: the share of examples for which argmax_k ⟨w_k, h⟩ + b_k and argmin_k ‖h − m_k‖ differ (Papyan, Han, Donoho 2020, figure 7). NaN
    /// without a classifier. Ties go to the first class.
    /// </summary>
    public required double Disagreement { get; init; }

    /// <summary>Share of examples that the classifier puts in their class; NaN without one.</summary>
    public required double ClassifierAccuracy { get; init; }

    /// <summary>Share of examples nearest to the mean of their own class.</summary>
    public required double NearestMeanAccuracy { get; init; }

    /// <summary>NC4 of the examples of each class; NaN for classes without examples.</summary>
    public required IReadOnlyList<double> DisagreementByClass { get; init; }

    /// <summary>Classifier accuracy of each class; NaN for classes without examples.</summary>
    public required IReadOnlyList<double> ClassifierAccuracyByClass { get; init; }

    /// <summary>Nearest-mean accuracy of each class; NaN for classes without examples.</summary>
    public required IReadOnlyList<double> NearestMeanAccuracyByClass { get; init; }

    /// <summary>tr(Σ_{W,k}·Σ_B⁺) of each class, Σ_{W,k} = (1/n_k)·Σ_i (h − m_k)(h − m_k)ᵀ; NaN for classes without examples or when Σ_B = 0.</summary>
    public required IReadOnlyList<double> VariabilityByClass { get; init; }

    /// <summary>The convention for the global mean behind <see cref="VariabilityByClass"/>.</summary>
    public required GlobalMean GlobalMean { get; init; }

    /// <summary>The means and Σ_B of the pass; a report on the same statistics and options takes them over.</summary>
    internal CentredMeans Means { get; }
}
