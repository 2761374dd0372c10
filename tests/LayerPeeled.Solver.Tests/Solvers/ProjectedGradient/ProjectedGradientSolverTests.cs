using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Solvers.ProjectedGradient;

public sealed class ProjectedGradientSolverTests
{
    private const double SolverTolerance = 1e-6;
    private const double Roundoff = 1e-12;

    public static TheoryData<int> References => ReferenceCases.Indices(20);

    public static TheoryData<StepRule> Rules => [.. Enum.GetValues<StepRule>()];

    public static TheoryData<StepRule> AdaptiveRules => [StepRule.Armijo, StepRule.BarzilaiBorwein, StepRule.Nesterov];

    [Theory]
    [MemberData(nameof(References))]
    public void Solve_ReferenceCase_DefaultOptionsCertifyTheOptimum(int index) => AssertReference(index, new ProjectedGradientOptions());

    [Theory]
    [MemberData(nameof(References))]
    public void Solve_ReferenceCaseFromSimplexEtf_CertifiesTheOptimum(int index) =>
        AssertReference(index, new ProjectedGradientOptions { Start = ProjectedGradientStart.SimplexEtf });

    [Theory]
    [MemberData(nameof(References))]
    public void Solve_ReferenceCaseByNesterov_CertifiesTheOptimum(int index) =>
        AssertReference(index, new ProjectedGradientOptions { StepRule = StepRule.Nesterov, Seed = 1 });

    [Theory]
    [MemberData(nameof(References))]
    public void Solve_ReferenceCaseByArmijo_CertifiesTheOptimum(int index) =>
        AssertReference(index, new ProjectedGradientOptions { StepRule = StepRule.Armijo, Seed = 2 });

    [Theory]
    [InlineData(5, 5, 2)]
    [InlineData(7, 3, 5)]
    [InlineData(2, 2, 10)]
    public void Solve_ReferenceCaseByConstantSteps_CertifiesTheOptimum(int majority, int minority, double ratio) =>
        AssertReference(IndexOf(majority, minority, ratio), new ProjectedGradientOptions { StepRule = StepRule.Constant });

    [Theory]
    [MemberData(nameof(AdaptiveRules))]
    public void Solve_SampleLevelReference_CertifiesTheOptimum(StepRule rule) =>
        AssertReference(IndexOf(5, 5, 10), new ProjectedGradientOptions { StepRule = rule, Level = FactorizedLevel.SampleLevel });

