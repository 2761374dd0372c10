using System.Numerics.Tensors;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Family.Rectified;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Family.Rectified;

public sealed class RectifiedSolverTests
{
    [Theory]
    [InlineData(new double[] { 40, 20, 6 }, 0.02, 0.0008, 3, FeatureNorm.PerSample)]
    [InlineData(new double[] { 40, 20, 6 }, 0.02, 0.0008, 12, FeatureNorm.PerSample)]
    [InlineData(new double[] { 50, 50, 50, 20, 20, 5 }, 0.004, 0.001, 9, FeatureNorm.PerSample)]
    [InlineData(new double[] { 50, 50, 50, 20, 20, 5 }, 0.004, 0.01, 9, FeatureNorm.PerClass)]
    public void Solve_EnoughDimensions_ReachesTheClosedForm(double[] counts, double classifier, double feature, int dimension, FeatureNorm norm)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, new Penalties(classifier, feature) { FeatureNorm = norm }, featureDimension: dimension);
        RectifiedSolution solution = new RectifiedSolver().Solve(model);
        RectifiedFrame frame = RectifiedFrame.Of(model);
        Assert.True(solution.Status == SolverStatus.Optimal, $"{solution.Status}, gap {solution.Certificate.RelativeGap}, {solution.Starts} starts");
        Assertions.Near(frame.Objective, solution.Objective, 1e-10);
        Assert.True(solution.ClassMeans.ForAll(x => x >= 0));
        Assertions.Within(0, GeometryDistance.Between(solution.Factors, frame.Factors).Largest, 1e-4);
        Assert.Equal(solution.Objective, RectifiedCertificate.Of(model, solution.Classifier, solution.ClassMeans).PrimalValue);
    }

    [Theory]
    [InlineData(0.3, 2, FeatureNorm.PerClass)]
    [InlineData(1, 30, FeatureNorm.PerClass)]
    [InlineData(0.3, 6, FeatureNorm.PerSample)]
    public void Solve_Budgets_ReachesTheClosedForm(double classifier, double feature, FeatureNorm norm)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([50, 50, 20, 20, 5], new Budgets(classifier, feature) { FeatureNorm = norm }, featureDimension: 7);
        RectifiedSolution solution = new RectifiedSolver(new RectifiedOptions { RelativeGapTolerance = 1e-9 }).Solve(model);
        RectifiedFrame frame = RectifiedFrame.Of(model);
        Assert.True(solution.Status == SolverStatus.Optimal, $"{solution.Status}, gap {solution.Certificate.RelativeGap}, {solution.Starts} starts");
        Assertions.Near(frame.Objective, solution.Objective, 1e-9);
        Assertions.Near(5 * classifier, solution.Factors.ClassifierNorm2(), 1e-12);
        Assertions.Near(5 * feature, solution.Factors.FeatureNorm2(), 1e-12);
        Assert.True(solution.ClassMeans.ForAll(x => x >= 0));
        Assertions.Within(0, GeometryDistance.Between(solution.Factors, frame.Factors).Largest, 1e-3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Evaluate_AnyPoint_HasTheSlopesOfItsValue(bool budgets)
    {
        var objective = new RectifiedObjective(LayerPeeledModel.FromClassCounts([9, 4, 4, 1], budgets ? new Budgets(0.5, 3) { FeatureNorm = FeatureNorm.PerSample } : new Penalties(0.02, 0.01), featureDimension: 3));
        var random = new Random(2);
        double[] point = objective.RandomStart(random), direction = objective.RandomStart(random), gradient = new double[point.Length], other = new double[point.Length];
        objective.Evaluate(point, gradient);
        double At(double step)
        {
            TensorPrimitives.MultiplyAdd(direction, step, point, other);
            return objective.Evaluate(other, new double[point.Length]);
        }

        const double Step = 1e-3;
        double slope = ((8 * (At(Step) - At(-Step))) - (At(2 * Step) - At(-2 * Step))) / (12 * Step);
        Assertions.Near(slope, TensorPrimitives.Dot<double>(gradient, direction), 1e-8);
    }

    [Fact]
    public void Solve_VanishingClass_HasNoFeatures()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([40, 20, 1], new Penalties(0.02, 0.03));
        RectifiedSolution solution = new RectifiedSolver(new RectifiedOptions { RelativeGapTolerance = 1e-12 }).Solve(model);
        Assert.True(solution.Certificate.Closes(1e-12), $"{solution.Status}, gap {solution.Certificate.RelativeGap}");
        Assert.Equal(0, RectifiedFrame.Of(model).Margins[2]);
        Assertions.Within(0, solution.ClassMeans.Column(2).L2Norm(), 1e-5);
    }

    [Fact]
    public void Solve_FewerDimensionsThanClasses_IsNeverOptimal()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([20, 20, 20, 20], new Penalties(0.004, 0.001), featureDimension: 2);
        RectifiedSolution solution = new RectifiedSolver(new RectifiedOptions { Starts = 4, StationarityTolerance = 1e-9 }).Solve(model);
        Assert.Equal(4, solution.Starts);
        Assert.True(solution.Status is SolverStatus.Stationary or SolverStatus.Stalled);
        Assert.True(solution.Certificate.RelativeGap > 0.01 && solution.Stationarity < 1e-6, $"{solution.Certificate.RelativeGap}, {solution.Stationarity}");
    }

    [Fact]
    public void Solve_LimitsAndWrongModels_AreRespected()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([40, 20, 6], new Penalties(0.02, 0.0008));
        RectifiedSolution brief = new RectifiedSolver(new RectifiedOptions { MaxIterations = 3, Starts = 2 }).Solve(model);
        Assert.Equal((SolverStatus.IterationLimit, 6, 2), (brief.Status, brief.Iterations, brief.Starts));
        using var source = new CancellationTokenSource();
        source.Cancel();
        RectifiedSolution cancelled = new RectifiedSolver().Solve(model, null, source.Token);
        Assert.Equal((SolverStatus.Cancelled, 0), (cancelled.Status, cancelled.Iterations));
        Matrix<double> means = cancelled.ClassMeans;
        means.Clear();
        Assert.NotEqual(0, cancelled.ClassMeans.FrobeniusNorm());
        RectifiedSolution again = new RectifiedSolver(new RectifiedOptions { Seed = 4 }).Solve(model);
        Assert.Equal(again.Objective, new RectifiedSolver(new RectifiedOptions { Seed = 4 }).Solve(model).Objective);
        Assert.Throws<ArgumentException>(() => new RectifiedSolver().Solve(LayerPeeledModel.FromClassCounts([2, 1], new Penalties(1, 1), loss: SquaredErrorLoss.Instance)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RectifiedOptions { Starts = 0 });
    }
}
