using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Family.Spherical;

public sealed class SphericalBoundTests
{
    public static TheoryData<int> Cases => new(Enumerable.Range(0, 12));

    // Bounds from any points whatever, in any dimension, against the best of all points of all of them.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Below_AnyPoint_IsNotAboveTheBestLossInAnyDimension(int seed)
    {
        var random = new Random(seed);
        int classes = random.Next(2, 7);
        double[] counts = Enumerable.Range(0, classes).Select(_ => Math.Ceiling(Math.Pow(10, 2 * random.NextDouble()))).ToArray();
        NormConstraint Set() => random.Next(3) switch
        {
            0 => new MeanNorm(0.5 + random.NextDouble()),
            1 => new FixedNorms(0.5 + random.NextDouble()),
            _ => new FixedNorms(Enumerable.Range(0, classes).Select(_ => 0.2 + (3 * random.NextDouble()))),
        };
        SphericalModel model = SphericalModel.FromClassCounts(counts, Set(), Set(), 2 * classes, Math.Pow(10, random.NextDouble() - 1));
        SphericalSolution best = new SphericalSolver().Solve(model);
        Assert.True(best.Status == SolverStatus.Optimal, $"{best.Status}, relative gap {best.RelativeGap}");
        Assert.True(best.LowerBound <= best.Objective);
        for (int trial = 0; trial < 20; trial++)
        {
            SphericalModel other = model.WithDimension(random.Next(1, 2 * classes));
            var objective = new SphericalObjective(other);
            double[] point = Enumerable.Range(0, objective.Dimension).Select(_ => RandomPoints.Normal(random)).ToArray();
            double value = Math.Exp(objective.Evaluate(point, new double[point.Length])), bound = SphericalBound.Below(other, objective);
            Assert.True(bound <= best.Objective, $"{bound} above {best.Objective}");
            Assert.True(value >= best.LowerBound, $"{value} below {best.LowerBound}");
        }
    }

    [Theory]
    [InlineData(1, 9)]
    [InlineData(5, 9)]
    [InlineData(5, 20)]
    [InlineData(20, 12)]
    public void Solve_UnbalancedSpheres_IsProvenAndAboveTheNuclearNormRelaxation(double budget, int dimension)
    {
        ClassGroup[] groups = [new(5, 100), new(5, 10)];
        SphericalSolution spheres = new SphericalSolver().Solve(SphericalModel.FromClassGroups(groups, new FixedNorms(1), new FixedNorms(budget), dimension));
        LayerPeeledSolution budgets = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassGroups(groups, 1, budget));
        Assert.Equal(SolverStatus.Optimal, spheres.Status);
        Assert.True(spheres.RelativeGap <= 1e-8);
        // From the matrices alone, and from some that are not optimal
        double bound = SphericalBound.Below(spheres.Model, 3 * spheres.Classifier, spheres.ClassMeans);
        Assertions.Near(spheres.Objective, bound, 1e-8);
        Assert.True(bound <= spheres.Objective);
        Assert.True(SphericalBound.Below(spheres.Model, spheres.Classifier, spheres.Classifier.Transpose()) < bound);
        _ = Assert.Throws<ArgumentException>(() => SphericalBound.Below(spheres.Model, spheres.Classifier, spheres.Classifier));
        _ = Assert.Throws<ArgumentException>(() => SphericalBound.Below(spheres.Model, 0 * spheres.Classifier, spheres.ClassMeans));
        // The relaxation alone would have left a gap.
        Assert.True(budgets.Objective < 0.99 * spheres.LowerBound, $"{budgets.Objective} and {spheres.LowerBound}");
    }

    // With all multipliers too small by one amount, in units of the norms, S has its least eigenvalue at minus that amount, and what is added is the amount itself.
    [Theory]
    [InlineData(0.001)]
    [InlineData(0.1)]
    [InlineData(10)]
    public void Lifted_MultipliersTooSmall_IsTheBoundOfTheRightOnes(double amount)
    {
        double[] norms2 = [4, 3, 2, 1, 0.5];
        SphericalModel model = SphericalModel.FromClassCounts([50, 40, 30, 20, 10], new FixedNorms(norms2), new FixedNorms(3), 10, 0.8);
        SphericalSolution solution = new SphericalSolver(new SphericalOptions { RelativeGapTolerance = 1e-10 }).Solve(model);
        var objective = new SphericalObjective(model);
        double[] point = [.. solution.Classifier.ToRowMajorArray(), .. solution.ClassMeans.ToColumnMajorArray()];
        _ = objective.Evaluate(point, new double[point.Length]);
        (double[] dual, double values) = SphericalBound.Dual(objective.LogitGradient, objective.Weights);
        double[] multipliers = SphericalBound.Multipliers(model, objective.Vectors, dual);
        Assertions.Near(solution.Objective, SphericalBound.Lifted(model, dual, values, multipliers), 1e-9);
        for (int k = 0; k < 10; k++)
        {
            multipliers[k] -= amount / (k < 5 ? norms2.Average() : 3);
        }

        double bound = SphericalBound.Lifted(model, dual, values, multipliers);
        Assertions.Within(solution.Objective, bound, 1e-9 * (1 + amount));
        Assert.True(bound <= solution.Objective, $"{bound} above {solution.Objective}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Solve_LongTailOnSpheres_IsProven(double budget)
    {
        IEnumerable<double> counts = Enumerable.Range(0, 40).Select(k => Math.Round(1e5 * Math.Pow(0.01, k / 39.0)));
        SphericalSolution solution = new SphericalSolver(new SphericalOptions { Starts = 1 }).Solve(
            SphericalModel.FromClassCounts(counts, new FixedNorms(1), new FixedNorms(budget), 39));
        Assert.True(solution.Status == SolverStatus.Optimal, $"{solution.Status}, relative gap {solution.RelativeGap}");
    }

    [Fact]
    public void Solve_OtherExponents_HaveNoBound()
    {
        SphericalSolution solution = new SphericalSolver(new SphericalOptions { Starts = 2 }).Solve(
            SphericalModel.FromClassGroups([new(3, 1)], new MeanNorm(1), new MeanNorm(1, 3), 3));
        Assert.Equal((0, SolverStatus.Stationary), (solution.LowerBound, solution.Status));
    }
}
