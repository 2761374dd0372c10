using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Losses;

/// <summary>Models with every loss of the catalogue, solved and proven.</summary>
public sealed class LossSolveTests
{
    private static readonly double[] LongTail = Enumerable.Range(0, 100).Select(k => Math.Round(500 * Math.Pow(0.01, k / 99.0))).ToArray();
    private static readonly double[] Steps = [100, 100, 100, 100, 5, 5, 5, 5, 5];
    private static readonly double[] Balanced = [7, 7, 7, 7, 7];

    public static TheoryData<string> Convex =>
    [
        "squared-error", "vs:gamma=0.3,tau=1", "cdt:gamma=0.3", "ldt:gamma=0.3", "la:tau=1", "balanced-softmax", "ldam:c=0.7", "temperature:value=0.8", "smoothing:epsilon=0.1",
        "ovr", "hinge:smoothing=0.5",
    ];

    [Theory]
    [MemberData(nameof(Convex))]
    public void Solve_BalancedStepAndLongTail_IsProven(string name)
    {
        ILoss loss = LossCatalog.Parse(name);
        foreach (double[] counts in new[] { Balanced, Steps, LongTail })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, 1, loss.VanishesAtTarget ? 0.5 : 4, loss: loss);
            LayerPeeledSolution solution = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-8, GeometryErrorTolerance = 1 }).Solve(model);
            Assert.True(solution.Status == SolverStatus.Optimal, $"{counts.Length} classes: {solution.Status}, gap {solution.Certificate.RelativeGap} after {solution.Iterations}");
            Assert.True(solution.Certificate.IsProof, $"{counts.Length} classes: {solution.Certificate.RelativeGap}");
            if (counts.Length < 20)
            {
                LayerPeeledSolution full = new LowRankSolver(new LowRankOptions { RelativeGapTolerance = 1e-10 }).Solve(model);
                Assertions.Near(full.Objective, new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-10 }).Solve(model).Objective, 1e-9);
            }
        }
    }
}
