using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers.Automatic;

public sealed class AutomaticSolverTests
{
    // The root of roundoff: what a stationary value says about the point.
    private const double AngleTolerance = 1e-7;

    [Fact]
    public void Solve_StepImbalance_SaysWhichMethodAndWhy()
    {
        ReferenceCase expected = ReferenceCases.All[0];
        LayerPeeledSolution solution = LayerPeeledSolver.Solve(expected.Model());
        Assertions.MatchesReference(expected, solution, 1e-11, 1e-7);
        Assert.Equal("reduced", solution.Method);
        Assert.Contains("10 classes in 2 groups", solution.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(512)]
    public void Solve_DimensionAtLeastRank_IsOptimal(int dimension)
    {
        LayerPeeledSolution solution = LayerPeeledSolver.Solve(ReferenceCases.All[0].Model(dimension));
        Assertions.MatchesReference(ReferenceCases.All[0], solution, 1e-11, 1e-7);
        Assert.Equal(dimension, solution.Classifier.ColumnCount);
    }

    [Fact]
    public void Solve_CollapsedModelInFewDimensions_IsStillOptimal()
    {
        // 5 majority directions are enough once the minority has collapsed: rank(Z*) = 5 < K − 1.
        ReferenceCase expected = ReferenceCases.All.Single(c => c.ToString() == "5+5 R=100 E=1x5");
        LayerPeeledSolution solution = LayerPeeledSolver.Solve(expected.Model(5));
        Assertions.MatchesReference(expected, solution, 1e-10, 1e-6);
        Assert.Equal((10, 5), (solution.Classifier.RowCount, solution.Classifier.ColumnCount));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Solve_DimensionBelowRank_FallsBackToFactorFormAndStaysOpen(int dimension)
    {
        LayerPeeledModel model = ReferenceCases.All[0].Model(dimension);
        LayerPeeledSolution solution = LayerPeeledSolver.Solve(model);
        Assert.Equal(SolverStatus.Stationary, solution.Status);
        Assert.Equal(9, solution.ExcessRank);
        Assert.Contains("exceeds p", solution.Reason, StringComparison.Ordinal);
        // The bound is that of the relaxation, which holds for every p; the point is at least as good as the method alone finds.
        Assertions.Near(ReferenceCases.All[0].Objective, solution.Certificate.LowerBound, 1e-9);
        Assert.True(solution.Objective <= new ReducedSolver().Solve(model).Objective);
        Assert.Equal(dimension, solution.Classifier.ColumnCount);
    }

    [Fact]
    public void Solve_TenClassesInThePlane_IsTheStationaryRegularDecagon()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(10, 1)], 1, 5, featureDimension: 2);
        LayerPeeledSolution solution = LayerPeeledSolver.Solve(model);
        Assert.Equal(SolverStatus.Stationary, solution.Status);
        Assert.Contains("not tight", solution.Reason, StringComparison.Ordinal);
        double decagon = Math.Log(Enumerable.Range(0, 10).Sum(j => Math.Exp(Math.Sqrt(5) * (Math.Cos(Math.PI * j / 5) - 1))));
        Assertions.Near(decagon, solution.Objective, 1e-10);
        GroupGeometry group = Assert.Single(solution.Groups);
        Assertions.Within(-1.0 / 9, group.ClassifierCosine, AngleTolerance);
        Assertions.Within(-1, group.LeastClassifierCosine, AngleTolerance);
        Assertions.Within(Math.Cos(Math.PI / 5), group.LargestClassifierCosine, AngleTolerance);
        Assertions.Within(-1, group.LeastFeatureCosine, AngleTolerance);
        Assertions.Within(Math.Cos(Math.PI / 5), group.LargestFeatureCosine, AngleTolerance);
    }

    [Fact]
    public void Groups_OfSymmetricOptimum_HaveOneCosine()
    {
        LayerPeeledSolution reduced = LayerPeeledSolver.Solve(ReferenceCases.All[0].Model());
        LayerPeeledSolution classes = new LowRankSolver().Solve(ReferenceCases.All[0].Model());
        foreach ((GroupGeometry expected, GroupGeometry found) in reduced.Groups.Zip(classes.Groups))
        {
            Assert.Equal((expected.ClassifierCosine, expected.ClassifierCosine), (expected.LeastClassifierCosine, expected.LargestClassifierCosine));
            Assertions.Within(expected.ClassifierCosine, found.LeastClassifierCosine, AngleTolerance);
            Assertions.Within(expected.FeatureCosine, found.LargestFeatureCosine, AngleTolerance);
        }
    }

    [Fact]
    public void Solve_TinyTimeLimit_ReturnsFeasiblePoint()
    {
        LayerPeeledModel model = ReferenceCases.All[0].Model();
        LayerPeeledSolution solution = new AutomaticSolver(new AutomaticOptions { TimeLimit = TimeSpan.FromTicks(1) }).Solve(model);
        Assert.Equal(SolverStatus.TimeLimit, solution.Status);
        Assert.True(solution.Certificate.LowerBound <= solution.Objective);
        Assert.Throws<NotOptimalException>(() => solution.EnsureOptimal());
    }
}
