namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>The point from which class means are measured.</summary>
public enum GlobalMean
{
    /// <summary>μ = (1/K)·Σ_k m_k, every class counts equally (Papyan, Han, Donoho 2020, whose classes are balanced).</summary>
    ClassMeans,

    /// <summary>μ = (1/N)·Σ_i h_i, every example counts equally. Under imbalance the majority classes then sit nearer to the origin.</summary>
    Samples,

    /// <summary>μ = 0, features as they are: the convention of the Layer-Peeled Model, for networks without a bias or trained on it directly.</summary>
    None,
}
