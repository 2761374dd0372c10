using System.Numerics.Tensors;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Tests.Solvers.LowRank;

public sealed class RankTests
{
    // Half of these classes collapse: the optimal core has a rank well below K − 1.
    private const int Classes = 60;
    private static readonly LayerPeeledModel Model =
        LayerPeeledModel.FromClassCounts(Enumerable.Range(0, Classes).Select(k => 1000 * Math.Pow(0.9, k)), 1, 5);

    private static readonly LowRankOptions Options = new() { RelativeGapTolerance = 1e-10, GeometryErrorTolerance = 1 };

    [Fact]
    public void Solve_ManyCollapsedClasses_EndsWithFewerColumnsThanItBeganWith()
    {
        LayerPeeledSolution solution = new ReducedSolver(Options).Solve(Model).EnsureOptimal();
        Assert.InRange(solution.Factors.Rank, 2, 45);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(25)]
    public void Solve_StartOfTooLowRank_AddsTheColumnsThatAreMissing(int rank)
    {
        GroupedFactors optimum = new ReducedSolver(Options).Solve(Model).EnsureOptimal().Factors, start = new(optimum.Program, rank);
        optimum.ClassifierCoreArray.AsSpan(0, start.ClassifierCoreArray.Length).CopyTo(start.ClassifierCoreArray);
        optimum.FeatureCoreArray.AsSpan(0, start.FeatureCoreArray.Length).CopyTo(start.FeatureCoreArray);
        LayerPeeledSolution solution = new LowRankSolver(Options).Solve(optimum.Program, start).EnsureOptimal();
        Assert.True(solution.Factors.Rank > rank);
        Assert.Equal(new ReducedSolver(Options).Solve(Model).Certificate.PrimalValue, solution.Certificate.PrimalValue, 1e-10);
    }

    [Fact]
    public void Extend_AtAnOptimum_FindsNothingToAdd()
    {
        GroupedFactors optimum = new ReducedSolver(Options with { RelativeGapTolerance = 1e-12 }).Solve(Model).EnsureOptimal().Factors;
        var objective = new FactorObjective(optimum.Program, optimum.Rank);
        double[] point = objective.FromFactors(optimum);
        objective.Evaluate(point, new double[point.Length]);
        Assert.Null(objective.Extend(point, Classes - 1, out int rank));
        Assert.Equal(optimum.Rank, rank);
    }

    [Fact]
    public void Extend_StationaryAtItsRankOnly_GivesAPointOfLowerLoss()
    {
        GroupedFactors optimum = new ReducedSolver(Options).Solve(Model).EnsureOptimal().Factors;
        var objective = new FactorObjective(optimum.Program, 10);
        GroupedFactors poor = new(optimum.Program, 10);
        optimum.ClassifierCoreArray.AsSpan(0, poor.ClassifierCoreArray.Length).CopyTo(poor.ClassifierCoreArray);
        optimum.FeatureCoreArray.AsSpan(0, poor.FeatureCoreArray.Length).CopyTo(poor.FeatureCoreArray);
        double[] point = objective.FromFactors(poor);
        double value = objective.Evaluate(point, new double[point.Length]);
        double[] extended = objective.Extend(point, Classes - 1, out int rank)!;
        var larger = new FactorObjective(optimum.Program, rank);
        Assert.True(rank > 10);
        Assert.True(larger.Evaluate(extended, new double[extended.Length]) < value);
    }

