using LayerPeeled.Solver.Analysis.Dynamics;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis.Dynamics;

public sealed class GradientFlowTests
{
    private const double Roundoff = 1e-12;

    // Local errors of the tolerance, summed and amplified along the run
    private const double GlobalError = 1e-6;

    // The same in log t, which grows with the margin, with what the cubics between the steps are off
    private const double TimeError = 1e-5;

    // The direction is off by the inverse of the margin at which a run ends.
    private const double Unconverged = 0.01;

    private static FactorizedProgram Means(int classes, int dimension) =>
        FactorizedProgram.ClassMeans(LayerPeeledModel.FromClassGroups([new(classes, 1)], 1, 1, dimension));

    private static FactorizedPoint Etf(int classes, double margin)
    {
        // z_kk − z_jk = a²·K/(K − 1)
        Matrix<double> frame = SimplexEtf.Frame(classes, classes) * Math.Sqrt(margin * (classes - 1) / classes);
        return new FactorizedPoint(frame, frame.Transpose());
    }

    // With margin m on the ray of the ETF ½‖x‖² = (K − 1)·m and d(½‖x‖²)/dt = −2⟨G, Z⟩ = 2·m·q, q = −f'(m): dt/dm = (K − 1)/(2·m·q). Simpson's rule in log m.
    private static (double Time, double LossTime) OnTheRay(int classes, double from, double to)
    {
        const int Cells = 4000;
        double width = Math.Log(to / from) / Cells, time = 0, lossTime = 0;
        for (int i = 0; i <= Cells; i++)
        {
            double m = from * Math.Exp(i * width), others = (classes - 1) * Math.Exp(-m), weight = (i is 0 or Cells ? 1 : i % 2 == 1 ? 4 : 2) * width / 3;
            double rate = (classes - 1) / (2 * (others / (1 + others)));
            time += weight * rate;
            lossTime += weight * rate * LogOnePlus(others);
        }

        return (time, lossTime);
    }

    // Kahan's correction of the rounding in 1 + x
    private static double LogOnePlus(double x) => 1 + x == 1 ? x : Math.Log(1 + x) * (x / (1 + x - 1));

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_FromTheEtf_KeepsTheTimesOfTheClosedForm(int classes)
    {
        const double First = 0.05;
        var options = new GradientFlowOptions { Tolerance = 1e-9, FinalLogLoss = -25 };
        Trajectory run = GradientFlow.Run(Means(classes, classes), options, Etf(classes, First));
        Assert.Equal(TrajectoryEnd.LossReached, run.End);
        Assert.True(run.Records.Count > 20);
        Assert.Equal(double.NegativeInfinity, run.Records[0].LogTime);
        foreach (TrajectoryRecord record in run.Records.Skip(1))
        {
            (double time, double lossTime) = OnTheRay(classes, First, record.Margin);
            Assertions.Within(Math.Log(time), record.LogTime, TimeError, "log t");
            Assertions.Near(lossTime, record.LossTime, GlobalError, "τ");
            Assertions.Within(Math.Log(LogOnePlus((classes - 1) * Math.Exp(-record.Margin))), record.LogObjective, GlobalError, "log f");
            Assertions.Within(0, record.EtfDeviation, GlobalError, "deviation from the ETF");
            Assertions.Near(0.5 / (classes - 1), record.NormalisedMargin, GlobalError, "normalised margin");
        }
    }

