namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>What a trial found.</summary>
/// <param name="Fault">What went wrong, or null.</param>
/// <param name="File">Place of the file that was tried, or −1 when none of them loads.</param>
/// <param name="HasRunTime">False when it was the OpenMP run-time that does not load.</param>
internal sealed record TrialOutcome(string? Fault, int File, bool HasRunTime = true);
