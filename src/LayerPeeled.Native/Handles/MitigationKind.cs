namespace LayerPeeled.Native.Handles;

/// <summary>Rows of a mitigation: the constants <c>LP_MITIGATION_…</c> of the header.</summary>
internal enum MitigationKind
{
    Rule = 0,
    Loss = 1,
    WeakestPower = 2,
    WeakestLoss = 3,
}
