using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Solvers.ProjectedGradient;

public sealed class FusedRunTests
{
    // Roundoff of single steps, amplified over the iterations.
    private const double Drift = 1e-9;
    private const double Roundoff = 1e-12;

    public static TheoryData<StepRule, ProjectedGradientMetric, int> Cases
    {
        get
        {
            var cases = new TheoryData<StepRule, ProjectedGradientMetric, int>();
            foreach (StepRule rule in new[] { StepRule.BarzilaiBorwein, StepRule.Constant })
            {
                foreach (ProjectedGradientMetric metric in Enum.GetValues<ProjectedGradientMetric>())
                {
                    // p below, at and above whole vectors, and long enough for several steps in the history
                    cases.Add(rule, metric, 3);
                    cases.Add(rule, metric, 16);
                    cases.Add(rule, metric, 203);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Solve_FusedPasses_TakesTheSameSteps(StepRule rule, ProjectedGradientMetric metric, int dimension) =>
        AssertSameSteps(rule, metric, LayerPeeledModel.FromClassCounts([120, 57, 0, 33, 8, 1], 1, 4, featureDimension: dimension));

    [Theory]
    [InlineData(new double[] { 90, 41 })]
    [InlineData(new double[] { 40, 30, 20, 10, 5, 5, 5, 4, 3, 2, 1, 1, 1 })]
    public void Solve_FusedPassesAnyNumberOfClasses_TakesTheSameSteps(double[] counts) =>
        AssertSameSteps(StepRule.BarzilaiBorwein, ProjectedGradientMetric.Euclidean, LayerPeeledModel.FromClassCounts(counts, 1, 4, featureDimension: 70));

    [Fact]
    public void Solve_FusedPassesClassWithoutLossWeight_TakesTheSameSteps() =>
        AssertSameSteps(
            StepRule.BarzilaiBorwein, ProjectedGradientMetric.Euclidean,
            LayerPeeledModel.FromClassCounts([50, 41, 7], 1, 4, lossWeights: [1, 0, 2], featureDimension: 33));

    [Fact]
    public void Solve_FusedPassesLossOfOneExampleAtATime_TakesTheSameSteps() =>
        AssertSameSteps(
            StepRule.BarzilaiBorwein, ProjectedGradientMetric.Euclidean,
            LayerPeeledModel.FromClassCounts([50, 41, 7], 1, 4, featureDimension: 33, loss: new PlainLoss()));

    private static void AssertSameSteps(StepRule rule, ProjectedGradientMetric metric, LayerPeeledModel model)
    {
        FactorizedProgram program = FactorizedProgram.SampleLevel(model);
        var options = new ProjectedGradientOptions
        {
            StepRule = rule,
            Metric = metric,
            MaxIterations = 30,
            RecordTrace = true,
            LipschitzConstant = rule == StepRule.Constant ? 0.02 : null,
        };
        LayerPeeledSolution plain = new ProjectedGradientSolver(options with { FusedLength = long.MaxValue }).Solve(program);
        LayerPeeledSolution fused = new ProjectedGradientSolver(options with { FusedLength = 0 }).Solve(program);
        Assert.Equal((plain.Status, plain.Iterations), (fused.Status, fused.Iterations));
        for (int i = 0; i < plain.Iterations; i++)
        {
            Assertions.Near(plain.Trace[i].Objective, fused.Trace[i].Objective, Drift);
            Assertions.Near(plain.Trace[i].Stationarity, fused.Trace[i].Stationarity, 1e3 * Drift);
        }

        Assertions.Within(0, Distance(plain.Classifier, fused.Classifier), Drift);
        Assertions.Within(0, Distance(plain.SampleFeatures!, fused.SampleFeatures!), Drift);
    }

    [Theory]
    [InlineData(StepRule.BarzilaiBorwein)]
    [InlineData(StepRule.Constant)]
    public void Solve_FusedPassesStoppedAnywhere_FeaturesBelongToTheBestPoint(StepRule rule)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([40, 30, 5, 1, 1, 1], 40, 60, featureDimension: 50);
        FactorizedProgram program = FactorizedProgram.SampleLevel(model);
        for (int limit = 1; limit <= 40; limit++)
        {
            // A step far too long for the constant rule: its values go up and down.
            LayerPeeledSolution solution = new ProjectedGradientSolver(new()
            {
                StepRule = rule,
                MaxIterations = limit,
                RecordTrace = true,
                LipschitzConstant = 1e-4,
                FusedLength = 0,
            }).Solve(program);
            Assert.Equal(SolverStatus.IterationLimit, solution.Status);
            var point = new FactorizedPoint(solution.Classifier, solution.SampleFeatures!);
            Assertions.Within(0, Distance(program.MeansOf(point), solution.ClassMeans), Roundoff);
            Assert.True(program.Value(point) <= solution.Trace.Min(r => r.Objective) * (1 + Drift));
            FactorizedPoint projected = program.Project(point);
            Assertions.Within(0, Distance(projected.Features, point.Features), Roundoff);
        }
    }

    [Theory]
    [InlineData(StepRule.BarzilaiBorwein)]
    [InlineData(StepRule.Constant)]
    public void Solve_AnyNumberOfThreads_SameBits(StepRule rule)
    {
        FactorizedProgram program = FactorizedProgram.SampleLevel(LayerPeeledModel.FromClassCounts([900, 300, 40, 7], 1, 4, featureDimension: 65));
        var solver = new ProjectedGradientSolver(new() { StepRule = rule, MaxIterations = 25, FusedLength = 0 });
        LayerPeeledSolution many = solver.Solve(program);
        using (LinearAlgebraProvider.LimitThreads(1))
        {
            LayerPeeledSolution one = solver.Solve(program);
            Assert.Equal(many.SampleFeatures, one.SampleFeatures);
            Assert.Equal(many.Objective, one.Objective);
        }
    }

    [Theory]
    [InlineData(ProjectedGradientMetric.Euclidean)]
    [InlineData(ProjectedGradientMetric.Budgets)]
    public void Solve_FusedPasses_CertifiesTheOptimumOfTheMeans(ProjectedGradientMetric metric)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([60, 30, 9, 3], 1, 4, featureDimension: 40);
        LayerPeeledSolution means = new ProjectedGradientSolver(new() { RelativeGapTolerance = 1e-9 }).Solve(model);
        var options = new ProjectedGradientOptions { Metric = metric, FusedLength = 0, RelativeGapTolerance = 1e-9, Level = FactorizedLevel.SampleLevel };
        LayerPeeledSolution samples = new ProjectedGradientSolver(options).Solve(model);
        Assert.Equal((SolverStatus.Optimal, SolverStatus.Optimal), (means.Status, samples.Status));
        Assertions.Near(means.Objective, samples.Objective, 2e-9);
    }

    [Theory]
    [InlineData(10, 40, 64, 1)]
    [InlineData(4, 100, 203, 3)]
    public void Iterate_ConstantSteps_ReadsTheFeaturesOnceAndWritesThemSeldom(int classes, int each, int dimension, int history)
    {
        FactorizedProgram program = FactorizedProgram.SampleLevel(LayerPeeledModel.FromClassGroups([new(classes, each)], 1, 4, dimension));
        var options = new ProjectedGradientOptions { StepRule = StepRule.Constant };
        var run = new FusedConstantRun(program, options, program.RandomPoint(0).Values.ToArray(), 0.1);
        var control = new IterationControl(options, CancellationToken.None);
        const int Iterations = 24;
        for (int i = 0; i < Iterations; i++)
        {
            run.Iterate(control);
        }

        // the first evaluation is the one more; the first passes have no steps to write
        (int reads, int writes) = run.History.Passes;
        Assert.Equal(Iterations + 1, reads + writes);
        Assert.Equal((Iterations - 1) / history, writes);
    }

    [Theory]
    [InlineData(FactorizedLevel.SampleLevel, StepRule.BarzilaiBorwein, true)]
    [InlineData(FactorizedLevel.SampleLevel, StepRule.Constant, true)]
    [InlineData(FactorizedLevel.SampleLevel, StepRule.Armijo, false)]
    [InlineData(FactorizedLevel.ClassMeans, StepRule.BarzilaiBorwein, false)]
    public void FusesPasses_LargeProgram_OnlyForSamplesAndRulesOfOnePass(FactorizedLevel level, StepRule rule, bool expected)
    {
        FactorizedProgram program = FactorizedProgram.At(LayerPeeledModel.FromClassGroups([new(600, 1)], 1, 4, 600), level);
        Assert.Equal(expected, new ProjectedGradientSolver(new() { StepRule = rule }).FusesPasses(program));
    }

    private static double Distance(Matrix<double> expected, Matrix<double> actual) => (expected - actual).FrobeniusNorm() / expected.FrobeniusNorm();
}
