using LayerPeeled.Solver.Analysis.Dynamics;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis.Dynamics;

public sealed class ProjectedGradientTrajectoryTests
{
    private const double Roundoff = 1e-11;

    // Geometry at a relative gap of 1e-6 is off by its square root, times a condition number.
    private const double FromTheGap = 0.02;

    private static readonly LayerPeeledModel Model = LayerPeeledModel.FromClassCounts([20, 20, 5, 5], 1, 4, featureDimension: 8);

    [Fact]
    public void Run_SampleLevel_CollapsesAndReachesTheOptimum()
    {
        var optimum = new ReducedSolver().Solve(Model);
        var options = new TrajectoryOptions { Target = TrajectoryTarget.Of(optimum) };
        Trajectory run = ProjectedGradientTrajectory.Run(FactorizedProgram.SampleLevel(Model), options: options);
        Assert.Equal(TrajectoryEnd.MethodEnded, run.End);
        Assert.Equal(SolverStatus.Optimal, run.Solution!.Status);
        TrajectoryRecord first = run.Records[0], last = run.Records[^1];
        Assert.Equal(0, first.Step);
        Assert.Equal(run.Solution.Iterations, last.Step);
        Assert.True(first.Variability > 1 && first.RelativeGap > 0.1 && first.ClassifierDistance > 0.1 && first.MeanDistance > 0.1);
        Assert.InRange(last.Variability, 0, 1e-4);
        Assert.InRange(last.RelativeGap, 0, 2e-6);
        Assert.InRange(last.ClassifierDistance, 0, FromTheGap);
        Assert.InRange(last.MeanDistance, 0, FromTheGap);
        Assert.True(last.Stationarity < first.Stationarity);
        Assert.True(double.IsNaN(last.LogTime) && double.IsNaN(last.LossTime));
        Assert.All(run.Records, record =>
        {
            Assert.True(record.Objective >= optimum.Certificate.LowerBound);
            Assert.True(record.ClassifierNorm2 <= 4 * (1 + Roundoff));
            Assert.True(record.RelativeGap >= 0);
        });
        for (int g = 0; g < 2; g++)
        {
            Assertions.Within(optimum.Groups[g].ClassifierCosine, last.Groups[g].ClassifierCosines.Mean, FromTheGap, "cosine");
        }
    }

    [Fact]
    public void Run_Records_AreThePointsThemselves()
    {
        FactorizedProgram program = FactorizedProgram.SampleLevel(Model);
        Trajectory run = ProjectedGradientTrajectory.Run(program, new ProjectedGradientOptions { MaxIterations = 13 });
        Assert.Equal(TrajectoryEnd.StepLimit, run.End);
        TrajectoryRecord last = run.Records[^1];
        Assert.Equal(13, last.Step);
        Assertions.Near(program.Value(run.Last), last.Objective, Roundoff);
        Assertions.Near(DualityGap.Certify(program.ToGroupedFactors(run.Last)).RelativeGap, last.RelativeGap, 1e-6);
        Matrix<double> logits = run.Last.Classifier * run.Last.Features;
        double margin = double.PositiveInfinity;
        for (int k = 0; k < 4; k++)
        {
            (int first, int count) = program.ColumnsOf(k);
            for (int c = first; c < first + count; c++)
            {
                margin = Math.Min(margin, logits[k, c] - Enumerable.Range(0, 4).Where(j => j != k).Max(j => logits[j, c]));
            }
        }

        Assertions.Within(margin, last.Margin, Roundoff);
    }

    [Theory]
    [InlineData(StepRule.Constant)]
    [InlineData(StepRule.Armijo)]
    [InlineData(StepRule.BarzilaiBorwein)]
    [InlineData(StepRule.Nesterov)]
    public void Run_EveryStepRule_TakesTheStepsOfTheSolver(StepRule rule)
    {
        var options = new ProjectedGradientOptions { StepRule = rule, MaxIterations = 30, Metric = ProjectedGradientMetric.Budgets };
        FactorizedProgram program = FactorizedProgram.SampleLevel(Model);
        LayerPeeledSolution plain = new ProjectedGradientSolver(options).Solve(program);
        Trajectory run = ProjectedGradientTrajectory.Run(program, options);
        Assert.Equal(plain.Objective, run.Solution!.Objective);
        Assert.Equal(plain.Iterations, run.Records[^1].Step);
        // In true units whatever those of the steps are: budgets are tight.
        Assertions.Near(4, run.Records[^1].ClassifierNorm2, Roundoff);
        Assertions.Near(program.Value(run.Last), run.Records[^1].Objective, Roundoff);
    }

    [Fact]
    public void Run_GivenStart_BeginsThere()
    {
        FactorizedProgram program = FactorizedProgram.ClassMeans(Model);
        FactorizedPoint start = program.RandomPoint(8);
        Trajectory run = ProjectedGradientTrajectory.Run(program, new ProjectedGradientOptions { MaxIterations = 1 }, start: start);
        Assertions.Near(program.Value(start), run.Records[0].Objective, Roundoff);
        Assert.Equal([0, 1], run.Records.Select(record => record.Step));
        Assert.All(run.Records, record => Assert.Equal(0, record.Variability));
    }

    [Fact]
    public void Run_Cancelled_ReturnsWhatThereIs()
    {
        using var source = new CancellationTokenSource();
        Trajectory run = ProjectedGradientTrajectory.Run(
            FactorizedProgram.SampleLevel(Model), progress: new Stop(source), cancellationToken: source.Token);
        Assert.Equal(TrajectoryEnd.Cancelled, run.End);
        Assert.Equal(SolverStatus.Cancelled, run.Solution!.Status);
        Assert.Equal(5, run.Records[^1].Step);
    }

    [Fact]
    public void Run_ClassWithoutExamples_IsRefused() => Assert.Throws<ArgumentException>(
        "program", () => ProjectedGradientTrajectory.Run(FactorizedProgram.SampleLevel(LayerPeeledModel.FromClassCounts([3, 0], 1, 1))));

    private sealed class Stop(CancellationTokenSource source) : IProgress<TrajectoryRecord>
    {
        public void Report(TrajectoryRecord value)
        {
            if (value.Step == 5)
            {
                source.Cancel();
            }
        }
    }
}
