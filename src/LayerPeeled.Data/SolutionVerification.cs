using LayerPeeled.Solver.Certificates;

namespace LayerPeeled.Data;

/// <summary>What a saved solution is worth, by its own matrices.</summary>
public sealed record SolutionVerification
{
    /// <summary>The solution as read.</summary>
    public required SavedSolution Saved { get; init; }

    /// <summary>The certificate, recomputed from the matrices and the model.</summary>
    public required DualityCertificate Certificate { get; init; }

    /// <summary>Everything that was compared.</summary>
    public required IReadOnlyList<VerificationCheck> Checks { get; init; }

    /// <summary>Whether no check failed.</summary>
    public bool Holds => Checks.All(check => check.Outcome != VerificationOutcome.Fails);

    /// <summary>Whether the claim is that of a proven optimum, and holds: the point is feasible and its recomputed gap is within the tolerance.</summary>
    public required bool Certified { get; init; }
}