    [Fact]
    public void Run_LossFarBelowDoubles_IsKnownByItsLogarithm()
    {
        var options = new GradientFlowOptions { FinalLogLoss = -1500 };
        Trajectory run = GradientFlow.Run(Means(4, 4), options, Etf(4, 1400));
        foreach (TrajectoryRecord record in run.Records)
        {
            // Once integrated, margins differ by the tolerance times their size.
            Assertions.Near(Math.Log(3) - record.Margin, record.LogObjective, record.Step == 0 ? Roundoff : 10 * options.Tolerance, "log f");
            Assert.Equal(0, record.Objective);
        }

        Assert.True(run.Records[^1].LogTime > 1400);
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(1, 4)]
    public void Run_BalancedFromSmallRandomNumbers_TendsToTheSimplexEtf(int seed, int dimension)
    {
        FactorizedProgram program = Means(5, dimension);
        var target = TrajectoryTarget.MaxMargin(program);
        Trajectory run = GradientFlow.Run(program, new GradientFlowOptions { Seed = seed, FinalLogLoss = -2000, Target = target });
        Assert.Equal(TrajectoryEnd.LossReached, run.End);
        TrajectoryRecord first = run.Records[0], last = run.Records[^1];
        Assertions.Near(0.1 * 0.1, first.ClassifierNorm2, Roundoff);
        Assertions.Near(0.1 * 0.1, first.FeatureNorm2, Roundoff);
        Assert.True(first.EtfDeviation > 0.1);
        Assert.InRange(last.EtfDeviation, 0, Unconverged);
        Assert.InRange(last.ClassifierDistance, 0, Unconverged);
        Assert.InRange(last.MeanDistance, 0, Unconverged);
        Assert.InRange(last.DualityDistance, 0, Unconverged);
        Assert.InRange(last.ClassifierCosines.Minimum, -0.25 - Unconverged, -0.25);
        Assert.InRange(last.ClassifierCosines.Maximum, -0.25, -0.25 + Unconverged);
        Assert.Equal(last.ClassifierCosines, last.Groups.Single().ClassifierCosines);
        Assert.InRange(last.NormalisedMargin, (1 - Unconverged) / 8, 1.0 / 8);
        AssertBounded(run, target);
    }

    [Fact]
    public void Run_ImbalancedSamples_TendsToTheGeometryOfTheLargestMargin()
    {
        FactorizedProgram program = FactorizedProgram.SampleLevel(LayerPeeledModel.FromClassCounts([9, 9, 2, 2], 1, 1, featureDimension: 5));
        var target = TrajectoryTarget.MaxMargin(program);
        Trajectory run = GradientFlow.Run(program, new GradientFlowOptions { FinalLogLoss = -3000, Tolerance = 1e-5, Target = target });
        TrajectoryRecord last = run.Records[^1];
        Assert.InRange(last.ClassifierDistance, 0, Unconverged);
        Assert.InRange(last.MeanDistance, 0, Unconverged);
        Assert.InRange(last.Variability, 0, 1e-4);
        Assert.True(run.Records[0].Variability > 0.1);
        // No simplex ETF: the limit of these counts is another one.
        Assert.True(last.ClassifierFrameDeviation > 0.1);
        Assert.Equal(2, last.Groups.Count);
        Assert.True(last.Groups[0].ClassifierCosines.Mean < last.Groups[1].ClassifierCosines.Mean);
        AssertBounded(run, target);
    }

    [Fact]
    public void Run_Flow_KeepsWhatGradientFlowConserves()
    {
        FactorizedProgram program = Means(4, 6);
        FactorizedPoint start = RandomPoint(4, 6, seed: 3);
        Trajectory run = GradientFlow.Run(program, new GradientFlowOptions { Tolerance = 1e-8, FinalLogLoss = -20 }, start);
        double drift = (Difference(run.Last) - Difference(start)).FrobeniusNorm();
        Assertions.Within(0, drift, GlobalError * Difference(start).FrobeniusNorm(), "WᵀW − HHᵀ");
        // Every column of ∇f in the logits adds up to zero.
        Assertions.Within(0, (run.Last.Classifier.ColumnSums() - start.Classifier.ColumnSums()).L2Norm(), Roundoff * run.Last.Classifier.FrobeniusNorm(), "Σ_k w_k");
        Assertions.Near(Difference(start).FrobeniusNorm(), run.Records[0].Imbalance, Roundoff);
        Assertions.Near(Difference(run.Last).FrobeniusNorm(), run.Records[^1].Imbalance, Roundoff);

        static Matrix<double> Difference(FactorizedPoint point) =>
            point.Classifier.TransposeThisAndMultiply(point.Classifier) - point.Features.TransposeAndMultiply(point.Features);
    }

