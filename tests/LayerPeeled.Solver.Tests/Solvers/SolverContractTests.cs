using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.Merged;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Solvers.Semidefinite;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers;

/// <summary>What every solver promises, whatever its method.</summary>
public sealed class SolverContractTests
{
    private static readonly LayerPeeledModel Model = LayerPeeledModel.FromClassCounts([40, 9, 40, 9, 3, 1.5], 2, 3);

    private static readonly Dictionary<string, Func<Limits, ISolver>> Solvers = new()
    {
        ["low-rank"] = l => new LowRankSolver(l.Apply(new LowRankOptions())),
        ["merged"] = l => new MergedSolver(l.Apply(new LowRankOptions())),
        ["reduced"] = l => new ReducedSolver(l.Apply(new LowRankOptions())),
        ["nuclear-norm"] = l => new NuclearNormSolver(l.Apply(new NuclearNormOptions())),
        ["frank-wolfe"] = l => new FrankWolfeSolver(l.Apply(new FrankWolfeOptions())),
        ["sdp"] = l => new SemidefiniteSolver(l.Apply(new SemidefiniteOptions())),
        ["projected-gradient"] = l => new ProjectedGradientSolver(l.Apply(new ProjectedGradientOptions())),
        ["auto"] = l => new AutomaticSolver(l.Apply(new AutomaticOptions())),
    };

    // How each ends where no gap closes: one that Newton's method of the factor form has brought to rounding cannot fall any more.
    private static readonly Dictionary<string, SolverStatus> AtRounding = new()
    {
        ["low-rank"] = SolverStatus.Stalled,
        ["merged"] = SolverStatus.Stalled,
        ["reduced"] = SolverStatus.Stalled,
        ["nuclear-norm"] = SolverStatus.Stationary,
        ["frank-wolfe"] = SolverStatus.Stationary,
        ["sdp"] = SolverStatus.Stationary,
        ["projected-gradient"] = SolverStatus.IterationLimit,
        ["auto"] = SolverStatus.Stationary,
    };

    private static readonly Dictionary<string, SolverStatus> InTooFewDimensions = Solvers.Keys.ToDictionary(name => name, name => name == "low-rank" ? SolverStatus.Stalled : SolverStatus.Stationary);

    // Of methods that do without logarithms: their loss underflows.
    private static readonly Dictionary<string, SolverStatus> BelowTheRange = new()
    {
        ["frank-wolfe"] = SolverStatus.NumericalError,
        ["sdp"] = SolverStatus.NumericalError,
        ["projected-gradient"] = SolverStatus.IterationLimit,
    };

