using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.Merged;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers.Merged;

public sealed class MergedSolverTests
{
    // 400 distinct counts from 500 down to 5.
    private static readonly LayerPeeledModel Tail =
        LayerPeeledModel.FromClassCounts(Enumerable.Range(0, 400).Select(k => 500 * Math.Pow(100, -k / 399.0)), 1, 5);

    [Fact]
    public void Solve_LongTail_ClosesTheGapOfTheTrueModelWithFewerGroups()
    {
        LayerPeeledSolution merged = new MergedSolver(new LowRankOptions { RelativeGapTolerance = 1e-4, GeometryErrorTolerance = 1 }).Solve(Tail);
        LayerPeeledSolution exact = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-9, GeometryErrorTolerance = 1 }).Solve(Tail);
        Assert.Equal(SolverStatus.Optimal, merged.Status);
        Assert.True(merged.Factors.Program.GroupCount < 400, $"{merged.Factors.Program.GroupCount} groups");
        Assert.True(merged.Certificate.LowerBound <= exact.Objective);
        Assert.True(merged.Objective >= exact.Certificate.LowerBound);
        Assert.Equal(400, merged.Groups.Count);
        Assertions.Near(exact.CriticalClassSize, merged.CriticalClassSize, 1e-2);
    }

    [Fact]
    public void Solve_MergedPoint_HasTheSameLossWrittenOutClassByClass()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([100, 99, 98, 50, 49.5, 20, 20, 1], 1, 5);
        NuclearNormProgram merged = NuclearNormProgram.ForMergedGroups(model, [0, 0, 0, 1, 1, 2, 3]);
        LayerPeeledSolution solution = new LowRankSolver().Solve(merged, null);
        DualityCertificate certificate = solution.Certificate;
        DualityCertificate full = DualityGap.Certify(model, solution.Classifier, solution.ClassMeans);
        Assertions.Near(full.PrimalValue, solution.Objective, 1e-13);
        double optimum = new ReducedSolver().Solve(model).Objective;
        Assert.True(certificate.LowerBound <= optimum, "the bound of the merged dual holds for the true model");
        Assert.InRange(certificate.RelativeGap, 1e-9, 1e-3);
        Assert.NotEqual(SolverStatus.Optimal, solution.Status);
        Assert.True(certificate.AbsoluteGap >= solution.Objective - optimum);
    }

    [Fact]
    public void Refine_MergedPointToItsGroups_KeepsLogitsAndNorms()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([100, 99, 98, 98, 50, 49.5, 20, 20, 1], 1, 5);
        NuclearNormProgram merged = NuclearNormProgram.ForMergedGroups(model, [0, 0, 0, 1, 1, 2, 3]);
        GroupedFactors coarse = new LowRankSolver(new LowRankOptions { MaxIterations = 5 }).Solve(merged, null).Factors;
        GroupedFactors fine = coarse.Refine(NuclearNormProgram.ForGroups(model));
        GroupedMatrix before = merged.CreateMatrix(), after = fine.Program.CreateMatrix();
        coarse.Product(before);
        fine.Product(after);
        Assertions.Within(0, (before.Expand(merged) - after.Expand(fine.Program)).FrobeniusNorm(), 1e-12);
        Assertions.Near(coarse.ClassifierNorm2(), fine.ClassifierNorm2(), 1e-13);
        Assertions.Near(coarse.FeatureNorm2(), fine.FeatureNorm2(), 1e-13);
        Assert.Throws<ArgumentException>(() => fine.Refine(merged));
    }

    [Fact]
    public void Solve_AutomaticWithThousandsOfCounts_MergesAndSaysSo()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Enumerable.Range(1, 1500).Select(k => 1500.0 / k), 1, 2);
        LayerPeeledSolution solution = new AutomaticSolver(new AutomaticOptions { RelativeGapTolerance = 1e-3, GeometryErrorTolerance = 1 }).Solve(model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.Equal("merged", solution.Method);
        Assert.Contains("neighbours were merged", solution.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0, 0, 0, 0)]
    [InlineData(0, 0, 2, 2, 2, 2, 2)]
    [InlineData(-1, 0, 0, 0, 0, 0, 0)]
    public void ForMergedGroups_BadBlocks_AreRejected(params int[] blocks)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([100, 99, 98, 50, 49.5, 20, 20, 1], 1, 5);
        Assert.Throws<ArgumentException>(() => NuclearNormProgram.ForMergedGroups(model, blocks));
    }
}
