namespace LayerPeeled.Solver.Analysis;

/// <summary>The weakest parameter of a family of losses that keeps equal classes apart.</summary>
public sealed record WeakestLoss
{
    /// <summary>The family, a name of <see cref="LossMitigation.Families"/>.</summary>
    public required string Family { get; init; }

    /// <summary>The parameter, as the catalogue names it.</summary>
    public required string Parameter { get; init; }

    /// <summary>The value nearest to cross-entropy at which every group of equal classes stands apart; the end of the range that was searched where none does.</summary>
    public required double Value { get; init; }

    /// <summary>The last value known to be too weak; NaN where the family separates the classes at its weak end already.</summary>
    public required double TooWeakValue { get; init; }

    /// <summary>Whether the classes stand apart at <see cref="Value"/>.</summary>
    public required bool Separates { get; init; }

    /// <summary>Whether the solves at both values are proven optimal, and as near to each other as was asked for.</summary>
    public required bool IsCertified { get; init; }

    /// <summary>Models solved on the way.</summary>
    public required int Solves { get; init; }

    /// <summary>The optimum at <see cref="Value"/>.</summary>
    public required MitigationOutcome Outcome { get; init; }
}
