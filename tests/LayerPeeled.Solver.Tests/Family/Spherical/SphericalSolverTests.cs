using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Family.Spherical;

public sealed class SphericalSolverTests
{
    private const double Roundoff = 1e-12;

    // Descents end at a stationarity of 1e-9: angles are that accurate times what the loss is flat, values its square.
    private const double ObjectiveTolerance = 1e-10;
    private const double AngleTolerance = 1e-6;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Solve_TenClassesInThePlane_IsTheRegularDecagon(bool spheres)
    {
        SphericalSolution solution = Solve(10, 2, 1, spheres ? new FixedNorms(1) : new MeanNorm(1), spheres ? new FixedNorms(5) : new MeanNorm(5));
        double expected = Math.Log(Enumerable.Range(0, 10).Sum(j => Math.Exp(Math.Sqrt(5) * (Math.Cos(Math.PI * j / 5) - 1))));
        Assertions.Within(1.0595238, expected, 5e-8);
        Assertions.Near(expected, solution.Objective, ObjectiveTolerance);
        Assert.Equal(SolverStatus.Stationary, solution.Status);
        Assertions.Within(Math.Cos(Math.PI / 5), solution.Groups[0].LargestClassifierCosine, AngleTolerance);
        Assertions.Within(-1, solution.Groups[0].LeastClassifierCosine, AngleTolerance);
        Assertions.Within(1 - Math.Cos(Math.PI / 5), SoftmaxCode.OneVersusRestDistance(solution.Classifier), AngleTolerance);
        Assertions.Within(5, solution.Groups[0].FeatureNorm2, AngleTolerance);
        // The nine dimensions of the relaxation reach less: log(1 + 9·e^{−√5·10/9}).
        Assertions.Near(Math.Log(1 + (9 * Math.Exp(-Math.Sqrt(5) * 10 / 9))), solution.LowerBound, 1e-8);
    }

    [Theory]
    [InlineData(5, 0.2)]
    [InlineData(7, 0.03)]
    [InlineData(8, 1)]
    public void Solve_InThePlane_IsTheRegularPolygon(int classes, double temperature)
    {
        SphericalSolution solution = Solve(classes, 2, temperature);
        double cosine = Math.Cos(2 * Math.PI / classes);
        Assertions.Near(Regular(Enumerable.Range(1, classes - 1).Select(j => Math.Cos(2 * Math.PI * j / classes)), temperature), solution.Objective, 1e-8);
        Assertions.Within(cosine, solution.Groups[0].LargestClassifierCosine, AngleTolerance);
        Assertions.Within(1 - cosine, SoftmaxCode.OneVersusRestDistance(solution.Classifier), AngleTolerance);
    }

    // Tetrahedron, octahedron, icosahedron: the cosines between one vertex and the others
    [Theory]
    [InlineData(4, 1.0)]
    [InlineData(4, 0.05)]
    [InlineData(6, 1.0)]
    [InlineData(6, 0.05)]
    [InlineData(12, 0.3)]
    [InlineData(12, 0.05)]
    public void Solve_InSpace_IsTheRegularSolid(int classes, double temperature)
    {
        double root = 1 / Math.Sqrt(5);
        double[] cosines = classes switch
        {
            4 => [-1.0 / 3, -1.0 / 3, -1.0 / 3],
            6 => [0, 0, 0, 0, -1],
            _ => [root, root, root, root, root, -root, -root, -root, -root, -root, -1],
        };
        SphericalSolution solution = Solve(classes, 3, temperature);
        Assertions.Near(Regular(cosines, temperature), solution.Objective, 1e-8);
        Assert.Equal(classes == 4 ? SolverStatus.Optimal : SolverStatus.Stationary, solution.Status);
        Assertions.Within(cosines.Max(), solution.Groups[0].LargestClassifierCosine, AngleTolerance);
        Assertions.Within(cosines.Min(), solution.Groups[0].LeastClassifierCosine, AngleTolerance);
        Assertions.Within(cosines.Max(), solution.Groups[0].LargestFeatureCosine, AngleTolerance);
        Assertions.Within(classes == 4 ? 4.0 / 3 : 1 - cosines.Max(), SoftmaxCode.OneVersusRestDistance(solution.Classifier), AngleTolerance);
        Assertions.Within(1 - cosines.Max(), solution.Margin, AngleTolerance);
    }

