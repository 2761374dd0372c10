using System.Globalization;
using System.Runtime.ExceptionServices;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// Runs the chunks of a sweep in parallel. A chunk is an atomic unit whose content does not depend on the others or on the number of
/// threads; one that was cut short leaves nothing behind and is redone from its start.
/// </summary>
internal sealed class ChunkRunner(string sweep, IReadOnlyList<int> pointsOfChunk, int width, SweepOptions options)
{
    private readonly Lock gate = new();
    private readonly double[]?[] chunks = new double[]?[pointsOfChunk.Count];
    private readonly int[] own = OwnChunks(pointsOfChunk.Count, options.Shard);
    private int done;
    private int restored;

    public SweepProgress Progress => new(done, own.Sum(chunk => pointsOfChunk[chunk]), restored);

    /// <summary>What of the options of a solve the results depend on, as part of a sweep's identity.</summary>
    public static string Identity(AutomaticOptions options) => string.Create(CultureInfo.InvariantCulture,
        $"{options.RelativeGapTolerance:r};{options.StationarityTolerance:r};{options.MaxIterations};{options.TimeLimit};{options.Seed};{options.GeometryErrorTolerance:r}");

    /// <summary>The numbers of each completed chunk; null for the others.</summary>
    /// <param name="compute">Fills a chunk; returns false if the token stopped it.</param>
    /// <param name="token">Stops the sweep.</param>
    public double[]?[] Run(Func<int, double[], bool> compute, CancellationToken token)
    {
        Restore();
        int[] left = own.Where(c => chunks[c] is null).ToArray();
        // Many small solves side by side: the linear algebra of each keeps to one thread, whatever the degree of parallelism.
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        using IDisposable oneThread = LinearAlgebraProvider.LimitThreads(1);
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = token };
            Parallel.ForEach(left, parallel, chunk =>
            {
                var values = new double[pointsOfChunk[chunk] * width];
                if (compute(chunk, values))
                {
                    Complete(chunk, values);
                }
            });
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // What is done is the result.
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return chunks;
    }

    private static int[] OwnChunks(int count, SweepShard? shard) =>
        shard is null || shard.Count <= count ? Enumerable.Range(0, count).Where(chunk => shard is null || shard.Owns(chunk)).ToArray()
        : throw new ArgumentException($"A sweep of {count} chunks cannot be shared out among {shard.Count}: there are at most {count} shards.");

    private void Restore()
    {
        foreach (int chunk in own)
        {
            double[]? values = options.Store?.Load(sweep, chunk);
            if (values is not null && values.Length != pointsOfChunk[chunk] * width)
            {
                throw new InvalidOperationException(
                    $"The store gave {values.Length} numbers for chunk {chunk} of the sweep; it has {pointsOfChunk[chunk] * width}.");
            }

            chunks[chunk] = values;
            restored += values is null ? 0 : pointsOfChunk[chunk];
        }

        done = restored;
        options.Progress?.Report(Progress);
    }

    private void Complete(int chunk, double[] values)
    {
        lock (gate)
        {
            options.Store?.Save(sweep, chunk, values);
            chunks[chunk] = values;
            done += pointsOfChunk[chunk];
            options.Progress?.Report(Progress);
        }
    }
}
