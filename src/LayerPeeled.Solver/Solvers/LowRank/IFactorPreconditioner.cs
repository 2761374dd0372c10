namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>A model of ∇²φ(x̂) that is symmetric and positive definite, and quickly inverted.</summary>
internal interface IFactorPreconditioner
{
    /// <summary>Takes the model at the point that the objective evaluated last.</summary>
    void Update(FactorObjective objective);

    /// <summary>z ← M⁻¹·x in the coordinates of x̂.</summary>
    /// <param name="x">x.</param>
    /// <param name="z">Receives z.</param>
    /// <param name="classifierScale"><see cref="FactorObjective.Scale"/> of the classifiers.</param>
    /// <param name="featureScale">That of the features.</param>
    void Apply(ReadOnlySpan<double> x, Span<double> z, double classifierScale, double featureScale);
}