    [Fact]
    public void Solve_FiveClassesInSpace_ApproachesTheBestDistanceAsTheTemperatureFalls()
    {
        // For p + 2 ≤ K ≤ 2p the largest one-versus-rest distance of unit vectors is 1.
        double far = SoftmaxCode.OneVersusRestDistance(Solve(5, 3, 0.1).Classifier), near = SoftmaxCode.OneVersusRestDistance(Solve(5, 3, 0.01).Classifier);
        Assert.True(1 - near is > 0 and < 1e-3 && 1 - near < (1 - far) / 5, $"{far}, {near}");
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(5, 4)]
    [InlineData(10, 15)]
    public void Solve_BalancedSpheresWithEnoughDimensions_IsTheProvenSimplexEtf(int classes, int dimension)
    {
        SphericalSolution solution = Solve(classes, dimension, 0.3);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assertions.Near(Regular(Enumerable.Repeat(-1.0 / (classes - 1), classes - 1), 0.3), solution.Objective, Roundoff * 10);
        _ = Assert.Single(solution.StartObjectives);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public void Solve_Budgets_IsTheLayerPeeledModel(int dimension)
    {
        ClassGroup[] groups = [new(5, 100), new(5, 10)];
        LayerPeeledSolution expected = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassGroups(groups, 1, 5));
        SphericalSolution solution = new SphericalSolver().Solve(SphericalModel.FromClassGroups(groups, new MeanNorm(1), new MeanNorm(5), dimension));
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assertions.Near(expected.Objective, solution.Objective, 1e-8);
        Assertions.Within(expected.Groups[1].ClassifierCosine, solution.Groups[1].ClassifierCosine, 1e-3);
    }

    // The temperature is a factor of the norms.
    [Fact]
    public void Solve_TemperatureInsteadOfNorms_IsTheSame()
    {
        ClassGroup[] groups = [new(3, 20), new(2, 5)];
        double cold = new SphericalSolver().Solve(SphericalModel.FromClassGroups(groups, new FixedNorms(1), new FixedNorms(1), 4, 0.25)).Objective;
        double large = new SphericalSolver().Solve(SphericalModel.FromClassGroups(groups, new FixedNorms(4), new FixedNorms(4), 4)).Objective;
        Assertions.Near(large, cold, 1e-9);
    }

