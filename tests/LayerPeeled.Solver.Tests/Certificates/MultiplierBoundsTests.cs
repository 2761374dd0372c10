using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Tests.Certificates;

public sealed class MultiplierBoundsTests
{
    // λ of the reference solves.
    private const double MultiplierTolerance = 1e-6;

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(8)]
    public void Of_PointsOfAnyGap_ContainTheMultiplierAndCloseWithTheGap(double budget)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([90, 40, 40, 9, 9, 3, 1.5], budget, 3);
        double multiplier = new ReducedSolver().Solve(model).Multiplier;
        foreach (double gap in new[] { 0.3, 1e-2, 1e-4, 1e-8 })
        {
            LayerPeeledSolution rough = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = gap, GeometryErrorTolerance = 1 }).Solve(model);
            (double least, double most) = MultiplierBounds.Of(rough.Factors, rough.Certificate.LowerBound);
            Assert.InRange(multiplier, least * (1 - MultiplierTolerance), most * (1 + MultiplierTolerance));

            // Second order in the step: the root of the gap, with a factor for the curvature along the radius.
            double width = 2 + (4 * model.Radius);
            Assert.True(most - least <= width * Math.Sqrt(gap) * Math.Max(multiplier, rough.Objective / model.Radius), $"gap {gap}: {least} to {most}");
        }
    }
}
