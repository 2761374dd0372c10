using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Tests.LinearAlgebra.Backends;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests;

/// <summary>The same input gives the same bits: again, and on any number of threads where the linear algebra is the library's own; with a native library, on the same number.</summary>
[Collection(ProviderSwitchTestGroup.Name)]
public sealed class DeterminismTests : IDisposable
{
    public static TheoryData<string> Kinds => [.. Work.All.Keys];

    public static TheoryData<LinearAlgebraProviderKind, int> Installed
    {
        get
        {
            var data = new TheoryData<LinearAlgebraProviderKind, int> { { LinearAlgebraProviderKind.Managed, 2 } };
            foreach (LinearAlgebraProviderKind kind in new[] { LinearAlgebraProviderKind.Mkl, LinearAlgebraProviderKind.OpenBlas }.Where(kind => ProviderSelection.Load(kind).Backend is not null))
            {
                data.Add(kind, 1);
                data.Add(kind, 2);
            }

            return data;
        }
    }

    public void Dispose() => LinearAlgebraProvider.Use(LinearAlgebraProviderKind.Auto);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Solve_ManagedOnOneTwoAndEightThreads_GivesTheSameBits(string kind)
    {
        LinearAlgebraProvider.Use(LinearAlgebraProviderKind.Managed);
        int before = LinearAlgebraProvider.Threads;
        try
        {
            string[] bits = [.. new[] { 1, 2, 8, 1 }.Select(threads =>
            {
                LinearAlgebraProvider.Threads = threads;
                return Work.All[kind]();
            })];
            Assert.All(bits, other => Assert.Equal(bits[0], other));
        }
        finally
        {
            LinearAlgebraProvider.Threads = before;
        }
    }

    // Matrices begin at other addresses each time.
    [Theory]
    [MemberData(nameof(Installed))]
    public void Solve_AgainOnAsManyThreads_GivesTheSameBits(LinearAlgebraProviderKind provider, int threads)
    {
        LinearAlgebraProvider.Use(provider);
        int before = LinearAlgebraProvider.Threads;
        try
        {
            LinearAlgebraProvider.Threads = threads;
            foreach ((string kind, Func<string> run) in Work.All)
            {
                string first = run();
                byte[] elsewhere = new byte[100_000 + kind.Length];
                Assert.True(first == run(), $"{kind} has other bits the second time.");
                GC.KeepAlive(elsewhere);
            }
        }
        finally
        {
            LinearAlgebraProvider.Threads = before;
        }
    }
}
