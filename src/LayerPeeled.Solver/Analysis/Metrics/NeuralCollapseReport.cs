using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>What a network's last layer looks like: NC1 to NC4, budgets and class groups. What is undefined is NaN or null, and said in <see cref="Notes"/>.</summary>
public sealed record NeuralCollapseReport
{
    internal NeuralCollapseReport()
    {
    }

    /// <summary>The convention for the global mean μ.</summary>
    public required GlobalMean GlobalMean { get; init; }

    /// <summary>The label of each class, in class order.</summary>
    public required IReadOnlyList<long> Labels { get; init; }

    /// <summary>The name of each class, in class order; null where <see cref="FeatureStatistics.WithNames"/> has given none.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>n_k.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    /// <summary>NC1.</summary>
    public required VariabilityMetrics Variability { get; init; }

    /// <summary>NC2 of the centred class means, over the classes with examples.</summary>
    public required FrameMetrics MeanFrame { get; init; }

    /// <summary>NC2 of the classifiers; null without a classifier.</summary>
    public required FrameMetrics? ClassifierFrame { get; init; }

    /// <summary>NC3; null without a classifier.</summary>
    public required DualityMetrics? Duality { get; init; }

    /// <summary>NC4 and accuracies; null without a second pass.</summary>
    public required SecondPassStatistics? Decisions { get; init; }

    /// <summary>E_W = (1/K)·Σ_k ‖w_k‖²; NaN without a classifier.</summary>
    public required double ClassifierBudget { get; init; }

    /// <summary>
    /// E_H = (1/K)·Σ_k (1/n_k)·Σ_i ‖h_{k,i} − μ‖² over the classes with examples, μ the sample mean whatever <see cref="GlobalMean"/> says: as
    /// Fang et al. 2021 measure it.
    /// </summary>
    public required double FeatureBudget { get; init; }

    /// <summary>(1/K)·Σ_k (1/n_k)·Σ_i ‖h_{k,i}‖²: the constraint of the model word by word, for features that are not centred.</summary>
    public required double UncentredFeatureBudget { get; init; }

    /// <summary>Norms and angles of each group of classes, largest counts first (or in the order of the given groups).</summary>
    public required IReadOnlyList<ClassGroupMetrics> Groups { get; init; }

    /// <summary>Mean cosine between classifiers of two groups, G×G; null without a classifier. NaN where undefined.</summary>
    public required Matrix<double>? ClassifierCosines { get; init; }

    /// <summary>Mean cosine between centred class means of two groups, G×G. NaN where undefined.</summary>
    public required Matrix<double> MeanCosines { get; init; }

    /// <summary>What was left out or is undefined, and why; one sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
