namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// Where a sweep puts its completed chunks, and finds those of an earlier run. A sweep that was cut short and is run again with the same store
/// gives the bits of an uninterrupted one, provided that the store gives back exactly the numbers it was given (NaN included).
/// </summary>
/// <remarks>
/// Calls never overlap: all loads come first, on the calling thread; then the saves, from whichever thread finished a chunk. An exception
/// from the store ends the sweep and reaches its caller.
/// </remarks>
public interface ISweepStore
{
    /// <summary>The numbers of a chunk that was completed earlier, or null.</summary>
    /// <param name="sweep">Identifies the sweep: its settings, options, the version of the library and the linear algebra it runs on.</param>
    /// <param name="chunk">Index of the chunk, from 0.</param>
    double[]? Load(string sweep, int chunk);

    /// <summary>Keeps the numbers of a chunk that has just been completed.</summary>
    /// <param name="sweep">Identifies the sweep, as in <see cref="Load"/>.</param>
    /// <param name="chunk">Index of the chunk.</param>
    /// <param name="values">The numbers; valid during the call only.</param>
    void Save(string sweep, int chunk, ReadOnlySpan<double> values);
}
