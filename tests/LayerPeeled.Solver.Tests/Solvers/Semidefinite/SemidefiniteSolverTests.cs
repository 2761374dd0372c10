using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Semidefinite;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Solvers.Semidefinite;

public sealed class SemidefiniteSolverTests
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
        Assertions.MatchesReference(expected, new SemidefiniteSolver().Solve(expected.Model()), ObjectiveTolerance, GeometryTolerance);
    }

    [Theory]
    [MemberData(nameof(SmallCases))]
    public void SolveWithMultipliers_ReferenceCase_SatisfiesTheOptimalityConditions(int index)
    {
        ReferenceCase expected = ReferenceCases.All[index];
        var program = new SemidefiniteProgram(expected.Model());
        SemidefiniteSolution solution = new SemidefiniteSolver().SolveWithMultipliers(program);
        double residual = Math.Max(solution.PrimalResidual, solution.DualResidual);
        Assert.True(residual < 1e-4);
        double tolerance = 100 * residual;

        // Primal: X ⪰ 0 with both traces at their bounds.
        Assertions.Within(0, program.Violation(solution.X), tolerance, "violation");
        Assertions.Near(expected.Objective, program.Objective(solution.X), tolerance, "objective of X");

        // Dual: S ⪰ 0 and ⟨S, X⟩ = 0.
        Matrix<double> dual = solution.DualMatrix;
        double smallest = dual.Evd(Symmetricity.Symmetric).EigenValues.Min(v => v.Real);
        Assert.True(smallest >= -tolerance * dual.L2Norm(), $"smallest eigenvalue {smallest}");
        double inner = dual.PointwiseMultiply(solution.X).RowSums().Sum();
        Assertions.Within(0, inner, tolerance * dual.FrobeniusNorm() * solution.X.FrobeniusNorm(), "complementarity");

        // Multipliers: those of the certificate, which come from elsewhere, and of the reference.
        Assertions.Near(solution.Solution.Certificate.FeatureMultiplier, solution.FeatureMultiplier, tolerance, "μ_H");
        Assertions.Near(solution.Solution.Certificate.ClassifierMultiplier, solution.ClassifierMultiplier, tolerance, "μ_W");
        Assertions.Near(expected.Multiplier, 2 * Math.Sqrt(solution.FeatureMultiplier * solution.ClassifierMultiplier), tolerance, "λ");
        Assertions.Near(expected.Model().ClassifierBudget * solution.ClassifierMultiplier, expected.Model().FeatureBudget * solution.FeatureMultiplier, tolerance, "balance");
        int classes = expected.ClassCount;
        Matrix<double> y = 2 * dual.SubMatrix(classes, classes, 0, classes);
        Matrix<double> certified = solution.Solution.Certificate.Dual.Expand(NuclearNormProgram.ForClasses(expected.Model()));
        Assert.True((y - certified).FrobeniusNorm() <= tolerance * certified.FrobeniusNorm());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Solve_BalancedFromZero_MatchesClosedFormAtAnyScaleOfTheLoss(int classes)
    {
        foreach (double budgets in new[] { 1e-6, 1e-3, 1, 1e2, 1e4 })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(classes, 7)], Math.Sqrt(budgets) / 30, Math.Sqrt(budgets) * 30);
            var program = new SemidefiniteProgram(model);
            foreach (GroupedMatrix? start in new[] { null, program.NuclearNorm.CreateMatrix() })
            {
                LayerPeeledSolution solution = new SemidefiniteSolver().Solve(program, start);
                Assert.Equal(SolverStatus.Optimal, solution.Status);
                Assertions.Near(SimplexEtf.BalancedObjective(model), solution.Objective, ObjectiveTolerance);
            }
        }
    }

    [Fact]
    public void Solve_LargeBudgetsAndImbalance_ClosesTheRelativeGap()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([100, 100, 3, 1], 1, 1e4);
        LayerPeeledSolution solution = new SemidefiniteSolver().Solve(model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.InRange(solution.Objective, 1e-59, 1e-58);
    }

    [Fact]
    public void Solve_BudgetsFarApart_TakeNoMoreIterations()
    {
        // Only the product of the budgets matters for Z, and the variables are scaled so that the method sees only that.
        int even = new SemidefiniteSolver().Solve(LayerPeeledModel.FromClassCounts([9, 5, 2, 1], 1, 1)).Iterations;
        int uneven = new SemidefiniteSolver().Solve(LayerPeeledModel.FromClassCounts([9, 5, 2, 1], 1e-4, 1e4)).Iterations;
        Assert.InRange(uneven, even - 2, even + 2);
    }

    [Fact]
    public void Solve_OtherPenalties_ReachTheSameOptimum()
    {
        ReferenceCase expected = ReferenceCases.All[4];
        foreach (double penalty in new[] { 1e-3, 1e3 })
        {
            var options = new SemidefiniteOptions { Penalty = penalty, Relaxation = 1 };
            LayerPeeledSolution adapted = new SemidefiniteSolver(options).Solve(expected.Model());
            Assertions.MatchesReference(expected, adapted, ObjectiveTolerance, GeometryTolerance);
            LayerPeeledSolution constant = new SemidefiniteSolver(options with { AdaptPenalty = false }).Solve(expected.Model());
            Assert.True(adapted.Iterations < constant.Iterations);
        }
    }

    [Fact]
    public void Solve_ClassesWithoutExamples_HaveNoFeatures()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([10, 10, 5, 0, 0], 1, 5);
        LayerPeeledSolution solution = new SemidefiniteSolver().Solve(model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.Equal(0, solution.ClassMeans.SubMatrix(0, 5, 3, 2).FrobeniusNorm());
    }

    [Fact]
    public void Solve_UnreachableTolerance_StallsBeforeTheIterationLimit()
    {
        LayerPeeledSolution solution = new SemidefiniteSolver(new SemidefiniteOptions { RelativeGapTolerance = 0, StationarityTolerance = 0 })
            .Solve(ReferenceCases.All[2].Model());
        Assert.Equal(SolverStatus.Stalled, solution.Status);
        Assert.True(solution.Iterations < 3000, $"{solution.Iterations} iterations");
        Assert.True(solution.Certificate.RelativeGap < 1e-11);
    }

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SemidefiniteOptions { Relaxation = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SemidefiniteOptions { Relaxation = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SemidefiniteOptions { Penalty = 0 });
    }
}
