namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>NC3: how far classifiers and centred class means M̃ are from being the same up to one factor. Over the classes with examples.</summary>
public sealed record DualityMetrics
{
    internal DualityMetrics()
    {
    }

    /// <summary>‖W/‖W‖_F − M̃/‖M̃‖_F‖_F, from 0 (aligned) to 2 (opposite).</summary>
    public required double Distance { get; init; }

    /// <summary>The square of <see cref="Distance"/>, as Papyan, Han, Donoho 2020 plot it (figure 5).</summary>
    public double SquaredDistance => Distance * Distance;

    /// <summary>‖WM̃ᵀ/‖WM̃ᵀ‖_F − (I − J/K)/√(K−1)‖_F (Zhu et al. 2021): the logits of the means against those of a simplex ETF.</summary>
    public required double LogitDeviation { get; init; }

    /// <summary>cos(w_k, m_k − μ) over the classes: 1 throughout where classifiers are the directions of the means. Undefined where a vector vanishes.</summary>
    public required SummaryStatistics Alignment { get; init; }

    /// <summary>⟨w_k, m_k − μ⟩ over the classes, the logit that the mean of a class has in its own class.</summary>
    public required SummaryStatistics Similarity { get; init; }

    /// <summary>
    /// UNC3, uniform duality: the variance of <see cref="Alignment"/> over the classes (Wu, Papyan 2024). 0 where all classes are equally well aligned, be it
    /// in fewer than K − 1 dimensions. Divided by K.
    /// </summary>
    public double UniformDuality => Alignment.StandardDeviation * Alignment.StandardDeviation;
}
