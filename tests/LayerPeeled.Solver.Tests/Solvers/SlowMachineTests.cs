using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Analysis.Comparison;
using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Family.Rectified;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.Targets;
using LayerPeeled.Solver.Tests.LinearAlgebra.Backends;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers;

/// <summary>Time limits on a machine where single decompositions take seconds: starts, iterations and certificates together end within a tenth of the limit.</summary>
[Collection(ProviderSwitchTestGroup.Name)]
public sealed class SlowMachineTests : IDisposable
{
    // Products of this size are those of the backend, and a singular value decomposition takes a minute.
    private const int Classes = 160;
    private const int Limit = 2400;
    private static readonly double[] Counts = [.. Enumerable.Range(0, Classes).Select(k => Math.Round(1e5 * Math.Pow(100, -k / (Classes - 1.0))))];
    private static readonly LayerPeeledModel Tail = LayerPeeledModel.FromClassCounts(Counts, 1, 5);
    private readonly WorkClock clock = new(new ManagedBackend());

    public SlowMachineTests() => LinearAlgebraProvider.Install(new DeferredBackend(() => new ProviderSelection(clock, [])));

    public void Dispose() => LinearAlgebraProvider.Use(LinearAlgebraProviderKind.Auto);

    [Theory]
    [InlineData("auto")]
    [InlineData("reduced")]
    [InlineData("merged")]
    [InlineData("low-rank")]
    [InlineData("nuclear-norm")]
    [InlineData("frank-wolfe")]
    [InlineData("sdp")]
    [InlineData("projected-gradient")]
    public void Solve_LongDecompositions_EndsInTimeWithABound(string method)
    {
        LayerPeeledSolution solution = Method(method).Solve(Tail);
        Assert.True(double.IsFinite(solution.Certificate.LowerBound) && solution.Certificate.LowerBound <= solution.Objective);
        AssertInTime(solution.Status);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("nuclear-norm")]
    public void Solve_SoftTargets_EndsInTimeWithABound(string method)
    {
        var model = new SoftTargetModel(SoftTargets.From(SoftTargetCases.RandomCounts(Classes, Classes, 3)), 1, 5);
        SoftTargetSolution solution = new SoftTargetSolver(Method(method)).Solve(model);
        Assert.True(solution.ExcessLowerBound >= 0 && solution.ExcessLowerBound <= solution.Excess);
        AssertInTime(solution.Status);
    }

    [Fact]
    public void Solve_Contrastive_EndsInTimeWithABound()
    {
        var options = new ContrastiveOptions { RelativeGapTolerance = 1e-16, MaxIterations = int.MaxValue, TimeLimit = TimeSpan.FromSeconds(Limit), Clock = clock };
        ContrastiveSolution solution = new ContrastiveSolver(options).Solve(ContrastiveModel.FromClassCounts(Counts, 5));
        Assert.True(solution.Certificate.LowerBound <= solution.Objective);
        AssertInTime(solution.Status);
    }

    // The relaxation that bounds it is a solve of its own.
    [Fact]
    public void Solve_Spherical_EndsInTimeWithABound()
    {
        var options = new SphericalOptions { Starts = int.MaxValue, TimeLimit = TimeSpan.FromSeconds(Limit), Clock = clock };
        SphericalSolution solution = new SphericalSolver(options).Solve(SphericalModel.FromClassCounts(Counts, new FixedNorms(1), new FixedNorms(5), 10));
        Assert.True(solution.LowerBound > 0 && solution.LowerBound <= solution.Objective);
        AssertInTime(solution.Status);
    }

    [Fact]
    public void Solve_Rectified_EndsInTimeAndSaysSo()
    {
        var options = new RectifiedOptions { Starts = int.MaxValue, RelativeGapTolerance = 1e-16, TimeLimit = TimeSpan.FromSeconds(Limit), Clock = clock };
        RectifiedSolution solution = new RectifiedSolver(options).Solve(LayerPeeledModel.FromClassCounts(Counts, 1, 5, featureDimension: 20));
        AssertInTime(solution.Status);
    }

    [Theory]
    [InlineData(FamilyMemberKind.LayerPeeled)]
    [InlineData(FamilyMemberKind.UnconstrainedFeatures)]
    public void Compare_OneMember_EndsInTime(FamilyMemberKind kind) => AssertInTime(FamilyComparison.Of(Tail, kind, Options()).Status);

    [Fact]
    public void Mitigate_OneRule_EndsInTime() =>
        AssertInTime(new MitigationAnalysis(Counts, 1, 5, options: Options()).Apply(ReweightingRule.SquareRootInverse).Solution.Status);

    private AutomaticOptions Options() => new() { RelativeGapTolerance = 1e-16, TimeLimit = TimeSpan.FromSeconds(Limit), Clock = clock };

    private ISolver Method(string name)
    {
        SolverEntry entry = SolverCatalog.Find(name)!;
        return entry.Create(entry.Defaults with { RelativeGapTolerance = 1e-16, MaxIterations = int.MaxValue, TimeLimit = TimeSpan.FromSeconds(Limit), Clock = clock });
    }

    private void AssertInTime(SolverStatus status)
    {
        Assert.InRange(clock.Seconds, 0, 1.1 * Limit);
        Assert.True(status is SolverStatus.TimeLimit or SolverStatus.Stalled or SolverStatus.Stationary, $"{status} after {clock.Seconds} seconds");
    }
}
