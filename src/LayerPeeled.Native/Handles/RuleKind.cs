namespace LayerPeeled.Native.Handles;

/// <summary>Rules of re-weighting: the constants <c>LP_RULE_…</c> of the header.</summary>
internal enum RuleKind
{
    None = 0,
    InverseFrequency = 1,
    SquareRootInverse = 2,
    EffectiveNumber = 3,
    Power = 4,
    Oversampling = 5,
    Custom = 6,
}
