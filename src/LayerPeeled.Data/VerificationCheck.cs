namespace LayerPeeled.Data;

/// <summary>One comparison of what a saved solution claims with what follows from its matrices.</summary>
/// <param name="Name">What was compared.</param>
/// <param name="Outcome">How it came out.</param>
/// <param name="Detail">Both numbers, and what is allowed.</param>
public sealed record VerificationCheck(string Name, VerificationOutcome Outcome, string Detail);
