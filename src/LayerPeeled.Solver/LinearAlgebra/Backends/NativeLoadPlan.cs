namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>One way of loading a native library.</summary>
/// <param name="Files">Paths, or names that the system's loader resolves; the first that loads is taken.</param>
/// <param name="OpenMp">An OpenMP run-time to be loaded first, its symbols visible to all libraries, or null.</param>
/// <param name="ThreadingLayer">The threading layer that MKL is told to use, or null.</param>
internal sealed record NativeLoadPlan(IReadOnlyList<string> Files, string? OpenMp = null, int? ThreadingLayer = null);
