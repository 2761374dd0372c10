using System.Numerics.Tensors;
using LayerPeeled.Solver.Family.DeepFeatures;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Family.DeepFeatures;

public sealed class DeepFeaturesSolverTests
{
    // A stationarity of 1e-9 leaves the square of it in the objective, and its own size in singular values.
    private const double Objective = 1e-9;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Evaluate_AnyPoint_HasTheSlopesOfItsValue(int layers)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([9, 4, 4, 1], new Penalties(0.02, 0.01), featureDimension: 3);
        var objective = new DeepObjective(new DeepProgram(model, Enumerable.Range(1, layers - 1).Select(j => 0.03 * j)));
        var random = new Random(2);
        double[] point = objective.RandomStart(random), direction = objective.RandomStart(random), gradient = new double[point.Length], other = new double[point.Length];
        objective.Evaluate(point, gradient);
        double At(double step)
        {
            TensorPrimitives.MultiplyAdd(direction, step, point, other);
            return objective.Evaluate(other, new double[point.Length]);
        }

        const double Step = 1e-4;
        double slope = ((8 * (At(Step) - At(-Step))) - (At(2 * Step) - At(-2 * Step))) / (12 * Step);
        Assertions.Near(slope, TensorPrimitives.Dot<double>(gradient, direction), 1e-9);
    }

    [Fact]
    public void Solve_OneLayer_IsTheCertifiedOptimum()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([50, 20, 20, 5], new Penalties(0.003, 0.0005));
        DeepFeaturesSolution deep = new DeepFeaturesSolver(new DeepFeaturesOptions { Starts = 2 }).Solve(new DeepProgram(model, 1));
        LayerPeeledSolution solution = new ReducedSolver().Solve(model).EnsureOptimal();
        Assertions.Near(solution.Objective, deep.Objective, Objective);
        Assertions.Within(0, GeometryDistance.Between(
            GroupedFactors.OfClasses(NuclearNormProgram.ForClasses(model), deep.Layers[0], deep.ClassMeans), solution.Factors).Largest, 1e-5);
    }

    [Theory]
    [InlineData(2, 0.078)]
    [InlineData(3, 0.178)]
    public void Solve_SquaredError_ReachesTheOrthogonalFrameOfUnequalLengths(int layers, double feature)
    {
        double[] hidden = Enumerable.Range(0, layers - 1).Select(j => j == 0 ? 3e-3 : 1e-3).ToArray();
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([60, 30, 30, 8, 1], new Penalties(2e-3, feature), loss: SquaredErrorLoss.Instance);
        var program = new DeepProgram(model, hidden);
        DeepOrthogonalFrame frame = DeepOrthogonalFrame.Of(program);
        Assert.Contains(frame.Logits, z => z == 0);
        Assert.True(frame.Logits.Count(z => z > 0) >= 2);
        // 0 is a local minimum of each class, so that a start takes some of them there: from the labels they all go where they belong.
        DeepFeaturesSolution random = new DeepFeaturesSolver(new DeepFeaturesOptions { Starts = 4 }).Solve(program);
        Assert.All(random.ObjectiveOfStarts, value => Assert.True(value >= frame.Objective * (1 - Objective), $"{value} < {frame.Objective}"));
        DeepFeaturesSolution best = new DeepFeaturesSolver().Solve(program, Matrix<double>.Build.DenseOfDiagonalArray(frame.Logits.SelectMany((z, g) =>
            Enumerable.Repeat(z > 0 ? 1.0 : 0, model.Groups[g].Classes)).ToArray()));
        Assertions.Near(frame.Objective, best.Objective, Objective);
        Matrix<double> classifier = best.Layers[0], gram = classifier * classifier.Transpose(), logits = best.Logits();
        for (int k = 0; k < 5; k++)
        {
            int g = model.GroupOfClass[k];
            Assertions.Within(frame.Logits[g], logits[k, k], 1e-6);
            Assertions.Within(frame.ClassifierNorm2[g], gram[k, k], 1e-5 * (1 + frame.ClassifierNorm2[g]));
            Assertions.Within(frame.FeatureNorm2[g], best.ClassMeans.Column(k).Sum(x => x * x), 1e-5 * (1 + frame.FeatureNorm2[g]));
        }

        // λ_j·‖W_j‖² agree at a stationary point.
        double cost = 2e-3 * classifier.Enumerate().Sum(x => x * x);
        Assert.All(best.Layers.Skip(1).Zip(hidden), pair => Assertions.Near(cost, pair.Second * pair.First.Enumerate().Sum(x => x * x), 1e-6));
    }

    [Fact]
    public void Solve_DeepAndManyClasses_HasPointsOfLowerRankThatAreBetterThanCollapse()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(10, 1)], new Penalties(1e-3, 1e-3));
        var program = new DeepProgram(model, 3);
        DeepCollapse collapse = DeepCollapse.Of(program);
        DeepFeaturesSolution random = new DeepFeaturesSolver(new DeepFeaturesOptions { Starts = 3 }).Solve(program);
        Assert.True(random.Objective < 0.8 * collapse.Objective, $"{random.Objective}, {collapse.Objective}");
        Assert.InRange(random.Rank, 2, 5);
        // The objective is that of the logits alone: no factors of them are cheaper.
        Assertions.Near(random.LeastObjective, random.Objective, Objective);
        Assert.Equal(random.Objective, random.ObjectiveOfStarts.Min());
        // The collapsed point is stationary, and what the descent from it ends in.
        Matrix<double> etf = (Matrix<double>.Build.DenseIdentity(10) - 0.1) * collapse.Margin;
        DeepFeaturesSolution stays = new DeepFeaturesSolver().Solve(program, etf);
        Assertions.Near(collapse.Objective, stays.Objective, 1e-12);
        Assert.Equal((9, SolverStatus.Stationary), (stays.Rank, stays.Status));
        Assertions.Within(0, (stays.Logits() - etf).FrobeniusNorm(), 1e-6);
    }

    [Fact]
    public void Solve_LimitsAndWrongStarts_AreRespected()
    {
        var program = new DeepProgram(LayerPeeledModel.FromClassCounts([3, 2, 1], new Penalties(0.01, 0.01)), 2);
        DeepFeaturesSolution brief = new DeepFeaturesSolver(new DeepFeaturesOptions { MaxIterations = 2, Starts = 3 }).Solve(program);
        Assert.Equal((SolverStatus.IterationLimit, 6, 3), (brief.Status, brief.Iterations, brief.ObjectiveOfStarts.Count));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Equal(SolverStatus.Cancelled, new DeepFeaturesSolver().Solve(program, null, source.Token).Status);
        Assert.Throws<ArgumentException>(() => new DeepFeaturesSolver().Solve(program, Matrix<double>.Build.Dense(2, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeepFeaturesOptions { Starts = 0 });
        brief.Layers[0].Clear();
        brief.ClassMeans.Clear();
        Assert.NotEqual(0, brief.Logits().FrobeniusNorm());
    }

    [Fact]
    public void Solve_Nothing_IsAPointOfItsOwn()
    {
        var program = new DeepProgram(LayerPeeledModel.FromClassCounts([3, 2, 1], new Penalties(0.01, 0.01)), 2);
        DeepFeaturesSolution zero = new DeepFeaturesSolver().Solve(program, Matrix<double>.Build.Dense(3, 3));
        Assertions.Near(Math.Log(3), zero.Objective, 1e-14);
        Assert.Equal((0, SolverStatus.Stationary), (zero.Rank, zero.Status));
    }
}
