using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Solvers;

public sealed class GeometryErrorTests
{
    private static readonly double[] Steep = Enumerable.Range(1, 150).Select(k => Math.Ceiling(1e5 / Math.Pow(k + 2.7, 1.07))).ToArray();
    private static readonly double[] Tail = Enumerable.Range(0, 100).Select(k => Math.Floor(500 * Math.Pow(100, -k / 99.0))).ToArray();
    private static readonly double[] Groups = [500, 500, 400, 400, 400, 90, 90, 20, 20, 20, 3];

    public static TheoryData<string, double, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, double, double>();
            foreach (string counts in new[] { nameof(Tail), nameof(Steep), nameof(Groups) })
            {
                foreach (double budget in new[] { 1, 5, 30.0 })
                {
                    foreach (double gap in new[] { 1e-3, 1e-4, 1e-6, 1e-10 })
                    {
                        cases.Add(counts, budget, gap);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GeometryError_AtAnyGap_CoversTheErrorsOfNormsAndCosines(string counts, double budget, double gap)
    {
        LayerPeeledModel model = Model(counts, budget);
        LayerPeeledSolution exact = Solve(model, 1e-12, 1e-8);
        foreach (double accuracy in new[] { 1, 1e-5 })
        {
            LayerPeeledSolution solution = Solve(model, gap, accuracy);
            Assert.Equal(SolverStatus.Optimal, solution.Status);
            Assert.True(solution.GeometryError <= accuracy, $"wanted {accuracy}, estimated {solution.GeometryError}");
            double error = Error(solution, exact);
            // Sums of products have errors of their own.
            Assert.True(solution.GeometryError == 1 || error <= solution.GeometryError + 1e-8, $"error {error}, estimated {solution.GeometryError}");
        }
    }

    [Theory]
    [InlineData(nameof(Tail), 1)]
    [InlineData(nameof(Tail), 30)]
    [InlineData(nameof(Steep), 1)]
    [InlineData(nameof(Steep), 5)]
    [InlineData(nameof(Groups), 1)]
    [InlineData(nameof(Groups), 30)]
    public void MultiplierErrorTolerance_AnyValue_CoversTheErrorOfTheMultiplier(string counts, double budget)
    {
        LayerPeeledModel model = Model(counts, budget);
        double exact = Solve(model, 1e-12, 1e-8).Multiplier;
        foreach (double wanted in new[] { 1e-3, 1e-5, 5e-7 })
        {
            var options = new LowRankOptions { RelativeGapTolerance = 1e-2, GeometryErrorTolerance = 1, MultiplierErrorTolerance = wanted };
            LayerPeeledSolution solution = new ReducedSolver(options).Solve(model);
            double error = Math.Abs((solution.Multiplier / exact) - 1), estimate = solution.Outcome.Error.Multiplier;
            Assert.True(estimate <= wanted, $"wanted {wanted}, estimated {estimate}");
            Assert.True(error <= estimate + 1e-9, $"error {error}, estimated {estimate}");
        }
    }

    [Fact]
    public void GeometryError_OfAMethodWithoutSecondOrderFinish_CoversTheErrorsOfNormsAndCosines()
    {
        LayerPeeledModel model = Model(nameof(Groups), 5);
        LayerPeeledSolution solution = new NuclearNormSolver(new NuclearNormOptions { RelativeGapTolerance = 1e-6 }).Solve(model);
        LayerPeeledSolution exact = new LowRankSolver(new LowRankOptions { RelativeGapTolerance = 1e-13 }).Solve(NuclearNormProgram.ForClasses(model), null);

        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.InRange(solution.GeometryError, Error(solution, exact), 1);
    }

    [Fact]
    public void Solve_LooseGap_StopsThere()
    {
        LayerPeeledModel model = Model(nameof(Tail), 5);

        LayerPeeledSolution loose = Solve(model, 1e-4, null), tight = Solve(model, 1e-10, null);

        Assert.Equal((SolverStatus.Optimal, SolverStatus.Optimal), (loose.Status, tight.Status));
        Assert.True(loose.Certificate.RelativeGap > 1e-7, $"went on to {loose.Certificate.RelativeGap}");
        Assert.True(loose.Iterations < tight.Iterations);
        Assert.True(loose.GeometryError > tight.GeometryError);
        Assert.True(tight.GeometryError <= 1e-8);
    }

    [Fact]
    public void GeometryErrorTolerance_NotSet_AsksForDigitsOnlyWithTheDefaultGapOrASmallerOne()
    {
        Assert.Equal(1e-8, new AutomaticOptions().GeometryErrorTolerance);
        Assert.Equal(1e-8, new AutomaticOptions { RelativeGapTolerance = 1e-12 }.GeometryErrorTolerance);
        Assert.Equal(1, new AutomaticOptions { RelativeGapTolerance = 1e-9 }.GeometryErrorTolerance);
        Assert.Equal(0.5, new AutomaticOptions { GeometryErrorTolerance = 0.5 }.GeometryErrorTolerance);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(1.5)]
    public void GeometryErrorTolerance_OutsideZeroToOne_IsRefusedByName(double value)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new AutomaticOptions { GeometryErrorTolerance = value });
        Assert.Equal(nameof(SolverOptions.GeometryErrorTolerance), error.ParamName);
    }

    private static LayerPeeledModel Model(string counts, double budget) =>
        LayerPeeledModel.FromClassCounts(counts == nameof(Tail) ? Tail : counts == nameof(Steep) ? Steep : Groups, 1, budget);

    private static LayerPeeledSolution Solve(LayerPeeledModel model, double gap, double? accuracy)
    {
        var options = new LowRankOptions { RelativeGapTolerance = gap };
        return new ReducedSolver(accuracy is { } error ? options with { GeometryErrorTolerance = error } : options).Solve(model);
    }

    // The largest relative error of a norm and absolute one of a cosine
    private static double Error(LayerPeeledSolution solution, LayerPeeledSolution exact)
    {
        double largest = 0;
        for (int g = 0; g < exact.Model.Groups.Count; g++)
        {
            GroupGeometry computed = solution.Groups[g], wanted = exact.Groups[g];
            largest = Math.Max(largest, Norm(computed.ClassifierNorm2, wanted.ClassifierNorm2, exact.Model.ClassifierBudget));
            largest = Math.Max(largest, Norm(computed.FeatureNorm2, wanted.FeatureNorm2, exact.Model.FeatureBudget));
        }

        Compare(solution.ClassifierCosines, exact.ClassifierCosines, g => exact.Groups[g].ClassifierNorm2 / exact.Model.ClassifierBudget);
        Compare(solution.FeatureCosines, exact.FeatureCosines, g => exact.Groups[g].FeatureNorm2 / exact.Model.FeatureBudget);
        return largest;

        // Vectors shorter than a hundredth count as that long.
        static double Norm(double computed, double wanted, double budget) =>
            Math.Abs(Math.Sqrt(computed) - Math.Sqrt(wanted)) / Math.Max(Math.Sqrt(wanted), 0.01 * Math.Sqrt(budget));

        void Compare(Matrix<double> cosines, Matrix<double> wanted, Func<int, double> share)
        {
            foreach ((int i, int j, double cosine) in cosines.EnumerateIndexed())
            {
                double length = Math.Min(1, Math.Sqrt(Math.Min(share(i), share(j))) / 0.01);
                largest = double.IsNaN(cosine) ? largest : Math.Max(largest, length * Math.Abs(cosine - wanted[i, j]));
            }
        }
    }
}
