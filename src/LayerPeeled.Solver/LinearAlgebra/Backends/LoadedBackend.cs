namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>What came of setting up a backend.</summary>
/// <param name="Backend">The backend, or null.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="IsAtFullStrength">Whether it is a native library whose products are worth using on this processor.</param>
internal sealed record LoadedBackend(IDenseBackend? Backend, string Reason, bool IsAtFullStrength = false);
