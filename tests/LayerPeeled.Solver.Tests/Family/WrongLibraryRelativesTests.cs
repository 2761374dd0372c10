using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Family.Rectified;
using LayerPeeled.Solver.Family.Regression;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.Targets;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Family;

/// <summary>Soft targets and relatives on a native library that is wrong: no optimum that is none, no bound above the optimum.</summary>
public sealed class WrongLibraryRelativesTests
{
    private const double Rounding = 1e-12;
    private static readonly int[] Frequencies = [1, 3, 10];
    private static readonly LayerPeeledModel Classes = LayerPeeledModel.FromClassCounts([40, 9, 40, 9, 3, 1.5], 2, 3);

    private static readonly Dictionary<string, SoftTargetModel> Texts = new()
    {
        ["counts"] = new SoftTargetModel(SoftTargets.From(SoftTargetCases.RandomCounts(12, 20, 3)), 4, 3),
        ["symmetric"] = new SoftTargetModel(SoftTargets.From(Dense(8, 16, (j, c) => j == c % 8 ? 0.8 : j / 2 == c % 8 / 2 ? 0.1 : 0.1 / 6)), 1, 2),
        ["cyclic"] = new SoftTargetModel(SoftTargets.From(Dense(33, 33, (j, c) => j == c ? 0.6 : j == (c + 1) % 33 ? 0.4 : 0)), 2, 2),
        ["slack"] = new SoftTargetModel(SoftTargets.From(Dense(5, 7, (j, c) => (1.0 + ((j * c) % 3)) / (5 + Enumerable.Range(0, 5).Sum(i => (i * c) % 3)))), 50, 50),
        ["nearly slack"] = NearlySlack(),
    };

    public static TheoryData<string> TextNames => new(Texts.Keys);

    public static TheoryData<Lie> Lies => new(Enum.GetValues<Lie>());

