namespace LayerPeeled.Solver.Family.Contrastive;

/// <summary>Which samples the supervised contrastive loss of an anchor looks at.</summary>
public enum ContrastiveDenominator
{
    /// <summary>All of them, the anchor itself included among its positives and in the denominator (Fang, He, Long, Su, PNAS 2021).</summary>
    AllSamples,

    /// <summary>All but the anchor (Khosla et al., NeurIPS 2020). A class with one example has no positives: its anchor has no loss.</summary>
    OtherSamples,
}