    [Fact]
    public void Run_SmallerTolerance_SmallerErrorInTheTime()
    {
        double coarse = Error(1e-3), middle = Error(1e-5), fine = Error(1e-8);
        Assert.True(middle < coarse / 5 && fine < middle / 50, FormattableString.Invariant($"{coarse:g3}, {middle:g3}, {fine:g3}"));

        static double Error(double tolerance)
        {
            Trajectory run = GradientFlow.Run(Means(3, 3), new GradientFlowOptions { Tolerance = tolerance, FinalLogLoss = -5 }, Etf(3, 0.05));
            return Math.Abs(Math.Log(OnTheRay(3, 0.05, run.Records[^1].Margin).Time) - run.Records[^1].LogTime);
        }
    }

    [Fact]
    public void Run_DescentOneStep_IsTheGradientStep()
    {
        FactorizedProgram program = FactorizedProgram.SampleLevel(LayerPeeledModel.FromClassCounts([3, 2, 1], 1, 1, featureDimension: 4));
        var start = new FactorizedPoint(Matrix<double>.Build.Random(3, 4, 1), Matrix<double>.Build.Random(4, 6, 2));
        double value = program.Gradient(start, out FactorizedPoint gradient);
        Trajectory run = GradientFlow.Run(program, new GradientFlowOptions { Rule = FlowRule.Descent, StepSize = 0.7, MaxSteps = 1 }, start);
        Assert.Equal(TrajectoryEnd.StepLimit, run.End);
        Assert.True((run.Last.Classifier - (start.Classifier - (0.7 * gradient.Classifier))).FrobeniusNorm() < Roundoff);
        Assert.True((run.Last.Features - (start.Features - (0.7 * gradient.Features))).FrobeniusNorm() < Roundoff);
        Assertions.Near(value, run.Records[0].Objective, Roundoff);
        Assertions.Near(Math.Log(0.7), run.Records[1].LogTime, Roundoff);
        Assertions.Near(0.7 * value, run.Records[1].LossTime, Roundoff);
    }

    [Fact]
    public void Run_DescentWithShortSteps_FollowsTheFlow()
    {
        // From the ETF, where the flow is known in closed form, to time 4
        const double First = 0.5, Eta = 1e-3;
        var options = new GradientFlowOptions { Rule = FlowRule.Descent, StepSize = Eta, MaxSteps = 4000, RecordsPerDecade = 2 };
        TrajectoryRecord last = GradientFlow.Run(Means(3, 3), options, Etf(3, First)).Records[^1];
        // Errors of Euler's method are of the order of η.
        Assertions.Near(4, OnTheRay(3, First, last.Margin).Time, Eta, "t");
        Assertions.Near(OnTheRay(3, First, last.Margin).LossTime, last.LossTime, Eta, "τ");
    }

    [Fact]
    public void Run_Records_AreLogarithmicallySpacedAndReported()
    {
        var reported = new List<TrajectoryRecord>();
        var options = new GradientFlowOptions { Rule = FlowRule.Descent, MaxSteps = 1234, RecordsPerDecade = 2 };
        Trajectory run = GradientFlow.Run(Means(3, 3), options, progress: new Collector(reported.Add));
        Assert.Equal([0, 1, 4, 10, 32, 100, 317, 1000, 1234], run.Records.Select(record => record.Step));
        Assert.Equal(run.Records, reported);
    }

    [Fact]
    public void Run_AtTheOrigin_StaysThere()
    {
        var zero = new FactorizedPoint(Matrix<double>.Build.Dense(3, 3), Matrix<double>.Build.Dense(3, 3));
        foreach (FlowRule rule in Enum.GetValues<FlowRule>())
        {
            Trajectory run = GradientFlow.Run(Means(3, 3), new GradientFlowOptions { Rule = rule }, zero);
            Assert.Equal(TrajectoryEnd.NumericalLimit, run.End);
            TrajectoryRecord only = Assert.Single(run.Records);
            Assertions.Near(Math.Log(3), only.Objective, Roundoff);
            Assert.Equal(0, only.Margin);
            Assert.True(double.IsNaN(only.ClassifierCosines.Mean) && double.IsNaN(only.NormalisedMargin) && double.IsNaN(only.EtfDeviation));
        }
    }

