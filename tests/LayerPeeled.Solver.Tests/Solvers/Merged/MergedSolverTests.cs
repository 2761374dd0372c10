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
        Assert.Equal(SolverStatus.Stalled, solution.Status);
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
    [InlineData(1)]
    [InlineData(10)]
    public void Solve_VocabularyLikeCounts_CollapsedTailStaysMerged(double featureBudget)
    {
        double[] counts = Enumerable.Range(1, 3000).Select(k => Math.Ceiling(2e6 / Math.Pow(k + 2.7, 1.07))).ToArray();
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, 1, featureBudget);
        LayerPeeledSolution solution = new MergedSolver(new LowRankOptions { RelativeGapTolerance = 1e-5, GeometryErrorTolerance = 1 }).Solve(model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        NuclearNormProgram program = solution.Factors.Program;
        int tail = program.Weights.ToArray().Count(weight => weight < solution.Multiplier);
        int counted = counts.Where(count => count < solution.CriticalClassSize).Distinct().Count();
        Assert.True(counted > 200, $"{counted} distinct counts in the tail");
        Assert.True(tail < counted / 4, $"{tail} blocks hold {counted} distinct counts");
    }

    [Theory]
    [InlineData(0.2, 1, 40)]
    [InlineData(0.5, 5, 300)]
    [InlineData(3, 5, 300)]
    [InlineData(100, 20, 300)]
    public void Certify_MergedPoint_BoundsTheTrueOptimumFromBelow(double width, double featureBudget, int iterations)
    {
        double[] counts = Enumerable.Range(0, 60).Select(k => 500 * Math.Pow(300, -k / 59.0)).ToArray();
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, 1, featureBudget);
        GroupMerging merging = GroupMerging.ByWeight(model, width, 60);
        NuclearNormProgram program = NuclearNormProgram.ForMergedGroups(model, merging.BlockOfGroup());
        Assert.True(program.IsMerged);
        GroupedFactors point = new LowRankSolver(new LowRankOptions { MaxIterations = iterations }).Solve(program, null).Factors;
        DualityCertificate certificate = DualityGap.Certify(point);
        double optimum = new ReducedSolver().Solve(model).EnsureOptimal().Certificate.LowerBound;
        Assert.True(certificate.LowerBound <= optimum, $"{certificate.LowerBound} <= {optimum}");
        Assert.True(double.IsFinite(certificate.LowerBound), "a block of any width has a bound");
    }

    [Fact]
    public void ByWeight_GroupsWithoutWeight_AreHeldTogether()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(2, 10), new(1, 5, 0), new(3, 4, 0), new(1, 9.9), new(2, 3, 0)], 1, 5);
        GroupMerging merging = GroupMerging.ByWeight(model, 0.1, 5);
        Assert.Equal([0, 1, 1, 0, 1], merging.BlockOfGroup());
        Assert.Equal(SolverStatus.Optimal, new MergedSolver(new LowRankOptions { RelativeGapTolerance = 1e-3 }).Solve(model).Status);
    }

    [Fact]
    public void Certify_HalfTheWidth_CostsAQuarter()
    {
        double Cost(double width)
        {
            NuclearNormProgram program = NuclearNormProgram.ForMergedGroups(Tail, GroupMerging.ByWeight(Tail, width, 400).BlockOfGroup());
            LayerPeeledSolution solution = new LowRankSolver(new LowRankOptions { RelativeGapTolerance = 0, GeometryErrorTolerance = 1e-9 }).Solve(program, null);
            return solution.Certificate.AbsoluteGap;
        }

        // Second order in the width, where blocks hold several classes each
        Assert.InRange(Cost(0.2) / Cost(0.1), 3, 5.5);
    }

    [Fact]
    public void Solve_SmallMemoryBudget_MergesAsFarAsItGoesAndSaysSo()
    {
        var options = new LowRankOptions { RelativeGapTolerance = 1e-8, GeometryErrorTolerance = 1, MemoryBudget = 2_000_000 };
        LayerPeeledSolution solution = new MergedSolver(options).Solve(Tail);
        Assert.Equal(SolverStatus.MemoryLimit, solution.Status);
        int groups = solution.Factors.Program.GroupCount;
        Assert.True(MemoryNeed.OfSquares(MemoryNeed.FactorForm, groups) <= 2e6, $"{groups} groups");
        Assert.InRange(solution.Certificate.RelativeGap, 1e-8, 1e-2);
        LayerPeeledSolution exact = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-9, GeometryErrorTolerance = 1 }).Solve(Tail);
        Assert.True(solution.Certificate.LowerBound <= exact.Objective);
    }

    [Fact]
    public void Solve_AutomaticBeyondTheMemoryBudget_Merges()
    {
        var options = new AutomaticOptions { RelativeGapTolerance = 1e-3, MemoryBudget = 10_000_000 };
        LayerPeeledSolution solution = new AutomaticSolver(options).Solve(Tail);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.Equal("merged", solution.Method);
    }

    [Fact]
    public void Solve_TimeForTheFirstLevelOnly_KeepsItsBound()
    {
        // A second passes with every iteration: one level takes more than half of the time.
        var clock = new ManualClock();
        var options = new LowRankOptions { RelativeGapTolerance = 1e-9, GeometryErrorTolerance = 1, TimeLimit = TimeSpan.FromSeconds(30), Clock = clock };
        LayerPeeledSolution solution = new MergedSolver(options).Solve(Tail, new Recorder(_ => clock.Advance(1)));
        Assert.Equal(SolverStatus.TimeLimit, solution.Status);
        Assert.True(solution.Elapsed <= TimeSpan.FromSeconds(30), $"{solution.Elapsed}");
        Assert.InRange(solution.Certificate.RelativeGap, 1e-9, 0.1);
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

    private sealed class Recorder(Action<IterationReport> action) : IProgress<IterationReport>
    {
        public void Report(IterationReport value) => action(value);
    }
}