    [Fact]
    public void Extend_SpreadsThatDiedOutAndWouldGrow_BringsThemBack()
    {
        // Two groups, both of them clear of collapse: without their spreads the point may be stationary, but it is no optimum.
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(5, 100), new(5, 50)], 1, 5);
        GroupedFactors optimum = new ReducedSolver(Options).Solve(model).EnsureOptimal().Factors, start = new(optimum.Program, optimum.Rank);
        optimum.ClassifierCore.CopyTo(start.ClassifierCoreArray);
        optimum.FeatureCore.CopyTo(start.FeatureCoreArray);
        LayerPeeledSolution solution = new LowRankSolver(Options).Solve(optimum.Program, start).EnsureOptimal();
        Assert.All(solution.Factors.ClassifierSpreadArray, spread => Assert.True(spread > 0.1));
    }

    [Fact]
    public void WithoutDyingColumns_OneThatShouldVanish_TakesItOutAndTheLossFalls()
    {
        GroupedFactors optimum = Settled();
        var objective = new FactorObjective(optimum.Program, optimum.Rank + 1);
        double[] point = objective.FromFactors(optimum), gradient = new double[point.Length];
        double alone = objective.Evaluate(point, gradient);
        int half = point.Length / 2, column = Classes * (optimum.Rank + 1);
        var random = new Random(2);
        for (int g = 0; g < Classes; g++)
        {
            point[column + g] = point[half + column + g] = 1e-2 * (random.NextDouble() - 0.5);
        }

        double with = objective.Evaluate(point, gradient);
        Assert.True(with > alone);
        ShedPoint? shed = objective.WithoutDyingColumns(point, 1e-2, 1, 0.9);
        Assert.NotNull(shed);
        Assert.Equal(objective.Rank, shed.Rank);
        Assert.Equal(alone, objective.Evaluate(shed.Point, gradient), 0.01 * (with - alone));
        Assert.False(objective.WouldGrow(shed.Removed, 1));
        Assert.Null(objective.WithoutDyingColumns(shed.Point, 1e-2, 1, 0.9));
    }

    [Fact]
    public void WithoutDyingColumns_ManyThatShouldVanish_GivesAPointOfLowerRank()
    {
        GroupedFactors optimum = Settled();
        var objective = new FactorObjective(optimum.Program, 2 * optimum.Rank);
        double[] point = objective.FromFactors(optimum), gradient = new double[point.Length];
        double alone = objective.Evaluate(point, gradient);
        var random = new Random(3);
        int half = point.Length / 2;
        for (int i = Classes * (optimum.Rank + 1); i < half; i++)
        {
            point[i] = point[half + i] = 1e-3 * (random.NextDouble() - 0.5);
        }

        objective.Evaluate(point, gradient);
        ShedPoint? shed = objective.WithoutDyingColumns(point, 1e-2, 1, 0.9);
        Assert.NotNull(shed);
        Assert.Equal(optimum.Rank, shed.Rank);
        Assert.Equal(2 * optimum.Rank * Classes, shed.Removed.Length);
        var smaller = new FactorObjective(optimum.Program, shed.Rank);
        Assert.Equal(alone, smaller.Evaluate(shed.Point, new double[shed.Point.Length]), 1e-5);
    }

    [Fact]
    public void WithoutDyingColumns_SmallOneThatWouldGrow_LeavesItThere()
    {
        GroupedFactors optimum = Settled();
        var objective = new FactorObjective(optimum.Program, optimum.Rank);
        double[] point = objective.FromFactors(optimum);
        int half = point.Length / 2;
        // The column that carries most, at a hundredth of its length: nothing else lies along it, so it would grow back.
        int largest = Enumerable.Range(1, optimum.Rank).MaxBy(j => TensorPrimitives.SumOfSquares(point.AsSpan(j * Classes, Classes)));
        for (int g = largest * Classes; g < (largest + 1) * Classes; g++)
        {
            point[g] *= 1e-2;
            point[half + g] *= 1e-2;
        }

        objective.Evaluate(point, new double[point.Length]);
        Assert.Null(objective.WithoutDyingColumns(point, 1e-2, 1, 0.9));

        // Taken out all the same, here because nothing is certain, it is found to return.
        ShedPoint? shed = objective.WithoutDyingColumns(point, 1e-2, 1e6, 0.9);
        Assert.NotNull(shed);
        objective.Evaluate(shed.Point, new double[point.Length]);
        Assert.True(objective.WouldGrow(shed.Removed, 1));
    }

    [Fact]
    public void WithoutDyingColumns_SpreadThatShouldVanish_TakesItOut()
    {
        // The second group is far below the critical size: its classes are one.
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(5, 1000), new(5, 1)], 1, 5);
        GroupedFactors optimum = new ReducedSolver(Options).Solve(model).EnsureOptimal().Factors;
        int collapsed = optimum.Program.Weights[0] < optimum.Program.Weights[1] ? 0 : 1;
        var start = new GroupedFactors(optimum.Program, optimum.Rank);
        optimum.ClassifierCore.CopyTo(start.ClassifierCoreArray);
        optimum.FeatureCore.CopyTo(start.FeatureCoreArray);
        optimum.ClassifierSpread.CopyTo(start.ClassifierSpreadArray);
        optimum.FeatureSpread.CopyTo(start.FeatureSpreadArray);
        start.ClassifierSpreadArray[collapsed] = start.FeatureSpreadArray[collapsed] = 1e-3;
        var objective = new FactorObjective(optimum.Program, optimum.Rank);
        double[] point = objective.FromFactors(start);
        double before = objective.Evaluate(point, new double[point.Length]);
        ShedPoint? shed = objective.WithoutDyingColumns(point, 1e-2, 1, 0.9);
        Assert.NotNull(shed);
        Assert.Equal(0, shed.Point[collapsed]);
        Assert.NotEqual(0, shed.Point[1 - collapsed]);
        Assert.True(objective.Evaluate(shed.Point, new double[point.Length]) < before);
    }

    // An optimum with just the columns that it needs
    private static GroupedFactors Settled()
    {
        GroupedFactors optimum = new ReducedSolver(Options with { RelativeGapTolerance = 1e-12 }).Solve(Model).EnsureOptimal().Factors;
        GroupedMatrix logits = optimum.Program.CreateMatrix();
        optimum.Product(logits);
        GroupedFactors balanced = GroupedFactors.FromLogits(optimum.Program, logits);
        double first = TensorPrimitives.Norm<double>(balanced.ClassifierCoreArray.AsSpan(0, Classes));
        int rank = Enumerable.Range(0, balanced.Rank)
            .Count(j => TensorPrimitives.Norm<double>(balanced.ClassifierCoreArray.AsSpan(j * Classes, Classes)) > 1e-2 * first);
        return GroupedFactors.FromLogits(optimum.Program, logits, rank);
    }
}
