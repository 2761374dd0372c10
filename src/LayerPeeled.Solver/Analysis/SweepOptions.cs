using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Analysis;

/// <summary>How a sweep is run.</summary>
public sealed record SweepOptions
{
    private readonly int maxDegreeOfParallelism = Environment.ProcessorCount;

    /// <summary>Chunks worked on at the same time, at least 1; the number of processors by default. Has no influence on the results.</summary>
    public int MaxDegreeOfParallelism
    {
        get => maxDegreeOfParallelism;
        init => maxDegreeOfParallelism = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxDegreeOfParallelism), value, $"{nameof(MaxDegreeOfParallelism)} must be at least 1.");
    }

    /// <summary>Options of each solve. With a time limit, results depend on the machine.</summary>
    public AutomaticOptions Solver { get; init; } = new();

    /// <summary>Where completed chunks go and come from; nowhere when null.</summary>
    public ISweepStore? Store { get; init; }

    /// <summary>Only the chunks of this shard are loaded and computed; all when null. A sweep with fewer chunks than shards is refused.</summary>
    public SweepShard? Shard { get; init; }

    /// <summary>Called after the store was read and after each chunk, never at the same time from two threads.</summary>
    public IProgress<SweepProgress>? Progress { get; init; }
}
