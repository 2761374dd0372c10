namespace LayerPeeled.Data;

/// <summary>How one check of a saved solution came out.</summary>
public enum VerificationOutcome
{
    /// <summary>What the file claims follows from its matrices.</summary>
    Holds,

    /// <summary>What the file claims contradicts its matrices or its other claims.</summary>
    Fails,

    /// <summary>
    /// The matrices neither confirm nor contradict the claim: a lower bound that the solver found at another point than the saved one.
    /// </summary>
    Unconfirmed,
}
