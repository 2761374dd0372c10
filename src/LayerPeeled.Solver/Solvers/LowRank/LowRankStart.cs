namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>Starting points of the factor-form solvers.</summary>
public enum LowRankStart
{
    /// <summary>The centred identity, the pattern of the simplex ETF: optimal for balanced classes and near it otherwise.</summary>
    CentredIdentity,

    /// <summary>Independent Gaussian entries, drawn with the seed of the options.</summary>
    Random,
}
