namespace LayerPeeled.Solver.Analysis;

/// <summary>The weakest re-weighting w_k ∝ n_k^{−τ} that avoids collapse.</summary>
public sealed record WeakestReweighting
{
    /// <summary>τ: at this exponent every class with examples is above the critical size. 0 where nothing need be done.</summary>
    public required double Exponent { get; init; }

    /// <summary>
    /// The largest exponent known to be too weak, a class being at or below the critical size or within the accuracy of λ (1e-6) of it;
    /// NaN where <see cref="Exponent"/> is 0.
    /// </summary>
    public required double TooWeakExponent { get; init; }

    /// <summary>
    /// Whether the solves at both exponents are proven optimal. If not (a tolerance out of reach, or cancellation), <see cref="Exponent"/> is
    /// the best that is known.
    /// </summary>
    public required bool IsCertified { get; init; }

    /// <summary>Models solved on the way.</summary>
    public required int Solves { get; init; }

    /// <summary>The optimum at <see cref="Exponent"/>.</summary>
    public required MitigationOutcome Outcome { get; init; }
}