    [Theory]
    [MemberData(nameof(TextNames))]
    public void Solve_SoftTargets_ClaimsNothingThatIsNotSo(string name)
    {
        SoftTargetModel model = Texts[name];
        var options = new AutomaticOptions { MaxIterations = 150 };
        // Next to slack budgets there is no curvature: the bounds are all that is known.
        SoftTargetSolution optimum = new SoftTargetSolver(new AutomaticSolver(options)).Solve(model);
        Assert.True(optimum.Status == SolverStatus.Optimal || name == "nearly slack");
        foreach (Lie lie in Enum.GetValues<Lie>())
        {
            foreach (int every in Frequencies)
            {
                string place = $"{name}, {lie}, every {every}";
                SoftTargetSolution solution = LyingBackend.Run(lie, every, () => new SoftTargetSolver(new AutomaticSolver(options)).Solve(model));
                (Matrix<double> w, Matrix<double> h) = (solution.Classifier, solution.Features);
                (double value, _) = TargetExcess.Of(model.Targets, w, h);
                Assert.True(solution.ExcessLowerBound <= optimum.ExcessUpperBound, $"{place}: a bound of {solution.ExcessLowerBound:R} above the optimum {optimum.ExcessUpperBound:R}");
                Assert.True(Math.Pow(w.FrobeniusNorm(), 2) <= w.RowCount * model.ClassifierBudget * (1 + (2 * Rounding)), $"{place}: W is feasible");
                Assert.True(Math.Pow(h.FrobeniusNorm(), 2) <= h.ColumnCount * model.FeatureBudget * (1 + (2 * Rounding)), $"{place}: H is feasible");
                if (solution.Status == SolverStatus.Optimal)
                {
                    double tolerance = (2 * solution.RelativeGap * value) + (Rounding * model.Targets.EntropyFloor);
                    Assert.True(value - optimum.ExcessLowerBound <= tolerance + optimum.ExcessUpperBound - optimum.ExcessLowerBound, $"{place}: {value:R} is no optimum, {optimum.Excess:R} is");
                    Assert.InRange(Math.Abs(value - solution.Excess), 0, tolerance);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public void Solve_Relatives_ClaimNothingThatIsNotSo(Lie lie)
    {
        var spherical = SphericalModel.FromClassCounts([40, 9, 40, 9, 3, 2], new FixedNorms(2), new FixedNorms(1), 5);
        SphericalSolution sphere = new SphericalSolver().Solve(spherical);
        var contrastive = ContrastiveModel.FromClassCounts([40, 9, 40, 9, 3, 2], 1.5);
        ContrastiveSolution contrast = new ContrastiveSolver().Solve(contrastive);
        foreach (int every in Frequencies)
        {
            var options = new SphericalOptions { MaxIterations = 100, Starts = 2 };
            if (Lied(lie, every, () => new SphericalSolver(options).Solve(spherical)) is { } found)
            {
                var objective = new SphericalObjective(spherical);
                double value = Math.Exp(objective.Evaluate([.. found.Classifier.ToRowMajorArray(), .. found.ClassMeans.ToColumnMajorArray()], new double[objective.Dimension]));
                Assert.True(found.LowerBound <= sphere.Objective * (1 + Rounding), $"{lie}, every {every}: a bound of {found.LowerBound:R} above {sphere.Objective:R}");
                Assert.Equal(value, found.Objective, Rounding * value);
            }

            if (Lied(lie, every, () => new ContrastiveSolver(new ContrastiveOptions { MaxIterations = 100 }).Solve(contrastive)) is { } other)
            {
                Assert.True(other.Certificate.ExcessLowerBound <= contrast.Certificate.Excess, $"{lie}, every {every}: a bound of {other.Certificate.ExcessLowerBound:R}");
                Assert.True(other.Certificate.Excess >= contrast.Certificate.ExcessLowerBound, $"{lie}, every {every}: {other.Certificate.Excess:R} is below the optimum");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public void Certificates_OfPoints_AreThoseOfAnHonestLibrary(Lie lie)
    {
        LayerPeeledSolution solution = new ReducedSolver().Solve(Classes);
        MaxMarginProgram margins = MaxMarginProgram.Of(Classes);
        MarginCertificate honest = MarginCertificate.Of(margins, solution.Factors);
        if (Lied(lie, 1, () => MarginCertificate.Of(margins, solution.Factors)) is { } lied)
        {
            Assert.Equal(honest.PrimalValue, lied.PrimalValue);
            Assert.True(lied.LowerBound <= honest.PrimalValue);
        }

        Matrix<double> features = solution.ClassMeans.PointwiseAbs();
        Assert.Equal(
            RectifiedCertificate.Of(Classes, solution.Classifier, features).PrimalValue,
            LyingBackend.Run(lie, 1, () => RectifiedCertificate.Of(Classes, solution.Classifier, features)).PrimalValue);
        Matrix<double> targets = Matrix<double>.Build.Dense(4, 30, (i, j) => Math.Sin((3 * i) + (5 * j)));
        var penalties = new Penalties(0.01, 0.02) { FeatureNorm = FeatureNorm.PerSample };
        Assert.Equal(RegressionCollapse.Of(targets, penalties).Objective, LyingBackend.Run(lie, 1, () => RegressionCollapse.Of(targets, penalties)).Objective);
    }

    // Null where the lie was found out: no claim is made then.
    private static T? Lied<T>(Lie lie, int every, Func<T> run)
        where T : class
    {
        try
        {
            return LyingBackend.Run(lie, every, run);
        }
        catch (DecompositionException)
        {
            return null;
        }
    }

    private static SparseColumns Dense(int rows, int columns, Func<int, int, double> entry) => SparseColumns.FromDense(Matrix<double>.Build.Dense(rows, columns, entry));

    // ‖log T‖_* exceeds r by a tenth of a millionth: a library that misses the last digits finds it within the budgets.
    private static SoftTargetModel NearlySlack()
    {
        SparseColumns targets = Dense(5, 7, (j, c) => (1.0 + ((j * c) % 3)) / (5 + Enumerable.Range(0, 5).Sum(i => (i * c) % 3)));
        Matrix<double> logits = Matrix<double>.Build.Dense(5, 7, (j, c) => Math.Log(targets.ValuesOf(c)[j]));
        double norm = (logits - Matrix<double>.Build.Dense(5, 7, (_, c) => logits.Column(c).Sum() / 5)).Svd(false).S.Sum() * (1 - 1e-7);
        return new SoftTargetModel(SoftTargets.From(targets), norm / 5, norm / 7);
    }
}
