using LayerPeeled.Benchmarks.Load;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Data.Tests;

/// <summary>The load of the benchmarks, <c>soak</c>, for a few hundred solves. It runs alone: memory is that of the process.</summary>
[Collection(nameof(LoadTests))]
[CollectionDefinition(nameof(LoadTests), DisableParallelization = true)]
public sealed class LoadTests
{
    private const int Jobs = 96;
    private const int Threads = 4;
    private const long AllowedBytes = 1 << 20;
    private const int AllowedHandles = 8;

    [Fact]
    public void MixedSolves_AFewHundredOnSeveralThreads_KeepTheirBitsAndTakeNoMoreMemory()
    {
        int before = LinearAlgebraProvider.Threads;
        LinearAlgebraProvider.Threads = 1;
        try
        {
            var run = new LoadRun(MixedLoad.Jobs(Jobs, seed: 2), Threads);
            run.Continue(Jobs);
            var warm = Footprint.Now();
            run.Continue(2 * Jobs);
            var after = Footprint.Now();
            Assert.True(after.Heap <= (1.1 * warm.Heap) + AllowedBytes, $"live heap, from {warm.Heap} to {after.Heap} bytes");
            Assert.True(after.Threads <= warm.Threads + AllowedHandles, $"threads, from {warm.Threads} to {after.Threads}");
            Assert.True(after.Handles <= warm.Handles + AllowedHandles, $"handles, from {warm.Handles} to {after.Handles}");
        }
        finally
        {
            LinearAlgebraProvider.Threads = before;
        }
    }
}
