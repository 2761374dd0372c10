using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers.NuclearNorm;

public sealed class NuclearNormSolverTests
{
    // The relative gap closes at 1e-10; distances go with its square root.
    private const double ObjectiveTolerance = 1e-10;
    private const double GeometryTolerance = 1e-4;

    public static TheoryData<int> SmallCases => ReferenceCases.Indices(20);

    [Theory]
    [MemberData(nameof(SmallCases))]
    public void Solve_ReferenceCase_MatchesTwentyDigits(int index)
    {
        ReferenceCase expected = ReferenceCases.All[index];
        LayerPeeledModel model = expected.Model();
        foreach (NuclearNormProgram program in new[] { NuclearNormProgram.ForClasses(model), NuclearNormProgram.ForGroups(model) })
        {
            LayerPeeledSolution solution = new NuclearNormSolver().Solve(program);
            Assertions.MatchesReference(expected, solution, ObjectiveTolerance, GeometryTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(SmallCases))]
    public void Solve_FromZero_ReachesTheSameOptimum(int index)
    {
        ReferenceCase expected = ReferenceCases.All[index];
        NuclearNormProgram program = NuclearNormProgram.ForClasses(expected.Model());
        LayerPeeledSolution solution = new NuclearNormSolver().Solve(program, program.CreateMatrix());
        Assertions.MatchesReference(expected, solution, ObjectiveTolerance, GeometryTolerance);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Solve_BalancedFromZero_MatchesClosedFormAtAnyScaleOfTheLoss(int classes)
    {
        foreach (double budgets in new[] { 1e-6, 1e-3, 1, 1e2, 1e4 })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(classes, 7)], Math.Sqrt(budgets) / 3, Math.Sqrt(budgets) * 3);
            foreach (NuclearNormProgram program in new[] { NuclearNormProgram.ForClasses(model), NuclearNormProgram.ForGroups(model) })
            {
                LayerPeeledSolution solution = new NuclearNormSolver().Solve(program, program.CreateMatrix());
                Assert.Equal(SolverStatus.Optimal, solution.Status);
                Assertions.Near(SimplexEtf.BalancedObjective(model), solution.Objective, ObjectiveTolerance);
            }
        }
    }

    [Fact]
    public void Solve_LargeBudgetsAndImbalance_ClosesTheRelativeGap()
    {
        // The loss falls from 1.4 at the start to 1e-58.
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([100, 100, 3, 1], 1, 1e4);
        NuclearNormProgram program = NuclearNormProgram.ForClasses(model);
        LayerPeeledSolution solution = new NuclearNormSolver().Solve(program, program.CreateMatrix());
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.InRange(solution.Objective, 1e-59, 1e-58);
    }

    [Fact]
    public void Solve_WithoutAcceleration_ReachesTheSameOptimum()
    {
        ReferenceCase expected = ReferenceCases.All[3];
        LayerPeeledSolution solution = new NuclearNormSolver(new NuclearNormOptions { Acceleration = false, StepGrowth = 2 }).Solve(expected.Model());
        Assertions.MatchesReference(expected, solution, ObjectiveTolerance, GeometryTolerance);
    }

    [Fact]
    public void Solve_StepsThatOnlyShrink_TakeMoreIterations()
    {
        ReferenceCase expected = ReferenceCases.All.Single(c => c.ToString() == "5+5 R=1000 E=1x20");
        NuclearNormProgram program = NuclearNormProgram.ForGroups(expected.Model());
        LayerPeeledSolution growing = new NuclearNormSolver().Solve(program, program.CreateMatrix());
        LayerPeeledSolution plain = new NuclearNormSolver(new NuclearNormOptions { StepGrowth = 1 }).Solve(program, program.CreateMatrix());
        Assertions.MatchesReference(expected, growing, ObjectiveTolerance, GeometryTolerance);
        Assertions.MatchesReference(expected, plain, ObjectiveTolerance, GeometryTolerance);
        Assert.True(plain.Iterations > growing.Iterations);
    }

    [Fact]
    public void Solve_ClassesWithoutExamples_HaveNoFeatures()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([10, 10, 5, 0, 0], 1, 5);
        foreach (NuclearNormProgram program in new[] { NuclearNormProgram.ForClasses(model), NuclearNormProgram.ForGroups(model) })
        {
            GroupedMatrix start = RandomPoints.Draw(program, new Random(1));
            LayerPeeledSolution solution = new NuclearNormSolver().Solve(program, start);
            Assert.Equal(SolverStatus.Optimal, solution.Status);
            Assert.Equal(0, solution.ClassMeans.SubMatrix(0, 5, 3, 2).FrobeniusNorm(), 1e-12);
        }
    }

    [Fact]
    public void Solve_UnreachableTolerance_StallsLongBeforeTheIterationLimit()
    {
        LayerPeeledSolution solution = new NuclearNormSolver(new NuclearNormOptions { RelativeGapTolerance = 0, StationarityTolerance = 0 })
            .Solve(ReferenceCases.All[3].Model());
        Assert.Equal(SolverStatus.Stalled, solution.Status);
        Assert.True(solution.Iterations < 1000, $"{solution.Iterations} iterations");
        Assert.True(solution.Certificate.RelativeGap < 1e-12);
    }

    [Fact]
    public void Solve_Objective_NeverRises()
    {
        ReferenceCase expected = ReferenceCases.All.Single(c => c.ToString() == "3+7 R=100 E=1x5");
        LayerPeeledSolution solution = new NuclearNormSolver(new NuclearNormOptions { RecordTrace = true }).Solve(expected.Model());
        for (int i = 1; i < solution.Trace.Count; i++)
        {
            Assert.True(solution.Trace[i].Objective <= solution.Trace[i - 1].Objective * (1 + 1e-14));
        }
    }

    [Fact]
    public void Solve_Start_IsCheckedAndLeftUnchanged()
    {
        NuclearNormProgram program = NuclearNormProgram.ForClasses(ReferenceCases.All[0].Model());
        GroupedMatrix start = RandomPoints.Draw(program, new Random(2), 100), copy = start.Clone();
        new NuclearNormSolver(new NuclearNormOptions { MaxIterations = 3 }).Solve(program, start);
        Assert.Equal(copy.Core, start.Core);
        start.Core[3] = double.NaN;
        Assert.Throws<ArgumentException>(() => new NuclearNormSolver().Solve(program, start));
        Assert.Throws<ArgumentException>(() => new NuclearNormSolver().Solve(program, NuclearNormProgram.ForGroups(program.Model).CreateMatrix()));
    }

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new NuclearNormOptions { StepGrowth = 0.9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NuclearNormOptions { StepGrowth = double.NaN });
    }
}
