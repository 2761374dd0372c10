namespace LayerPeeled.Solver.Model;

/// <summary>How the features of a class count in the norm that is bounded or penalised.</summary>
public enum FeatureNorm
{
    /// <summary>Every class counts alike: Σ_k ‖h_k‖², the mean over each class first, as in the Layer-Peeled Model.</summary>
    PerClass,

    /// <summary>Every example counts alike: Σ_k n_k·‖h_k‖², as weight decay on all features has it. Classes without examples count nothing.</summary>
    PerSample,
}