    [Fact]
    public void Solve_VectorsOfGivenNorms_HaveThem()
    {
        double[] norms2 = [4, 3, 2, 1, 0.5];
        SphericalModel model = SphericalModel.FromClassCounts([50, 40, 30, 20, 10], new FixedNorms(norms2), new FixedNorms(1), 4);
        SphericalSolution solution = new SphericalSolver().Solve(model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        for (int k = 0; k < 5; k++)
        {
            Assertions.Near(norms2[k], Math.Pow(solution.Classifier.Row(k).L2Norm(), 2), Roundoff);
            Assertions.Near(1, Math.Pow(solution.ClassMeans.Column(k).L2Norm(), 2), Roundoff);
        }
    }

    [Fact]
    public void Solve_SameSeed_IsTheSameRun()
    {
        SphericalModel model = SphericalModel.FromClassGroups([new(9, 1)], new FixedNorms(1), new FixedNorms(1), 3, 0.1);
        SphericalSolution first = new SphericalSolver(new SphericalOptions { Seed = 4, Starts = 3 }).Solve(model);
        SphericalSolution second = new SphericalSolver(new SphericalOptions { Seed = 4, Starts = 3 }).Solve(model);
        Assert.Equal(first.Classifier, second.Classifier);
        Assert.Equal(first.StartObjectives, second.StartObjectives);
        Assert.Equal(first.Objective, first.StartObjectives.Min());
        Assert.Equal(3, first.StartObjectives.Count);
    }

    [Fact]
    public void Solve_Stopped_ReturnsAPointWithItsBound()
    {
        SphericalModel model = SphericalModel.FromClassGroups([new(8, 20), new(4, 1)], new FixedNorms(1), new FixedNorms(5), 4);
        SphericalSolution cancelled = new SphericalSolver().Solve(model, null, new CancellationToken(true));
        SphericalSolution limited = new SphericalSolver(new SphericalOptions { MaxIterations = 2, Starts = 2 }).Solve(model);
        SphericalSolution late = new SphericalSolver(new SphericalOptions { TimeLimit = TimeSpan.FromSeconds(5), Clock = new RunningClock() }).Solve(model);
        Assert.Equal((SolverStatus.Cancelled, SolverStatus.IterationLimit, SolverStatus.TimeLimit), (cancelled.Status, limited.Status, late.Status));
        Assert.Equal(4, limited.Iterations);
        Assert.All(new[] { cancelled, limited, late }, s => Assert.True(s.LowerBound <= s.Objective && double.IsFinite(s.Objective)));
    }

    [Fact]
    public void Solve_WithoutABound_ProvesNothing()
    {
        SphericalModel model = SphericalModel.FromClassGroups([new(4, 1)], new FixedNorms(1), new FixedNorms(1), 3);
        SphericalSolution solution = new SphericalSolver(new SphericalOptions { LowerBound = false, Starts = 2 }).Solve(model);
        Assert.Equal((SolverStatus.Stationary, 0), (solution.Status, solution.LowerBound));
    }

    [Fact]
    public void LossGrowsWithLength_WhereTheVectorsPointTheWrongWay_IsTrue()
    {
        var objective = new SphericalObjective(SphericalModel.FromClassGroups([new(3, 1)], new MeanNorm(1), new MeanNorm(1), 2));
        double[] w = [1, 0, -0.5, 0.9, -0.5, -0.9], against = Array.ConvertAll(w, x => -x);
        Assert.True(objective.AllowsShorterVectors);
        Assert.True(objective.LossGrowsWithLength([.. w, .. against]));
        Assert.False(objective.LossGrowsWithLength([.. w, .. w]));
    }

    [Fact]
    public void Model_ArgumentOutOfRange_IsRefused()
    {
        ClassGroup[] groups = [new(3, 1)];
        _ = Assert.Throws<ArgumentException>(() => SphericalModel.FromClassGroups(groups, new FixedNorms([1, 2]), new FixedNorms(1), 2));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => SphericalModel.FromClassGroups(groups, new FixedNorms(0), new FixedNorms(1), 2));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => SphericalModel.FromClassGroups(groups, new FixedNorms(1), new MeanNorm(1, 1), 2));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => SphericalModel.FromClassGroups(groups, new FixedNorms(1), new FixedNorms(1), 0));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => SphericalModel.FromClassGroups(groups, new FixedNorms(1), new FixedNorms(1), 2, 1e-3));
    }

    private static SphericalSolution Solve(int classes, int dimension, double temperature, NormConstraint? classifiers = null, NormConstraint? features = null) =>
        new SphericalSolver(new SphericalOptions { Starts = 6 }).Solve(
            SphericalModel.FromClassGroups([new(classes, 1)], classifiers ?? new FixedNorms(1), features ?? new FixedNorms(1), dimension, temperature));

    // The loss where every class sees the others at these cosines
    private static double Regular(IEnumerable<double> cosines, double temperature)
    {
        double sum = cosines.Sum(c => Math.Exp((c - 1) / temperature));
        return sum < 1e-8 ? sum - (sum * sum / 2) : Math.Log(1 + sum);
    }
}
