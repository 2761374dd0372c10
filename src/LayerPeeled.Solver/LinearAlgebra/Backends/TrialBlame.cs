namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>What a fault found in a trial lies with.</summary>
internal enum TrialBlame
{
    /// <summary>The library, whatever layer and OpenMP run-time it is told to use.</summary>
    Library,

    /// <summary>The OpenMP run-time, which does not load.</summary>
    RunTime,

    /// <summary>What came after the layer was chosen: with another one it may go well.</summary>
    Layer,
}