    public static TheoryData<string> Names => new(Solvers.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Name_EverySolver_IsTheOneOfTheCommandLine(string name) => Assert.Equal(name, Create(name).Name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_DefaultOptions_IsOptimalAndAgreesWithTheOthers(string name)
    {
        LayerPeeledSolution solution = Create(name).Solve(Model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        AssertHonest(solution);
        LayerPeeledSolution other = new ReducedSolver().Solve(Model);
        Assertions.Near(other.Objective, solution.Objective, 2 * solution.RelativeGapTolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_CancelledBeforeTheStart_ReturnsFeasiblePointAtOnce(string name)
    {
        LayerPeeledSolution solution = Create(name).Solve(Model, null, new CancellationToken(canceled: true));
        Assert.Equal(SolverStatus.Cancelled, solution.Status);
        Assert.Equal(0, solution.Iterations);
        AssertHonest(solution);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_CancelledUnderWay_ReturnsBestPoint(string name)
    {
        using var source = new CancellationTokenSource();
        var progress = new Recorder(report =>
        {
            if (report.Iteration == 3)
            {
                source.Cancel();
            }
        });
        LayerPeeledSolution solution = Create(name).Solve(Model, progress, source.Token);
        Assert.Equal(SolverStatus.Cancelled, solution.Status);
        Assert.Equal(3, solution.Iterations);
        AssertHonest(solution);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Multiplier_AnyPoint_IsNeverNegativeZero(string name)
    {
        LayerPeeledSolution solution = Create(name).Solve(Model, null, new CancellationToken(canceled: true));
        Assert.False(solution.Multiplier == 0 && double.IsNegative(solution.Multiplier));
        Assert.False(solution.CriticalClassSize == 0 && double.IsNegative(solution.CriticalClassSize));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_OneIteration_StopsThere(string name)
    {
        LayerPeeledSolution solution = Create(name, new Limits(MaxIterations: 1)).Solve(Model);
        Assert.Equal(SolverStatus.IterationLimit, solution.Status);
        AssertHonest(solution);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_NoTime_SaysSo(string name)
    {
        LayerPeeledSolution solution = Create(name, new Limits(TimeLimit: TimeSpan.FromTicks(1))).Solve(Model);
        Assert.Equal(SolverStatus.TimeLimit, solution.Status);
        AssertHonest(solution);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_Twice_GivesTheSameBits(string name)
    {
        ISolver solver = Create(name);
        LayerPeeledSolution first = solver.Solve(Model), second = solver.Solve(Model);
        Assert.Equal(first.Objective, second.Objective);
        Assert.Equal(first.Certificate.LowerBound, second.Certificate.LowerBound);
        Assert.Equal(first.Iterations, second.Iterations);
        Assert.Equal(first.Classifier.ToColumnMajorArray(), second.Classifier.ToColumnMajorArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_WithProgressAndTrace_ReportsEveryIterationInOrder(string name)
    {
        var reports = new List<IterationReport>();
        LayerPeeledSolution solution = Create(name, new Limits(RecordTrace: true)).Solve(Model, new Recorder(reports.Add));
        Assert.Equal(solution.Iterations, reports.Count);
        Assert.Equal(Enumerable.Range(1, reports.Count), reports.Select(r => r.Iteration));
        Assert.Equal(reports, solution.Trace);
        Assert.All(reports, r => Assert.True(double.IsFinite(r.Objective)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_UnreachableTolerance_NeverClaimsOptimal(string name)
    {
        LayerPeeledSolution solution = Create(name, new Limits(Gap: 0, MaxIterations: 300)).Solve(Model);
        Assert.Equal(AtRounding[name], solution.Status);
        AssertHonest(solution);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_DimensionBelowRank_ReturnsPointWithinDimension(string name)
    {
        LayerPeeledModel narrow = LayerPeeledModel.FromClassCounts([40, 9, 40, 9, 3, 1.5], 2, 3, featureDimension: 2);
        LayerPeeledSolution solution = Create(name, new Limits(MaxIterations: 2000)).Solve(narrow);
        Assert.Equal(InTooFewDimensions[name], solution.Status);
        Assert.Equal((6, 2), (solution.Classifier.RowCount, solution.Classifier.ColumnCount));
        AssertHonest(solution);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_LossesOfAnySize_AreSolvedToRelativeAccuracy(string name)
    {
        foreach (double budget in new[] { 1e-6, 1, 1e4 })
        {
            LayerPeeledModel balanced = LayerPeeledModel.FromClassGroups([new(4, 3)], budget, 1);
            LayerPeeledSolution solution = Create(name).Solve(balanced);
            Assert.Equal(SolverStatus.Optimal, solution.Status);
            Assertions.Near(LayerPeeled.Solver.Geometry.SimplexEtf.BalancedObjective(balanced), solution.Objective, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_LossBelowTheRangeOfDouble_IsOptimalOnlyWithAProof(string name)
    {
        // The optimum is about e^{-1300}.
        LayerPeeledSolution solution = Create(name, new Limits(MaxIterations: 500)).Solve(LayerPeeledModel.FromClassGroups([new(2, 9), new(2, 1)], 1000, 1000));
        double excess = solution.Log10Objective - (TwoGroupOptimum.LogObjective(2, 2, 9, 1, 1e6) / Math.Log(10));
        Assert.True(excess > -1e-9, $"10^{excess} times the optimum");
        Assert.Equal(solution.Status == SolverStatus.Optimal, solution.Certificate.RelativeGap <= solution.RelativeGapTolerance);
        Assert.Equal(BelowTheRange.GetValueOrDefault(name, SolverStatus.Optimal), solution.Status);
        Assert.True(solution.Status != SolverStatus.Optimal || excess < Math.Max(solution.RelativeGapTolerance, 1e-9));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_NullModel_Throws(string name) => Assert.Throws<ArgumentNullException>(() => Create(name).Solve(null!));

    private static ISolver Create(string name, Limits? limits = null) => Solvers[name](limits ?? new Limits());

    // Feasible, and every number of the certificate comes out again from W and H̄ alone.
    private static void AssertHonest(LayerPeeledSolution solution)
    {
        LayerPeeledModel model = solution.Model;
        double classes = model.ClassCount;
        Assert.True(Math.Pow(solution.Classifier.FrobeniusNorm(), 2) <= classes * model.ClassifierBudget * (1 + 1e-12));
        Assert.True(Math.Pow(solution.ClassMeans.FrobeniusNorm(), 2) <= classes * model.FeatureBudget * (1 + 1e-12));
        DualityCertificate again = DualityGap.Certify(model, solution.Classifier, solution.ClassMeans);
        Assertions.Near(again.PrimalValue, solution.Objective, 1e-10);
        LayerPeeledSolution optimum = new ReducedSolver().Solve(LayerPeeledModel.FromClassGroups(model.Groups, model.ClassifierBudget, model.FeatureBudget));
        Assert.True(solution.Certificate.LowerBound <= optimum.Certificate.PrimalUpperBound, "the lower bound bounds");
        Assert.True(solution.Objective >= optimum.Objective * (1 - 1e-12), "no point is better than the optimum");
        Assert.Equal(solution.Status == SolverStatus.Optimal, solution.Certificate.RelativeGap <= solution.RelativeGapTolerance);
        Assert.True(solution.Certificate.AbsoluteGap >= 0);
    }

    private sealed record Limits(double? Gap = null, int? MaxIterations = null, TimeSpan? TimeLimit = null, bool RecordTrace = false)
    {
        public T Apply<T>(T options)
            where T : SolverOptions => options with
            {
                RelativeGapTolerance = Gap ?? options.RelativeGapTolerance,
                MaxIterations = MaxIterations ?? options.MaxIterations,
                TimeLimit = TimeLimit ?? options.TimeLimit,
                RecordTrace = RecordTrace,
            };
    }

    private sealed class Recorder(Action<IterationReport> action) : IProgress<IterationReport>
    {
        public void Report(IterationReport value) => action(value);
    }
}
