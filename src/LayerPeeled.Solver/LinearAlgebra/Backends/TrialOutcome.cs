namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>What a trial found.</summary>
/// <param name="Fault">What went wrong, or null.</param>
/// <param name="File">Place of the file that was tried, or −1 when none of them loads.</param>
/// <param name="Blame">What the fault lies with.</param>
internal sealed record TrialOutcome(string? Fault, int File, TrialBlame Blame = TrialBlame.Library);
