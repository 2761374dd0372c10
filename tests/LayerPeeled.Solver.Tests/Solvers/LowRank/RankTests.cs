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

    private static readonly LowRankOptions Options = new() { RelativeGapTolerance = 1e-10, PolishTolerance = 1 };

    [Fact]
    public void Truncate_SameRank_LeavesTheObjectiveAsItIs()
    {
        var objective = new FactorObjective(NuclearNormProgram.ForGroups(Model), 20);
        double[] point = objective.Random(3), gradient = new double[point.Length], rotatedGradient = new double[point.Length];
        double[] rotated = objective.Truncate(point, 0, out int kept);
        Assert.Equal(20, kept);
        Assert.NotEqual(point, rotated);
        Assert.Equal(objective.Evaluate(point, gradient), objective.Evaluate(rotated, rotatedGradient), 1e-13);
        Assert.Equal(TensorPrimitives.Norm<double>(gradient), TensorPrimitives.Norm<double>(rotatedGradient), 1e-12);
    }

    [Fact]
    public void Truncate_ColumnsThatRepeatOthers_DropsThem()
    {
        const int Rank = 12, Independent = 7;
        NuclearNormProgram program = NuclearNormProgram.ForGroups(Model);
        var objective = new FactorObjective(program, Rank);
        double[] point = objective.Random(3);
        for (int half = 0; half < 2; half++)
        {
            Span<double> core = point.AsSpan((half * Classes * (Rank + 1)) + Classes, Classes * Rank);
            core[..(Classes * (Rank - Independent))].CopyTo(core[(Classes * Independent)..]);
        }

        double value = objective.Evaluate(point, new double[point.Length]);
        double[] truncated = objective.Truncate(point, 1e-10, out int kept);
        Assert.Equal(Independent, kept);
        var smaller = new FactorObjective(program, kept);
        Assert.Equal(value, smaller.Evaluate(truncated, new double[truncated.Length]), 1e-13);
    }

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
        optimum.ClassifierCore.AsSpan(0, start.ClassifierCore.Length).CopyTo(start.ClassifierCore);
        optimum.FeatureCore.AsSpan(0, start.FeatureCore.Length).CopyTo(start.FeatureCore);
        LayerPeeledSolution solution = new ReducedSolver(Options).Solve(Model, start).EnsureOptimal();
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
        optimum.ClassifierCore.AsSpan(0, poor.ClassifierCore.Length).CopyTo(poor.ClassifierCore);
        optimum.FeatureCore.AsSpan(0, poor.FeatureCore.Length).CopyTo(poor.FeatureCore);
        double[] point = objective.FromFactors(poor);
        double value = objective.Evaluate(point, new double[point.Length]);
        double[] extended = objective.Extend(point, Classes - 1, out int rank)!;
        var larger = new FactorObjective(optimum.Program, rank);
        Assert.True(rank > 10);
        Assert.True(larger.Evaluate(extended, new double[extended.Length]) < value);
    }
}
