using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers.FrankWolfe;

public sealed class FrankWolfeSolverTests
{
    // The relative gap closes at 1e-8; distances go with its square root.
    private const double ObjectiveTolerance = 1e-8;
    private const double GeometryTolerance = 1e-3;

    public static TheoryData<int> SmallCases => ReferenceCases.Indices(20);

    [Theory]
    [MemberData(nameof(SmallCases))]
    public void Solve_ReferenceCase_MatchesTwentyDigits(int index)
    {
        ReferenceCase expected = ReferenceCases.All[index];
        LayerPeeledModel model = expected.Model();
        foreach (NuclearNormProgram program in new[] { NuclearNormProgram.ForClasses(model), NuclearNormProgram.ForGroups(model) })
        {
            LayerPeeledSolution solution = new FrankWolfeSolver().Solve(program);
            AssertMatches(expected, solution);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Solve_Balanced_MatchesClosedFormAtAnyScaleOfTheLoss(int classes)
    {
        foreach (double budgets in new[] { 1e-6, 1e-3, 1, 1e2, 1e4 })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(classes, 7)], Math.Sqrt(budgets) / 3, Math.Sqrt(budgets) * 3);
            foreach (NuclearNormProgram program in new[] { NuclearNormProgram.ForClasses(model), NuclearNormProgram.ForGroups(model) })
            {
                LayerPeeledSolution solution = new FrankWolfeSolver().Solve(program);
                Assert.Equal(SolverStatus.Optimal, solution.Status);
                Assertions.Near(SimplexEtf.BalancedObjective(model), solution.Objective, ObjectiveTolerance);
            }
        }
    }

    [Fact]
    public void Solve_PlainMethod_GapFallsAboutLikeOneOverTheIteration()
    {
        ReferenceCase expected = ReferenceCases.All[2];
        double previous = double.PositiveInfinity;
        foreach (int iterations in new[] { 20, 200, 2000 })
        {
            var solver = new FrankWolfeSolver(new FrankWolfeOptions { CorrectiveSteps = 0, MaxIterations = iterations });
            LayerPeeledSolution solution = solver.Solve(expected.Model());
            Assert.Equal(SolverStatus.IterationLimit, solution.Status);
            double error = (solution.Objective - expected.Objective) / expected.Objective;
            Assert.InRange(error, 0, 20.0 / iterations);
            Assert.True(error < previous);
            previous = error;
        }
    }

    [Fact]
    public void Solve_FromZero_TheRankIsAtMostTheIteration()
    {
        for (int iterations = 1; iterations < 6; iterations++)
        {
            var solver = new FrankWolfeSolver(new FrankWolfeOptions { MaxIterations = iterations });
            Assert.InRange(solver.Solve(ReferenceCases.All[2].Model()).Factors.Rank, 1, iterations);
        }
    }

    [Fact]
    public void Solve_PlainMethodOverGroups_UsesTheSpreadDirections()
    {
        // One group: the only atom is the spread, and one step with an exact line search is the optimum.
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(6, 1)], 1, 2);
        var solver = new FrankWolfeSolver(new FrankWolfeOptions { CorrectiveSteps = 0 });
        LayerPeeledSolution solution = solver.Solve(NuclearNormProgram.ForGroups(model));
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.Equal(1, solution.Iterations);
    }

    [Fact]
    public void Solve_ClassesWithoutExamples_HaveNoFeatures()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([10, 10, 5, 0, 0], 1, 5);
        foreach (NuclearNormProgram program in new[] { NuclearNormProgram.ForClasses(model), NuclearNormProgram.ForGroups(model) })
        {
            LayerPeeledSolution solution = new FrankWolfeSolver().Solve(program);
            Assert.Equal(SolverStatus.Optimal, solution.Status);
            Assert.Equal(0, solution.ClassMeans.SubMatrix(0, 5, 3, 2).FrobeniusNorm(), 1e-12);
        }
    }

    [Fact]
    public void Solve_UnreachableTolerance_StallsLongBeforeTheIterationLimit()
    {
        LayerPeeledSolution solution = new FrankWolfeSolver(new FrankWolfeOptions { RelativeGapTolerance = 0, StationarityTolerance = 0 })
            .Solve(ReferenceCases.All[3].Model());
        Assert.Equal(SolverStatus.Stalled, solution.Status);
        Assert.True(solution.Iterations < 500, $"{solution.Iterations} iterations");
        Assert.True(solution.Certificate.RelativeGap < 1e-12);
    }

    [Fact]
    public void Solve_FromAUserStart_ReachesTheSameOptimumAndLeavesItUnchanged()
    {
        ReferenceCase expected = ReferenceCases.All[1];
        NuclearNormProgram program = NuclearNormProgram.ForGroups(expected.Model());
        GroupedMatrix start = RandomPoints.Draw(program, new Random(4), 10), copy = start.Clone();
        AssertMatches(expected, new FrankWolfeSolver().Solve(program, start));
        Assert.Equal(copy.Core, start.Core);
    }

    [Fact]
    public void Options_OutOfRange_Throw() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrankWolfeOptions { CorrectiveSteps = -1 });

    // No cosines: where minority vectors vanish at the optimum, this gap leaves them small, not zero.
    private static void AssertMatches(ReferenceCase expected, LayerPeeledSolution solution)
    {
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.True(solution.Certificate.RelativeGap <= ObjectiveTolerance);
        Assert.True(solution.Certificate.LowerBound <= expected.Objective);
        Assertions.Near(expected.Objective, solution.Objective, ObjectiveTolerance, "objective");
        Assertions.Near(expected.Multiplier, solution.Multiplier, GeometryTolerance, "multiplier");
        Assertions.Within(expected.Classifier.Norm2A, solution.Groups[0].ClassifierNorm2, GeometryTolerance * expected.ClassifierBudget, "norm² A");
        Assertions.Within(expected.Classifier.Norm2B, solution.Groups[1].ClassifierNorm2, GeometryTolerance * expected.ClassifierBudget, "norm² B");
    }
}
