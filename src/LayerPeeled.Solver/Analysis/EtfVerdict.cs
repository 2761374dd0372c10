namespace LayerPeeled.Solver.Analysis;

/// <summary>What a point is: a simplex ETF or not, a proven optimum or not.</summary>
public enum EtfVerdict
{
    /// <summary>A simplex ETF with dual features, and a proven optimum: neural collapse.</summary>
    OptimalSimplexEtf,

    /// <summary>A simplex ETF with dual features that is not proven optimal (wrong scale, or a model that wants another geometry).</summary>
    SimplexEtfNotOptimal,

    /// <summary>A proven optimum with another geometry, as under imbalance.</summary>
    OptimalNotSimplexEtf,

    /// <summary>Neither a simplex ETF nor a proven optimum.</summary>
    Neither,
}
