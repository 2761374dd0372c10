namespace LayerPeeled.Benchmarks.Load;

/// <summary>A piece of work of the load.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Run">Does it, and returns a digest of all its numbers: the same each time, on any thread and whatever runs beside it.</param>
internal sealed record Job(string Kind, Func<ulong> Run);
