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
}
