using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.Merged;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Solvers.Semidefinite;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers;

/// <summary>On a native library that is wrong no method claims an optimum that is none, a bound above the optimum, or a value below that of its point.</summary>
public sealed class WrongLibraryTests
{
    private static readonly int[] Frequencies = [1, 3, 10];

    private static readonly Dictionary<string, Func<ISolver>> Solvers = new()
    {
        ["low-rank"] = () => new LowRankSolver(new LowRankOptions { MaxIterations = 60 }),
        ["reduced"] = () => new ReducedSolver(new LowRankOptions { MaxIterations = 60 }),
        ["merged"] = () => new MergedSolver(new LowRankOptions { MaxIterations = 60 }),
        ["nuclear-norm"] = () => new NuclearNormSolver(new NuclearNormOptions { MaxIterations = 40 }),
        ["frank-wolfe"] = () => new FrankWolfeSolver(new FrankWolfeOptions { MaxIterations = 20 }),
        ["sdp"] = () => new SemidefiniteSolver(new SemidefiniteOptions { MaxIterations = 20 }),
        ["projected-gradient"] = () => new ProjectedGradientSolver(new ProjectedGradientOptions { MaxIterations = 60 }),
        ["auto"] = () => new AutomaticSolver(new AutomaticOptions { MaxIterations = 60 }),
    };

    private static readonly Dictionary<string, LayerPeeledModel> Models = new()
    {
        ["budgets"] = LayerPeeledModel.FromClassCounts([40, 9, 40, 9, 3, 1.5], 2, 3),
        ["collapsed"] = LayerPeeledModel.FromClassCounts([100, 100, 1, 1, 1], 0.5, 1),
        ["narrow"] = LayerPeeledModel.FromClassCounts([40, 9, 40, 9, 3, 1.5], 2, 3, featureDimension: 2),
        ["long tail"] = LayerPeeledModel.FromClassCounts([.. Enumerable.Range(0, 20).Select(k => Math.Round(500 * Math.Pow(0.01, k / 19.0)))], 1, 2),
        ["penalties"] = LayerPeeledModel.FromClassCounts([40, 9, 40, 9, 3, 1.5], new Penalties(0.01, 0.02)),
        ["squared error"] = LayerPeeledModel.FromClassCounts([40, 9, 40, 9, 3, 1.5], 0.1, 0.2, loss: SquaredErrorLoss.Instance),
        ["no bounds"] = LayerPeeledModel.FromClassCounts([40, 9, 40, 9, 3, 1.5], 2, 3, loss: new PlainLoss()),
    };

    private static readonly Dictionary<string, LayerPeeledSolution> Optima = Models.ToDictionary(pair => pair.Key, pair => new ReducedSolver().Solve(pair.Value));

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach ((string solver, string model) in from solver in Solvers.Keys from model in Models.Keys where Takes(solver, model) select (solver, model))
            {
                cases.Add(solver, model);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Solve_LibraryLies_ClaimsNothingThatIsNotSo(string solver, string model)
    {
        foreach (Lie lie in Enum.GetValues<Lie>())
        {
            foreach (int every in Frequencies)
            {
                string place = $"{solver}, {model}, {lie}, every {every}";
                LayerPeeledSolution solution = LyingBackend.Run(lie, every, () => Solvers[solver]().Solve(Models[model]));
                AssertHonest(solution, Optima[model], place);
            }
        }
    }

    private static bool Takes(string solver, string model) => model != "penalties" || solver is "reduced" or "low-rank" or "nuclear-norm" or "auto";

    private static void AssertHonest(LayerPeeledSolution solution, LayerPeeledSolution optimum, string place)
    {
        LayerPeeledModel model = solution.Model;
        DualityCertificate claimed = solution.Certificate, found = DualityGap.Certify(solution.Factors), best = optimum.Certificate;
        double rounding = claimed.IsProof ? 0 : 1e-12 * Math.Abs(best.PrimalValue);
        Assert.True(claimed.LowerBound <= best.PrimalUpperBound + rounding, $"{place}: a bound of {claimed.LowerBound:R} above the optimum {best.PrimalUpperBound:R}");
        Assert.True(claimed.PrimalUpperBound >= found.PrimalValue - (1e-12 * Math.Abs(found.PrimalValue)), $"{place}: {claimed.PrimalUpperBound:R} is said to be above {found.PrimalValue:R}");
        Assert.True(!(solution.Objective < claimed.LowerBound), $"{place}: an objective of {solution.Objective:R} below the bound {claimed.LowerBound:R}");
        Assert.Equal(solution.Status == SolverStatus.Optimal, claimed.Closes(solution.RelativeGapTolerance));
        if (solution.Status == SolverStatus.Optimal)
        {
            double tolerance = 1.01 * solution.RelativeGapTolerance * Math.Abs(best.PrimalValue);
            Assert.True(found.PrimalValue - best.LowerBound <= tolerance + best.AbsoluteGap, $"{place}: {found.PrimalValue:R} is no optimum, {best.PrimalValue:R} is");
            Assert.InRange(Math.Abs(solution.Objective - found.PrimalValue), 0, tolerance);
        }

        if (model.Regulariser is Budgets)
        {
            Assert.True(solution.Factors.ClassifierNorm2() <= model.ClassCount * model.ClassifierBudget * (1 + 1e-12), $"{place}: W is feasible");
            Assert.True(solution.Factors.FeatureNorm2() <= model.ClassCount * model.FeatureBudget * (1 + 1e-12), $"{place}: H is feasible");
        }
    }
}
