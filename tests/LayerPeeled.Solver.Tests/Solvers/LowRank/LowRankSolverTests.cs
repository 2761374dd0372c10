using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers.LowRank;

public sealed class LowRankSolverTests
{
    private const double ObjectiveTolerance = 1e-11;
    private const double GeometryTolerance = 1e-7;

    public static TheoryData<int> AllCases => ReferenceCases.Indices();

    [Theory]
    [MemberData(nameof(AllCases))]
    public void Solve_ReferenceCaseReduced_MatchesTwentyDigits(int index)
    {
        ReferenceCase expected = ReferenceCases.All[index];
        LayerPeeledSolution solution = new ReducedSolver().Solve(expected.Model());
        Assertions.MatchesReference(expected, solution, ObjectiveTolerance, GeometryTolerance);
        Assertions.Near(expected.Multiplier, solution.Multiplier, GeometryTolerance, "multiplier");
    }

    [Theory]
    [MemberData(nameof(AllCases))]
    public void Solve_ReferenceCaseClassByClass_MatchesTwentyDigits(int index)
    {
        ReferenceCase expected = ReferenceCases.All[index];
        LayerPeeledSolution solution = new LowRankSolver().Solve(expected.Model());
        Assertions.MatchesReference(expected, solution, ObjectiveTolerance, GeometryTolerance);
    }

    [Fact]
    public void Solve_RandomStart_ReachesTheSameOptimum()
    {
        // No spurious local minima when the rank is not restricted.
        ReferenceCase expected = ReferenceCases.All.Single(c => c.ToString() == "5+5 R=10 E=1x5");
        for (int seed = 0; seed < 5; seed++)
        {
            LayerPeeledSolution solution = new LowRankSolver(new LowRankOptions { Start = LowRankStart.Random, Seed = seed }).Solve(expected.Model());
            Assertions.MatchesReference(expected, solution, ObjectiveTolerance, GeometryTolerance);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Solve_Balanced_MatchesClosedFormAndIsSimplexEtf(int classes)
    {
        foreach (double budgets in new[] { 1e-6, 1e-3, 1, 5, 1e2, 1e4 })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(classes, 7)], Math.Sqrt(budgets) / 3, Math.Sqrt(budgets) * 3);
            LayerPeeledSolution solution = new ReducedSolver().Solve(model);
            Assert.Equal(SolverStatus.Optimal, solution.Status);
            Assertions.Near(SimplexEtf.BalancedObjective(model), solution.Objective, 1e-12, $"objective at K={classes}, E={budgets}");
            if (classes <= 100)
            {
                Assert.True(EtfCheck.Of(solution.Classifier, solution.ClassMeans).IsSimplexEtf(1e-12));
            }
        }
    }

    [Fact]
    public void Solve_RealLongTail_MatchesKnownOptimum()
    {
        double[] counts = File.ReadLines(ReferenceCases.PathOf("places_lt_counts.csv")).Skip(1)
            .Select(line => double.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        LayerPeeledSolution solution = new ReducedSolver().Solve(LayerPeeledModel.FromClassCounts(counts, 1, 5));
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.True(solution.Certificate.RelativeGap <= 1e-10);
        Assertions.Within(1.20133081164, solution.Objective, 1e-9);
        Assertions.Within(97.611, solution.CriticalClassSize, 1e-3);
        Assert.Equal(226, solution.ClassesBelowCriticalSize);
    }

    [Fact]
    public void Solve_MillionClasses_FormsNothingOfTheirSize()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(300_000, 50), new(700_000, 2)], 1, 5);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        LayerPeeledSolution solution = new ReducedSolver().Solve(model);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.Equal(2, solution.Groups.Count);
        Assert.True(allocated < 50_000_000, $"{allocated} bytes");
    }

    [Fact]
    public void Solve_ZeroCountClasses_CollapseAndHaveNoFeatures()
    {
        // The paper's R = ∞: as R grows the minority classifiers meet.
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(5, 100), new(5, 0)], 1, 5);
        foreach (ISolver solver in new ISolver[] { new ReducedSolver(), new LowRankSolver() })
        {
            LayerPeeledSolution solution = solver.Solve(model);
            Assert.Equal(SolverStatus.Optimal, solution.Status);
            Assertions.Within(0, solution.Groups[1].FeatureNorm2, 1e-16);
            Assertions.Within(1, solution.Groups[1].ClassifierCosine, 1e-9);
            Assert.True(double.IsNaN(solution.Groups[1].FeatureCosine));
            Assert.True(solution.Groups[1].Collapsed);
        }
    }

    [Fact]
    public void Solve_DimensionBelowRank_ReturnsBestPointWithOpenCertificate()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(5, 2), new(5, 1)], 1, 5, featureDimension: 3);
        LayerPeeledSolution solution = new LowRankSolver().Solve(model);
        Assert.Equal(SolverStatus.Stalled, solution.Status);
        Assert.True(solution.Certificate.RelativeGap > 1e-3);
        Assert.Equal((10, 3), (solution.Classifier.RowCount, solution.Classifier.ColumnCount));
        LayerPeeledSolution relaxed = new LowRankSolver().Solve(LayerPeeledModel.FromClassGroups([new(5, 2), new(5, 1)], 1, 5));
        Assert.True(solution.Objective > relaxed.Objective);
        Assert.True(solution.Certificate.LowerBound <= relaxed.Objective);
        Assert.True(solution.Objective < Math.Log(10), "better than telling nothing apart");
    }

    [Fact]
    public void Solve_WarmStart_NeedsFewerIterations()
    {
        NuclearNormProgram neighbour = NuclearNormProgram.ForGroups(LayerPeeledModel.FromClassGroups([new(5, 9.9), new(5, 1)], 1, 5));
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(5, 10), new(5, 1)], 1, 5);
        LayerPeeledSolution near = new ReducedSolver().Solve(neighbour.Model);
        LayerPeeledSolution cold = new ReducedSolver().Solve(model);
        LayerPeeledSolution warm = new ReducedSolver().Solve(model, near.Factors);
        Assert.Equal(SolverStatus.Optimal, warm.Status);
        Assert.True(warm.Iterations < cold.Iterations, $"{warm.Iterations} against {cold.Iterations}");
        Assertions.Near(cold.Objective, warm.Objective, 1e-13);
    }

    [Fact]
    public void Classifier_ReducedSolution_ReproducesCertificateFromMatrices()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([50, 7, 7, 50, 3, 50, 1], 2, 3);
        LayerPeeledSolution solution = new ReducedSolver().Solve(model);
        DualityCertificate certificate = DualityGap.Certify(model, solution.Classifier, solution.ClassMeans);
        Assertions.Near(solution.Objective, certificate.PrimalValue, 1e-13);
        Assert.True(certificate.Closes(1e-9));
        Assert.True(certificate.ConstraintViolation <= 1e-13);
        Assertions.Within(0, (solution.Logits() - (solution.Classifier * solution.ClassMeans)).FrobeniusNorm(), 1e-12);
        Assertions.Within(0, (solution.ClassifierGram() - (solution.Classifier * solution.Classifier.Transpose())).FrobeniusNorm(), 1e-12);
        Assertions.Within(0, (solution.FeatureGram() - (solution.ClassMeans.Transpose() * solution.ClassMeans)).FrobeniusNorm(), 1e-12);
        Assert.True(solution.SemidefinitePoint().Evd().EigenValues.Select(v => v.Real).Min() > -1e-12);
    }
}
