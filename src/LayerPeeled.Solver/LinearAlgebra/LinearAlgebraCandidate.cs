namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>One of the providers that <see cref="LinearAlgebraProvider"/> chooses from.</summary>
/// <param name="Name">Name as in the environment variable: <c>mkl</c>, <c>openblas</c>, <c>mathnet</c> or <c>managed</c>.</param>
/// <param name="IsAvailable">Whether it was tried and works. A candidate that was not tried counts as not available.</param>
/// <param name="IsInUse">Whether it is the one in use.</param>
/// <param name="Description">The library and its version, or why it is not in use.</param>
public sealed record LinearAlgebraCandidate(string Name, bool IsAvailable, bool IsInUse, string Description);
