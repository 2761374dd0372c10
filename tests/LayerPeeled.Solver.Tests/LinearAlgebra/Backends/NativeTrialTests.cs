using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Kernels;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.LinearAlgebra.Backends;

/// <summary>Libraries that would end this process are refused with a reason; that the tests go on is half of what they test.</summary>
public sealed class NativeTrialTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("layerpeeled-native").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [LinuxFact]
    public void TryLoad_LibraryThatEndsTheProcessWhenLoaded_IsRefusedWithItsExitCode()
    {
        string reason = Refused("mkl", NativeFunctions.Required, TinyLibrary.Returns, TinyLibrary.EndsTheProcess);
        Assert.Contains("exit code 7", reason, StringComparison.Ordinal);
        Assert.Contains("'loading'", reason, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void TryLoad_LibraryThatEndsTheProcessAtTheFirstCall_IsRefusedWithItsExitCode()
    {
        string reason = Refused("openblas", NativeFunctions.Required, TinyLibrary.EndsTheProcess);
        Assert.Contains("exit code 7", reason, StringComparison.Ordinal);
        Assert.Contains("'Cholesky factorisation'", reason, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void TryLoad_LibraryThatCrashesAtTheFirstCall_IsRefusedWithTheSignal() =>
        Assert.Contains("signal 11", Refused("openblas", NativeFunctions.Required, TinyLibrary.WritesToNull), StringComparison.Ordinal);

    [LinuxFact]
    public void TryLoad_MklWhoseLayersAllEndTheProcess_IsRefusedWithAReasonForEach()
    {
        string reason = Refused("mkl", [.. NativeFunctions.Required, NativeFunctions.SetInterfaceLayer], TinyLibrary.EndsTheProcess);
        Assert.Contains("sequential layer not used", reason, StringComparison.Ordinal);
        Assert.Contains("'choosing its layers'", reason, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void TryLoad_LibraryWithHalfTheRoutines_IsRefusedWithTheFirstThatIsMissing() =>
        Assert.Contains("does not export dgesdd_", Refused("openblas", NativeFunctions.Required[..2], TinyLibrary.Returns), StringComparison.Ordinal);

    [LinuxFact]
    public void TryLoad_LibraryThatDoesNothing_IsRefused() =>
        Assert.Contains("64-bit integers, or its Cholesky", Refused("openblas", NativeFunctions.Required, TinyLibrary.Returns), StringComparison.Ordinal);

    [LinuxFact]
    public void TryLoad_ManyThreadsAllocating_StillComesToAVerdict()
    {
        // Threads are stopped for garbage collections all the time, and must not keep the copy from its work.
        using var stop = new CancellationTokenSource();
        Task[] allocating = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            long length = 0;
            while (!stop.IsCancellationRequested)
            {
                length += new byte[10_000].Length;
            }

            return length;
        })).ToArray();
        for (int i = 0; i < 5; i++)
        {
            Assert.Contains("exit code 7", Refused("openblas", NativeFunctions.Required, TinyLibrary.EndsTheProcess), StringComparison.Ordinal);
        }

        stop.Cancel();
        Task.WaitAll(allocating);
    }

    [LinuxFact(withNativeBlas: true)]
    public void TryLoad_NativeBlasAtWorkInOtherThreads_LeavesThemAtWork()
    {
        // A library that is told of a fork ends its threads, even those that others wait for.
        const int N = 200;
        IDenseBackend blas = NativeBlas.Installed[^1];
        using var stop = new CancellationTokenSource();
        Task[] working = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                double[] a = Enumerable.Repeat(0.5, N * N).ToArray(), c = new double[N * N];
                while (!stop.IsCancellationRequested)
                {
                    blas.Multiply(false, false, N, N, N, 1, a, N, a, N, 0, c, N);
                    Assert.All([c[0], c[^1]], value => Assert.Equal(0.25 * N, value));
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        for (int i = 0; i < 20; i++)
        {
            Assert.Contains("exit code 7", Refused("openblas", NativeFunctions.Required, TinyLibrary.EndsTheProcess), StringComparison.Ordinal);
        }

        stop.Cancel();
        Assert.True(Task.WaitAll(working, TimeSpan.FromMinutes(2)), "A product never came back.");
    }

    [Theory]
    [InlineData(null, "INTEL GNU INTEL SEQUENTIAL")]
    [InlineData("sequential", "SEQUENTIAL INTEL GNU INTEL")]
    [InlineData(" GNU ", "GNU INTEL INTEL SEQUENTIAL")]
    [InlineData("TBB", "TBB INTEL GNU INTEL SEQUENTIAL")]
    [InlineData("none of these", "INTEL GNU INTEL SEQUENTIAL")]
    public void InOrder_AnyWish_PutsItFirstAndNeverLeavesOutTheOthers(string? wish, string order) =>
        Assert.Equal(order, string.Join(' ', MklLayer.InOrder(wish, _ => false).Select(layer => layer.Wish)));

    [Fact]
    public void InOrder_RunTimeOfTheProcess_ComesBeforeASecondOne() =>
        Assert.Equal("GNU INTEL INTEL SEQUENTIAL", string.Join(' ', MklLayer.InOrder(null, file => file == "libgomp.so.1").Select(layer => layer.Wish)));

    [Theory]
    [InlineData("OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Cooperlake MAX_THREADS=64", 512)]
    [InlineData("OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64", 256)]
    [InlineData("OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Prescott MAX_THREADS=64", 128)]
    [InlineData("Intel(R) Advanced Vector Extensions 512 (Intel(R) AVX-512) enabled processors", 512)]
    [InlineData("Intel(R) Advanced Vector Extensions 2 (Intel(R) AVX2) enabled processors", 256)]
    [InlineData("Intel(R) Architecture processors", 128)]
    public void In_WhatALibrarySaysOfItself_IsTheWidthOfItsVectors(string description, int bits) => Assert.Equal(bits, VectorWidth.In(description));

    private string Refused(string name, IReadOnlyList<string> exports, byte[] code, byte[]? atLoad = null)
    {
        string file = Path.Combine(folder, $"lib{Guid.NewGuid():N}.so");
        TinyLibrary.Write(file, exports, code, atLoad);
        Assert.False(NativeBackend.TryLoad(name, file, out _, out string reason));
        Assert.Contains(file, reason, StringComparison.Ordinal);
        return reason;
    }
}