    [Theory]
    [MemberData(nameof(Rules))]
    public void Solve_BudgetMetricAtSampleLevel_CertifiesTheSameOptimum(StepRule rule)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(5, 10), new(5, 1)], 500, 0.01);
        ReferenceCase expected = ReferenceCases.All[IndexOf(5, 5, 10)];
        // Only E_W·E_H counts, and it is that of the reference case.
        var options = new ProjectedGradientOptions { StepRule = rule, Metric = ProjectedGradientMetric.Budgets, Level = FactorizedLevel.SampleLevel };
        LayerPeeledSolution solution = new ProjectedGradientSolver(options).Solve(model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assertions.Near(expected.Objective, solution.Objective, SolverTolerance);
        FactorizedProgram program = FactorizedProgram.SampleLevel(model);
        var point = new FactorizedPoint(solution.Classifier, solution.SampleFeatures!);
        Assertions.Near(solution.Objective, program.Value(point), SolverTolerance);
        FactorizedPoint projected = program.Project(point);
        Assertions.Within(0, (projected.Features - point.Features).FrobeniusNorm() / point.Features.FrobeniusNorm(), Roundoff);
        Assertions.Within(0, (projected.Classifier - point.Classifier).FrobeniusNorm() / point.Classifier.FrobeniusNorm(), Roundoff);
    }

    [Theory]
    [InlineData(MomentumRestart.Function)]
    [InlineData(MomentumRestart.Gradient)]
    [InlineData(MomentumRestart.Either)]
    public void Solve_NesterovWithAnyRestart_CertifiesTheOptimum(MomentumRestart restart) =>
        AssertReference(IndexOf(5, 5, 13), new ProjectedGradientOptions { StepRule = StepRule.Nesterov, Restart = restart });

    [Fact]
    public void Solve_MemoryOfOne_DecreasesInEveryIteration()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([40, 9, 3, 1], 2, 8);
        LayerPeeledSolution solution = new ProjectedGradientSolver(new() { Memory = 1, RecordTrace = true }).Solve(model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.All(solution.Trace.Zip(solution.Trace.Skip(1)), pair => Assert.True(pair.Second.Objective <= pair.First.Objective * (1 + Roundoff)));
    }

    [Theory]
    [MemberData(nameof(AdaptiveRules))]
    public void Iterate_AfterTheFirstIterations_AllocatesNothing(StepRule rule)
    {
        FactorizedProgram program = FactorizedProgram.SampleLevel(LayerPeeledModel.FromClassCounts([40, 9, 3, 1], 2, 8));
        var options = new ProjectedGradientOptions { StepRule = rule };
        double[] start = program.RandomPoint(0).Values.ToArray();
        ProjectedGradientRun run = rule switch
        {
            StepRule.Armijo => new ArmijoRun(program, options, start),
            StepRule.Nesterov => new MomentumRun(program, options, start),
            _ => new SpectralRun(program, options, start),
        };
        var control = new IterationControl(options, CancellationToken.None);
        for (int i = 0; i < 40; i++)
        {
            run.Iterate(control);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            run.Iterate(control);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Solve_Balanced_FindsTheSimplexEtf(StepRule rule)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(6, 4)], 1, 5, 7);
        LayerPeeledSolution solution = new ProjectedGradientSolver(new() { StepRule = rule, RelativeGapTolerance = 1e-11 }).Solve(model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assertions.Near(Math.Log(1 + (5 * Math.Exp(-model.Radius / 5))), solution.Objective, 1e-11);
        // The geometry is accurate to the root of the gap.
        Assertions.Within(-0.2, solution.ClassifierCosines[0, 0], 1e-4);
        Assertions.Within(-0.2, solution.FeatureCosines[0, 0], 1e-4);
    }

    [Theory]
    [MemberData(nameof(AdaptiveRules))]
    public void Solve_TinyLoss_ReachesFullRelativeAccuracy(StepRule rule)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(10, 3)], 100, 100);
        LayerPeeledSolution solution = new ProjectedGradientSolver(new() { StepRule = rule }).Solve(model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assertions.Near(9 * Math.Exp(-model.Radius / 9), solution.Objective, SolverTolerance);
    }

    [Fact]
    public void Solve_Samples_VariabilityCollapsesToTheOptimumOfTheMeans()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([12, 3, 7, 1, 3], 1, 4);
        var options = new ProjectedGradientOptions { RelativeGapTolerance = 1e-11 };
        LayerPeeledSolution means = new ProjectedGradientSolver(options).Solve(model);
        FactorizedProgram program = FactorizedProgram.SampleLevel(model);
        LayerPeeledSolution samples = new ProjectedGradientSolver(options).Solve(program, null);
        Assert.Equal((SolverStatus.Optimal, SolverStatus.Optimal), (means.Status, samples.Status));
        Assertions.Near(means.Objective, samples.Objective, 2e-11);
        Assert.Null(means.SampleFeatures);
        Assert.True(Variability(program, program.RandomPoint(0).Features) > 0.5, "the start is spread out");
        Assert.True(Variability(program, samples.SampleFeatures!) < 1e-6);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Solve_SamplesStoppedUnderWay_FeaturesBelongToTheSolution(StepRule rule)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([12, 3, 7, 1, 0], 1, 4);
        FactorizedProgram program = FactorizedProgram.SampleLevel(model);
        LayerPeeledSolution solution = new ProjectedGradientSolver(new() { StepRule = rule, MaxIterations = 7 }).Solve(program, null);
        Assert.Equal(SolverStatus.IterationLimit, solution.Status);
        Assert.Equal((5, 23), (solution.SampleFeatures!.RowCount, solution.SampleFeatures.ColumnCount));
        Matrix<double> means = program.MeansOf(new FactorizedPoint(solution.Classifier, solution.SampleFeatures));
        Assertions.Within(0, (means - solution.ClassMeans).FrobeniusNorm(), Roundoff);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Solve_AnyStop_ReturnsTheBestPointSeen(StepRule rule)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([400, 30, 5, 1, 1, 1], 40, 60);
        for (int limit = 1; limit <= 40; limit++)
        {
            // A step far too long for the constant rule: its values go up and down.
            LayerPeeledSolution solution = new ProjectedGradientSolver(new()
            {
                StepRule = rule,
                MaxIterations = limit,
                RecordTrace = true,
                LipschitzConstant = 1e-4,
                Restart = MomentumRestart.Never,
            }).Solve(model);
            Assert.Equal(SolverStatus.IterationLimit, solution.Status);
            Assert.Equal(limit, solution.Iterations);
            Assert.True(solution.Objective <= solution.Trace.Min(r => r.Objective) * (1 + Roundoff));
        }
    }

    [Fact]
    public void Solve_Armijo_DecreasesInEveryIteration()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([40, 9, 3, 1], 2, 8);
        LayerPeeledSolution solution = new ProjectedGradientSolver(new() { StepRule = StepRule.Armijo, RecordTrace = true }).Solve(model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.All(solution.Trace.Zip(solution.Trace.Skip(1)), pair => Assert.True(pair.Second.Objective < pair.First.Objective));
    }

    [Fact]
    public void Solve_ConstantStepsOfTheBound_NeverIncrease()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([40, 9, 3, 1], 2, 8);
        LayerPeeledSolution solution = new ProjectedGradientSolver(new() { StepRule = StepRule.Constant, RecordTrace = true, MaxIterations = 2000 }).Solve(model);
        Assert.All(solution.Trace.Zip(solution.Trace.Skip(1)), pair => Assert.True(pair.Second.Objective <= pair.First.Objective * (1 + Roundoff)));
    }

    [Theory]
    [InlineData(StepRule.Armijo, SolverStatus.Stalled)]
    [InlineData(StepRule.BarzilaiBorwein, SolverStatus.Stationary)]
    [InlineData(StepRule.Nesterov, SolverStatus.Stalled)]
    public void Solve_DimensionBelowRank_StopsAtStationaryPointWithOpenCertificate(StepRule rule, SolverStatus status)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(3, 10), new(3, 1)], 1, 5, 2);
        LayerPeeledSolution solution = new ProjectedGradientSolver(new() { StepRule = rule, RecordTrace = true }).Solve(model);
        Assert.Equal(status, solution.Status);
        Assert.True(solution.Certificate.RelativeGap > 0.01);
        Assert.Equal(2, solution.Classifier.ColumnCount);
        // Values stop to change before the gradient does: to the root of roundoff.
        Assert.True(solution.Trace[^1].Stationarity < 1e-6);
        Assert.Equal(solution.Trace.Min(r => r.Objective), solution.Objective, solution.Objective * Roundoff);
    }

    [Theory]
    [InlineData(FactorizedLevel.ClassMeans)]
    [InlineData(FactorizedLevel.SampleLevel)]
    public void Solve_ClassWithoutExamples_HasNoFeatures(FactorizedLevel level)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(5, 10), new(3, 0)], 1, 5);
        LayerPeeledSolution solution = new ProjectedGradientSolver(new() { Level = level }).Solve(model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assertions.Near(new ReducedSolver().Solve(model).EnsureOptimal().Objective, solution.Objective, SolverTolerance);
        Assert.All(Enumerable.Range(5, 3), k => Assert.Equal(0, solution.ClassMeans.Column(k).L2Norm()));
    }

    [Fact]
    public void Solve_StartWithFeaturesOfAClassWithoutExamples_WastesNoBudgetInTheEnd()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(4, 10), new(1, 0)], 1, 5);
        FactorizedProgram program = FactorizedProgram.ClassMeans(model);
        FactorizedPoint random = program.RandomPoint(0);
        Matrix<double> features = random.Features;
        features.SetColumn(4, [3.0, 0, 0, 0, 0]);
        LayerPeeledSolution solution = new ProjectedGradientSolver().Solve(program, new FactorizedPoint(random.Classifier, features));
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.True(solution.ClassMeans.Column(4).L2Norm() < 1e-2);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Solve_GivenStart_ProjectsItAndLeavesItAlone(StepRule rule)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([6, 2, 1], 1, 4);
        FactorizedProgram program = FactorizedProgram.SampleLevel(model);
        FactorizedPoint random = program.RandomPoint(3);
        Matrix<double> classifier = random.Classifier * 5, features = random.Features * 3, before = features.Clone();
        var start = new FactorizedPoint(classifier, features);
        LayerPeeledSolution none = new ProjectedGradientSolver(new() { StepRule = rule }).Solve(program, start, null, new CancellationToken(canceled: true));
        Assert.Equal(SolverStatus.Cancelled, none.Status);
        Assert.Equal(program.Project(start).Features, none.SampleFeatures);
        new ProjectedGradientSolver(new() { StepRule = rule, MaxIterations = 50 }).Solve(program, start);
        Assert.Equal(before, features);
        Assert.Equal(before, start.Features);
        Assert.Equal(random.Classifier * 5, start.Classifier);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Solve_StartAtTheOptimum_IsOptimalAtOnce(StepRule rule)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(5, 3)], 1, 5);
        var options = new ProjectedGradientOptions { StepRule = rule, Start = ProjectedGradientStart.SimplexEtf };
        LayerPeeledSolution solution = new ProjectedGradientSolver(options).Solve(model);
        Assert.Equal((SolverStatus.Optimal, 0), (solution.Status, solution.Iterations));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Solve_StartAtTheOrigin_IsStationaryWithOpenCertificate(StepRule rule)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([3, 2], 1, 5);
        var origin = new FactorizedPoint(Matrix<double>.Build.Dense(2, 2), Matrix<double>.Build.Dense(2, 2));
        LayerPeeledSolution solution = new ProjectedGradientSolver(new() { StepRule = rule }).Solve(FactorizedProgram.ClassMeans(model), origin);
        Assert.Equal(SolverStatus.Stationary, solution.Status);
        Assertions.Near(Math.Log(2), solution.Objective, Roundoff);
        Assert.True(solution.Certificate.RelativeGap > 0.1);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Solve_Twice_GivesTheSameBits(StepRule rule)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([20, 5, 1], 1, 4);
        var solver = new ProjectedGradientSolver(new() { StepRule = rule, Level = FactorizedLevel.SampleLevel, MaxIterations = 500 });
        LayerPeeledSolution first = solver.Solve(model), second = solver.Solve(model);
        Assert.Equal(first.Iterations, second.Iterations);
        Assert.Equal(first.Classifier, second.Classifier);
        Assert.Equal(first.SampleFeatures, second.SampleFeatures);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Solve_CancelledUnderWay_ReturnsCertifiedPoint(StepRule rule)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([20, 5, 1], 1, 4);
        using var source = new CancellationTokenSource();
        var progress = new Recorder(report =>
        {
            if (report.Iteration == 5)
            {
                source.Cancel();
            }
        });
        LayerPeeledSolution solution = new ProjectedGradientSolver(new() { StepRule = rule }).Solve(model, progress, source.Token);
        Assert.Equal((SolverStatus.Cancelled, 5), (solution.Status, solution.Iterations));
        Assert.True(solution.Certificate.RelativeGap > solution.RelativeGapTolerance && solution.Certificate.LowerBound < solution.Objective);
        Assert.True(solution.Objective < FactorizedProgram.ClassMeans(model).Value(FactorizedProgram.ClassMeans(model).RandomPoint(0)));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Solve_TimeRunsOut_SaysSo(StepRule rule)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([20, 5, 1], 1, 4);
        var options = new ProjectedGradientOptions { StepRule = rule, TimeLimit = TimeSpan.FromSeconds(30), Clock = new TickingClock(), RelativeGapTolerance = 0 };
        LayerPeeledSolution solution = new ProjectedGradientSolver(options).Solve(model);
        Assert.Equal(SolverStatus.TimeLimit, solution.Status);
        Assert.InRange(solution.Iterations, 1, 30);
    }

    [Fact]
    public void Solve_LossThatMayVanish_IsMinimisedInItsOwnUnits()
    {
        ReferenceCase expected = ReferenceCases.All[IndexOf(5, 5, 2)];
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(5, 2), new(5, 1)], 1, 5, loss: new PlainLoss());
        foreach (StepRule rule in new[] { StepRule.Armijo, StepRule.BarzilaiBorwein, StepRule.Nesterov })
        {
            LayerPeeledSolution solution = new ProjectedGradientSolver(new() { StepRule = rule, RelativeGapTolerance = 1e-6 }).Solve(model);
            Assertions.Near(expected.Objective, solution.Objective, SolverTolerance);
        }
    }

    [Fact]
    public void Solve_ConstantStepsOfAnotherLoss_NeedALipschitzConstant()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([2, 1], 1, 5, loss: new PlainLoss());
        Assert.Throws<ArgumentException>(() => new ProjectedGradientSolver(new() { StepRule = StepRule.Constant }).Solve(model));
        LayerPeeledSolution solution = new ProjectedGradientSolver(new() { StepRule = StepRule.Constant, LipschitzConstant = 20 }).Solve(model);
        Assert.True(solution.Objective < Math.Log(2));
    }

    [Fact]
    public void Solve_WrongArguments_Throws()
    {
        LayerPeeledModel narrow = LayerPeeledModel.FromClassCounts([3, 2, 1, 1], 1, 5, featureDimension: 2);
        Assert.Throws<ArgumentException>(() => new ProjectedGradientSolver(new() { Start = ProjectedGradientStart.SimplexEtf }).Solve(narrow));
        Assert.Throws<ArgumentException>(() => new ProjectedGradientSolver(new() { Level = FactorizedLevel.SampleLevel })
            .Solve(LayerPeeledModel.FromClassCounts([3, 1.5], 1, 5)));
        FactorizedProgram program = FactorizedProgram.ClassMeans(narrow);
        FactorizedPoint other = FactorizedProgram.SampleLevel(narrow).RandomPoint(0);
        Assert.Throws<ArgumentException>(() => new ProjectedGradientSolver().Solve(program, other));
        Assert.Throws<ArgumentNullException>(() => new ProjectedGradientSolver().Solve((FactorizedProgram)null!, null));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void Options_OutOfRange_Throw(double bad)
    {
        Assert.Throws<ArgumentOutOfRangeException>("LipschitzConstant", () => new ProjectedGradientOptions { LipschitzConstant = bad });
        Assert.Throws<ArgumentOutOfRangeException>("InitialStep", () => new ProjectedGradientOptions { InitialStep = bad });
        Assert.Throws<ArgumentOutOfRangeException>("StepGrowth", () => new ProjectedGradientOptions { StepGrowth = bad });
        Assert.Throws<ArgumentOutOfRangeException>("StepReduction", () => new ProjectedGradientOptions { StepReduction = bad });
        Assert.Throws<ArgumentOutOfRangeException>("SufficientDecrease", () => new ProjectedGradientOptions { SufficientDecrease = bad == 0 ? 2 : bad });
        Assert.Throws<ArgumentOutOfRangeException>("Memory", () => new ProjectedGradientOptions { Memory = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("MaxBacktracks", () => new ProjectedGradientOptions { MaxBacktracks = 0 });
    }

    private static int IndexOf(int majority, int minority, double ratio) => Enumerable.Range(0, ReferenceCases.All.Count).First(i =>
        ReferenceCases.All[i] is { ClassifierBudget: 1, FeatureBudget: 5 } c && (c.Majority, c.Minority, c.Ratio) == (majority, minority, ratio));

    private static void AssertReference(int index, ProjectedGradientOptions options)
    {
        ReferenceCase expected = ReferenceCases.All[index];
        LayerPeeledSolution solution = new ProjectedGradientSolver(options).Solve(expected.Model());
        Assert.True(SolverStatus.Optimal == solution.Status, $"{expected}: {solution.Status}, gap {solution.Certificate.RelativeGap:g3}");
        Assert.True(solution.Certificate.RelativeGap <= SolverTolerance);
        Assert.True(solution.Certificate.LowerBound <= expected.Objective);
        Assertions.Near(expected.Objective, solution.Objective, SolverTolerance);
    }

    // Within-class share of Σ a_k‖h‖²
    private static double Variability(FactorizedProgram program, Matrix<double> features)
    {
        double within = 0, total = 0;
        Matrix<double> means = program.MeansOf(new FactorizedPoint(Matrix<double>.Build.Dense(program.Model.ClassCount, features.RowCount), features));
        for (int k = 0; k < program.Model.ClassCount; k++)
        {
            (int first, int count) = program.ColumnsOf(k);
            for (int c = first; c < first + count; c++)
            {
                within += Math.Pow((features.Column(c) - means.Column(k)).L2Norm(), 2) / count;
                total += Math.Pow(features.Column(c).L2Norm(), 2) / count;
            }
        }

        return within / total;
    }

    private sealed class Recorder(Action<IterationReport> action) : IProgress<IterationReport>
    {
        public void Report(IterationReport value) => action(value);
    }

    /// <summary>A second passes with every look at the clock.</summary>
    private sealed class TickingClock : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => ticks++;
    }
}