    [Fact]
    public void Run_DescentThatDiverges_EndsAtItsLastFinitePoint()
    {
        Trajectory run = GradientFlow.Run(Means(3, 3), new GradientFlowOptions { Rule = FlowRule.Descent, StepSize = 1e200, StartNorm = 1 });
        Assert.Equal(TrajectoryEnd.NumericalLimit, run.End);
        Assert.True(double.IsFinite(run.Records[^1].LogObjective));
    }

    [Fact]
    public void Run_Cancelled_ReturnsWhatThereIs()
    {
        using var source = new CancellationTokenSource();
        var seen = new List<TrajectoryRecord>();
        Trajectory run = GradientFlow.Run(Means(3, 3), progress: new Collector(record =>
        {
            seen.Add(record);
            if (record.Step == 7)
            {
                source.Cancel();
            }
        }), cancellationToken: source.Token);
        Assert.Equal(TrajectoryEnd.Cancelled, run.End);
        Assert.Equal(7, run.Records[^1].Step);
        Assert.Equal(run.Records[^1].ClassifierNorm2, Math.Pow(run.Last.Classifier.FrobeniusNorm(), 2), Roundoff);
    }

    [Fact]
    public void Run_SameSeed_SameRun()
    {
        var options = new GradientFlowOptions { Seed = 4, MaxSteps = 50 };
        Assert.Equal(
            GradientFlow.Run(Means(4, 4), options).Records.Select(record => record.LogObjective),
            GradientFlow.Run(Means(4, 4), options).Records.Select(record => record.LogObjective));
    }

    [Fact]
    public void Run_CallersMistakes_AreNamed()
    {
        Assert.Contains("squared-error", Refusal(LayerPeeledModel.FromClassCounts([2, 2], 0.1, 0.1, loss: SquaredErrorLoss.Instance)), StringComparison.Ordinal);
        Assert.Contains("Class 1 has no loss", Refusal(LayerPeeledModel.FromClassCounts([2, 0, 2], 1, 1)), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("point", () => GradientFlow.Run(Means(3, 3), start: Etf(4, 1)));
        Assert.Throws<ArgumentException>("target", () => GradientFlow.Run(Means(3, 3), new GradientFlowOptions { Target = TrajectoryTarget.MaxMargin(Means(4, 4)) }));
        Assert.Contains(
            "memory budget of 1E-06 GB",
            Assert.Throws<ArgumentException>("program", () => GradientFlow.Run(Means(3, 3), new GradientFlowOptions { MemoryBudget = 1000 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientFlowOptions { MemoryBudget = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientFlowOptions { Tolerance = 1e-14 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientFlowOptions { FinalLogLoss = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientFlowOptions { StepSize = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientFlowOptions { RecordsPerDecade = 0 });

        static string Refusal(LayerPeeledModel model) => Assert.Throws<ArgumentException>(() => GradientFlow.Run(FactorizedProgram.ClassMeans(model))).Message;
    }

    private static FactorizedPoint RandomPoint(int classes, int dimension, int seed) =>
        new(Matrix<double>.Build.Random(classes, dimension, seed), Matrix<double>.Build.Random(dimension, classes, seed + 1));

    // No point whatsoever has a larger normalised margin: it is the optimum of a convex program.
    private static void AssertBounded(Trajectory run, TrajectoryTarget target) =>
        Assert.All(run.Records, record => Assert.True(record.NormalisedMargin <= target.NormalisedMargin * (1 + Roundoff)));

    private sealed class Collector(Action<TrajectoryRecord> see) : IProgress<TrajectoryRecord>
    {
        public void Report(TrajectoryRecord value) => see(value);
    }
}
