using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>How to compare a network with the model.</summary>
public sealed record NetworkDiagnosisOptions
{
    private readonly int? mostGroups;
    private readonly double[]? lossWeights;

    /// <summary>
    /// The point from which class means are measured, in the network and in the predicted optimum alike. With
    /// <see cref="GlobalMean.None"/> the feature budget is that of the features as they are; otherwise that around the sample mean, as Fang et al.
    /// 2021 measure it.
    /// </summary>
    public GlobalMean GlobalMean { get; init; } = new NeuralCollapseOptions().GlobalMean;

    /// <summary>
    /// Most groups to compare. Classes with equal counts are a group; when there are more distinct counts, neighbouring ones share a group of
    /// about equally many classes. At least 1; null: half the classes, at most 12, so that few groups are of a single class, which has no angle. This is
    /// for display only: the model is solved with every count as it is.
    /// </summary>
    public int? MostGroups
    {
        get => mostGroups;
        init => mostGroups = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MostGroups), value, "At least 1 group is needed.");
    }

    /// <summary>The loss the network was trained with; cross-entropy when null.</summary>
    public ILoss? Loss { get; init; }

    /// <summary>
    /// The weight w_k of each class in the loss the network was trained with (re-weighting, or oversampling rates), in class order; 1 when null.
    /// Copied.
    /// </summary>
    public IReadOnlyList<double>? LossWeights
    {
        get => lossWeights;
        init => lossWeights = value?.ToArray();
    }
}
