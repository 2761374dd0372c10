using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Solvers.Semidefinite;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers;

/// <summary>Limits of time and memory.</summary>
public sealed class LimitTests
{
    private static readonly LayerPeeledModel Tail =
        LayerPeeledModel.FromClassCounts(Enumerable.Range(0, 100).Select(k => 500 * Math.Pow(100, -k / 99.0)), 1, 5);

    // One more than the largest n with n² entries in an array.
    private static readonly LayerPeeledModel Large = LayerPeeledModel.FromClassCounts(Enumerable.Range(1, 46_341).Select(k => (double)k), 1, 5);

    public static TheoryData<string> ClassByClass => new("low-rank", "nuclear-norm", "frank-wolfe", "sdp", "projected-gradient");

    [Fact]
    public void Solve_TimeLimit_LeavesTimeForTheCertificate()
    {
        // A second an iteration, and a certificate counts as ten of them before the first one.
        var clock = new ManualClock();
        var options = new LowRankOptions { TimeLimit = TimeSpan.FromSeconds(20), Clock = clock };
        LayerPeeledSolution solution = new ReducedSolver(options).Solve(Tail, new Recorder(_ => clock.Advance(1)));
        Assert.Equal(SolverStatus.TimeLimit, solution.Status);
        Assert.InRange(solution.Iterations, 8, 14);
        Assert.True(double.IsFinite(solution.Certificate.LowerBound));
    }

    [Fact]
    public void Solve_ClockOfTheMachineIsSet_ChangesNothing()
    {
        LayerPeeledSolution solution = new ReducedSolver(new LowRankOptions { TimeLimit = TimeSpan.FromSeconds(1e6), Clock = new MonotonicClock() }).Solve(Tail);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
    }

    [Fact]
    public void Solve_CancelledBeforeTheFirstIteration_TakesTheLeastExpensiveCertificate()
    {
        LayerPeeledSolution solution = new ReducedSolver().Solve(Tail, null, new CancellationToken(true));
        Assert.Equal(SolverStatus.Cancelled, solution.Status);
        Assert.Equal(DualKind.Gradient, solution.Certificate.Kind);
        Assert.True(double.IsFinite(solution.Certificate.LowerBound));
        Assert.True(solution.Certificate.LowerBound <= solution.Objective);
    }

    [Fact]
    public void Solve_CancelledWhenCertificatesTakeLong_DoesNotWaitForOne()
    {
        var clock = new ManualClock();
        using var source = new CancellationTokenSource();
        var progress = new Recorder(report =>
        {
            clock.Advance(1);
            if (report.Iteration == 12)
            {
                source.Cancel();
            }
        });
        LayerPeeledSolution solution = new ReducedSolver(new LowRankOptions { Clock = clock }).Solve(Tail, progress, source.Token);
        Assert.Equal(SolverStatus.Cancelled, solution.Status);
        Assert.Equal(DualKind.Gradient, solution.Certificate.Kind);
    }

    [Theory]
    [MemberData(nameof(ClassByClass))]
    public void Solve_BeyondTheMemoryBudget_RefusesNamingTheMemoryItWouldNeed(string name)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Solver(name, 1_000_000).Solve(Tail));
        Assert.Contains($"The {name} method would need about", error.Message, StringComparison.Ordinal);
        Assert.Contains("more than the memory budget of 0.001 GB", error.Message, StringComparison.Ordinal);
    }

    // Projected gradient has its own test of this: the program refuses before the method begins.
    [Theory]
    [InlineData("low-rank")]
    [InlineData("nuclear-norm")]
    [InlineData("frank-wolfe")]
    [InlineData("sdp")]
    public void Solve_MatrixLongerThanAnArray_RefusesNamingTheMemoryItWouldNeed(string name)
    {
        InsufficientMemoryException error = Assert.Throws<InsufficientMemoryException>(() => Solver(name, long.MaxValue).Solve(Large));
        Assert.Contains("GB for one matrix", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_ReducedWithMoreGroupsThanAnArrayHolds_RefusesNamingTheMemoryItWouldNeed() =>
        Assert.Throws<InsufficientMemoryException>(() => new ReducedSolver(new LowRankOptions { MemoryBudget = long.MaxValue }).Solve(Large));

    [Fact]
    public void CreateMatrix_MoreThanAnArrayHolds_NamesTheMemoryItWouldNeed()
    {
        InsufficientMemoryException error = Assert.Throws<InsufficientMemoryException>(() => NuclearNormProgram.ForGroups(Large).CreateMatrix());
        Assert.Contains("17.18 GB", error.Message, StringComparison.Ordinal);
        Assert.Throws<InsufficientMemoryException>(() => new GroupedFactors(NuclearNormProgram.ForGroups(Large), 46_341));
    }

    [Theory]
    [InlineData(46_341, 46_341)]
    [InlineData(65_536, 65_536)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Length_ProductBeyondAnArray_IsRefused(int rows, int columns) =>
        Assert.Throws<InsufficientMemoryException>(() => MatrixShape.Length(rows, columns));

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    public void MemoryBudget_NotPositive_Throws(long bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LowRankOptions { MemoryBudget = bytes });

    private static ISolver Solver(string name, long budget) => name switch
    {
        "low-rank" => new LowRankSolver(new LowRankOptions { MemoryBudget = budget }),
        "nuclear-norm" => new NuclearNormSolver(new NuclearNormOptions { MemoryBudget = budget }),
        "frank-wolfe" => new FrankWolfeSolver(new FrankWolfeOptions { MemoryBudget = budget }),
        "sdp" => new SemidefiniteSolver(new SemidefiniteOptions { MemoryBudget = budget }),
        _ => new ProjectedGradientSolver(new ProjectedGradientOptions { MemoryBudget = budget }),
    };

    // Has no time of day.
    private sealed class MonotonicClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("The time of day was asked for.");
    }

    private sealed class Recorder(Action<IterationReport> action) : IProgress<IterationReport>
    {
        public void Report(IterationReport value) => action(value);
    }
}
