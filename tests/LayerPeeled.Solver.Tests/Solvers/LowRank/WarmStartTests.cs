using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Tests.Solvers.LowRank;

public sealed class WarmStartTests
{
    private static readonly LowRankOptions Options = new() { RelativeGapTolerance = 1e-10, GeometryErrorTolerance = 1 };

    [Theory]
    [InlineData(6)]
    [InlineData(60)]
    public void Solve_FromANeighbour_TakesFewerIterations(int classes)
    {
        var solver = new ReducedSolver(Options);
        LayerPeeledSolution neighbour = solver.Solve(LongTail(classes, 5)).EnsureOptimal();
        LayerPeeledModel model = LongTail(classes, 5.005);
        LayerPeeledSolution warm = solver.Solve(model, neighbour.Factors).EnsureOptimal(), cold = solver.Solve(model).EnsureOptimal();
        Assert.True(warm.Iterations < cold.Iterations, $"{warm.Iterations} iterations against {cold.Iterations}");
        Assert.Equal(cold.Certificate.PrimalValue, warm.Certificate.PrimalValue, 1e-9);
    }

    [Fact]
    public void Solve_FromAFarPoint_BeginsAtTheCentredIdentity()
    {
        var solver = new ReducedSolver(Options);
        LayerPeeledSolution far = solver.Solve(LongTail(60, 0.5)).EnsureOptimal();
        LayerPeeledModel model = LongTail(60, 5);
        Assert.Equal(solver.Solve(model).Iterations, solver.Solve(model, far.Factors).EnsureOptimal().Iterations);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    public void Solve_FromAFarPointAsAsked_EscapesWhereTheNeighbourWasCollapsed(int classes)
    {
        // Classes that are one at the small budget, columns and spreads of theirs zero, are told apart at the large one.
        LayerPeeledSolution far = new ReducedSolver(Options).Solve(LongTail(classes, 1)).EnsureOptimal();
        LayerPeeledSolution cold = new ReducedSolver(Options).Solve(LongTail(classes, 20)).EnsureOptimal();
        LayerPeeledSolution warm = new LowRankSolver(Options).Solve(cold.Factors.Program, far.Factors).EnsureOptimal();
        Assert.Equal(cold.Certificate.PrimalValue, warm.Certificate.PrimalValue, 1e-9);
    }

    private static LayerPeeledModel LongTail(int classes, double featureBudget) => LayerPeeledModel.FromClassCounts(
        Enumerable.Range(0, classes).Select(k => Math.Floor(500 * Math.Pow(100, -(double)k / (classes - 1)))), 1, featureBudget);
}
