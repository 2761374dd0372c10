using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;

namespace LayerPeeled.Solver.Tests.LinearAlgebra;

public class LinearAlgebraProviderTests
{
    private static readonly string[] Names = ["mkl", "openblas", "mathnet", "managed"];

    [Fact]
    public void Candidates_AnyMachine_ListAllInOrderWithExactlyOneInUse()
    {
        IReadOnlyList<LinearAlgebraCandidate> candidates = LinearAlgebraProvider.Candidates;
        Assert.Equal(Names, candidates.Select(c => c.Name));
        Assert.Single(candidates, c => c.IsInUse);
        Assert.All(candidates, c => Assert.NotEmpty(c.Description));
        Assert.NotEmpty(LinearAlgebraProvider.Name);
        Assert.NotEmpty(LinearAlgebraProvider.Description);
    }

    [Theory]
    [InlineData("mkl", "broken mkl")]
    [InlineData("OpenBLAS", "broken openblas")]
    [InlineData(" mathnet ", "broken mathnet")]
    public void FromText_ForcedButUnavailable_FallsBackToManagedWithTheReason(string text, string reason)
    {
        ProviderSelection selection = ProviderSelection.FromText(text, NothingInstalled);
        Assert.Equal("managed", selection.Backend.Name);
        Assert.Contains(selection.Candidates, c => !c.IsAvailable && !c.IsInUse && c.Description == reason);
    }

    [Fact]
    public void FromText_UnknownValue_FallsBackToManagedAndNamesTheVariable()
    {
        ProviderSelection selection = ProviderSelection.FromText("atlas", _ => new(new ManagedBackend(), ""));
        Assert.Equal("managed", selection.Backend.Name);
        Assert.Contains("LAYERPEELED_BLAS=atlas", selection.Candidates[0].Description, StringComparison.Ordinal);
    }

    // full: its products are worth using here; weak: only its decompositions are; "-": not installed.
    [Theory]
    [InlineData("mkl full, openblas full", true, "mkl")]
    [InlineData("mkl full, openblas full", false, "openblas")]
    [InlineData("mkl weak, openblas full", true, "openblas")]
    [InlineData("mkl weak, openblas full", false, "openblas")]
    [InlineData("mkl full, openblas weak", false, "mkl")]
    [InlineData("mkl weak, openblas weak", true, "mkl")]
    [InlineData("mkl weak, openblas weak", false, "openblas")]
    [InlineData("mkl weak, mathnet weak", false, "mkl")]
    [InlineData("openblas weak", true, "openblas")]
    [InlineData("mathnet weak", true, "mathnet")]
    [InlineData("", true, "managed")]
    public void Fastest_WhatIsInstalledAndForWhom_FollowsTheTable(string installed, bool prefersMkl, string expected)
    {
        LoadedBackend Load(LinearAlgebraProviderKind kind)
        {
            string? found = installed.Split(", ").FirstOrDefault(entry => entry.StartsWith(ProviderSelection.NameOf(kind) + " ", StringComparison.Ordinal));
            return found is null ? new LoadedBackend(null, "not installed") : new LoadedBackend(new ManagedBackend(), "", found.EndsWith("full", StringComparison.Ordinal));
        }

        Assert.Equal(expected, ProviderSelection.NameOf(ProviderSelection.Fastest(Load, prefersMkl)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("auto")]
    public void FromText_Automatic_TakesWhatLoadsAndSaysWhyNotTheOthers(string? text)
    {
        var second = new ManagedBackend();
        ProviderSelection selection = ProviderSelection.FromText(
            text, kind => kind == LinearAlgebraProviderKind.Mkl ? new(null, "not installed") : new(second, "", true));
        Assert.Same(second, selection.Backend);
        Assert.Equal([false, true, false, false], selection.Candidates.Select(c => c.IsInUse));
        Assert.All(selection.Candidates, c => Assert.NotEmpty(c.Description));
    }

    [Fact]
    public void Choose_UndefinedKind_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearAlgebraProvider.Use((LinearAlgebraProviderKind)99));

    [Fact]
    public void Use_MathNetNotSwitchedOn_ThrowsNamingTheKindAndChangesNothing()
    {
        string before = LinearAlgebraProvider.Name;
        var error = Assert.Throws<InvalidOperationException>(() => LinearAlgebraProvider.Use(LinearAlgebraProviderKind.MathNet));
        Assert.Contains("MathNet", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, LinearAlgebraProvider.Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Threads_LessThanOne_Throws(int threads) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearAlgebraProvider.Threads = threads);

    [Fact]
    public void Limit_NestedAndOutOfOrder_SmallestWinsAndLastOneRestores()
    {
        var backend = new ManagedBackend { Threads = 8 };
        var budget = new ThreadBudget();
        IDisposable four = budget.Limit(backend, 4);
        Assert.Equal(4, backend.Threads);
        IDisposable one = budget.Limit(backend, 1);
        IDisposable six = budget.Limit(backend, 6);
        Assert.Equal(1, backend.Threads);
        Assert.Equal(8, budget.Requested(backend));
        four.Dispose();
        Assert.Equal(1, backend.Threads);
        one.Dispose();
        one.Dispose();
        Assert.Equal(6, backend.Threads);
        budget.Request(backend, 5);
        Assert.Equal(5, backend.Threads);
        six.Dispose();
        Assert.Equal(5, backend.Threads);
    }

    [Fact]
    public void Limit_ManyThreads_RestoresTheCount()
    {
        var backend = new ManagedBackend { Threads = 8 };
        var budget = new ThreadBudget();
        Parallel.For(0, 1000, i =>
        {
            using (budget.Limit(backend, 1 + (i % 3)))
            {
                Assert.InRange(backend.Threads, 1, 1 + (i % 3));
            }
        });
        Assert.Equal(8, backend.Threads);
    }

    private static LoadedBackend NothingInstalled(LinearAlgebraProviderKind kind) =>
        kind == LinearAlgebraProviderKind.Managed ? new(new ManagedBackend(), "") : new(null, $"broken {ProviderSelection.NameOf(kind)}");
}
