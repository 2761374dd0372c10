using System.Globalization;

namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// A share of a sweep for one process of several: of n chunks in a row each shard has one, in an order that turns from row to row, so that costly regions are
/// shared out. Chunks do not depend on each other, so the shards of a sweep together have the bits of one run.
/// </summary>
public sealed record SweepShard
{
    /// <summary>A shard.</summary>
    /// <param name="number">Which, from 1 to <paramref name="count"/>.</param>
    /// <param name="count">How many there are, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public SweepShard(int number, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (number < 1 || number > count)
        {
            throw new ArgumentOutOfRangeException(nameof(number), number, $"The number of a shard is from 1 to {count}.");
        }

        (Number, Count) = (number, count);
    }

    /// <summary>Which, from 1.</summary>
    public int Number { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Whether a chunk is part of it; each chunk is of exactly one of the shards.</summary>
    /// <param name="chunk">Index of the chunk, from 0.</param>
    public bool Owns(int chunk) => (chunk + (chunk / Count)) % Count == Number - 1;

    /// <summary>The number and the count, as 3/8.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");
}
