using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
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

/// <summary>A decomposition that fails, whenever it does, is a status and never an exception.</summary>
public sealed class DecompositionFailureTests
{
    // Later ones are like those before.
    private const int Decompositions = 40;

    private static readonly double[] Counts = [40, 9, 40, 9, 3, 1.5];

    private static readonly Dictionary<string, Func<ISolver>> Solvers = new()
    {
        ["low-rank"] = () => new LowRankSolver(new LowRankOptions { MaxIterations = 60 }),
        ["reduced"] = () => new ReducedSolver(),
        ["merged"] = () => new MergedSolver(),
        ["nuclear-norm"] = () => new NuclearNormSolver(new NuclearNormOptions { MaxIterations = 30 }),
        ["frank-wolfe"] = () => new FrankWolfeSolver(new FrankWolfeOptions { MaxIterations = 20 }),
        ["sdp"] = () => new SemidefiniteSolver(new SemidefiniteOptions { MaxIterations = 20 }),
        ["projected-gradient"] = () => new ProjectedGradientSolver(new ProjectedGradientOptions { MaxIterations = 60 }),
        ["projected-gradient, sample level"] = () => new ProjectedGradientSolver(
            new ProjectedGradientOptions { MaxIterations = 60, Level = FactorizedLevel.SampleLevel }),
        ["auto"] = () => new AutomaticSolver(new AutomaticOptions { MaxIterations = 60 }),
    };

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (string name in Solvers.Keys)
            {
                cases.Add(name, false);
                cases.Add(name, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Solve_DecompositionsFailFromTheNthOn_IsNumericalErrorWithValidBound(string name, bool isNarrow)
    {
        LayerPeeledModel model = Model(name, isNarrow);
        LayerPeeledSolution optimum = new ReducedSolver().Solve(Model(name, false));
        int failures = 0;
        for (int n = 1; n <= Decompositions; n++)
        {
            (LayerPeeledSolution solution, bool hasFailed) = FailingBackend.Failing(n, always: true, () => Solvers[name]().Solve(model));
            AssertHonest(solution, optimum);
            if (!hasFailed)
            {
                break;
            }

            failures++;
            // A gap that had closed by then is proven; in too few dimensions none does.
            SolverStatus expected = !isNarrow && solution.Certificate.Closes(solution.RelativeGapTolerance) ? SolverStatus.Optimal : SolverStatus.NumericalError;
            Assert.True(solution.Status == expected, $"{name}, decomposition {n}: {solution.Status}");
        }

        Assert.True(failures > 0, "no decomposition failed");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Solve_OneDecompositionFails_ReturnsFeasiblePointWithValidBound(string name, bool isNarrow)
    {
        LayerPeeledModel model = Model(name, isNarrow);
        LayerPeeledSolution optimum = new ReducedSolver().Solve(Model(name, false));
        for (int n = 1; n <= Decompositions; n++)
        {
            (LayerPeeledSolution solution, bool hasFailed) = FailingBackend.Failing(n, always: false, () => Solvers[name]().Solve(model));
            AssertHonest(solution, optimum);
            if (!hasFailed)
            {
                break;
            }
        }
    }

    [Fact]
    public void SolveWithMultipliers_FirstDecompositionFails_DescribesZero()
    {
        var program = new SemidefiniteProgram(Model("sdp", false));
        (SemidefiniteSolution solution, _) = FailingBackend.Failing(1, always: true, () => new SemidefiniteSolver().SolveWithMultipliers(program));
        Assert.Equal(SolverStatus.NumericalError, solution.Solution.Status);
        Assert.Equal((program.Order, program.Order), (solution.X.RowCount, solution.DualMatrix.RowCount));
    }

    [Fact]
    public void Solve_OverflowInCallersCode_IsNotSwallowed()
    {
        var progress = new Throwing();
        Assert.Throws<OverflowException>(() => new ReducedSolver().Solve(Model("reduced", false), progress));
        int calls = 0;
        var loss = new PlainLoss(() => calls = calls < 20 ? calls + 1 : throw new OverflowException());
        Assert.Throws<OverflowException>(() => new ReducedSolver().Solve(LayerPeeledModel.FromClassCounts(Counts, 2, 3, loss: loss)));
    }

    [Fact]
    public void WithoutDecomposition_AnyPoint_BoundsTheOptimum()
    {
        foreach (double budget in new[] { 0.1, 1, 10 })
        {
            LayerPeeledSolution solution = new ReducedSolver().Solve(LayerPeeledModel.FromClassCounts(Counts, budget, 1));
            DualityCertificate loose = DualityGap.WithoutDecomposition(solution.Factors);
            Assert.InRange(loose.LowerBound, 0, solution.Objective);
            Assert.Equal(solution.Objective, loose.PrimalValue);
            Assert.True(loose.IsProof);
            Assert.InRange(loose.AbsoluteGap, loose.PrimalUpperBound - loose.LowerBound, (loose.PrimalUpperBound - loose.LowerBound) * (1 + 1e-15));
        }
    }

    private static LayerPeeledModel Model(string name, bool isNarrow) => LayerPeeledModel.FromClassCounts(
        name.Contains("sample", StringComparison.Ordinal) ? [8, 3, 8, 3, 2, 1] : Counts, 2, 3, featureDimension: isNarrow ? 2 : null);

    private static void AssertHonest(LayerPeeledSolution solution, LayerPeeledSolution optimum)
    {
        double classes = solution.Model.ClassCount;
        Assert.True(solution.Factors.ClassifierNorm2() <= classes * solution.Model.ClassifierBudget * (1 + 1e-12), "W is feasible");
        Assert.True(solution.Factors.FeatureNorm2() <= classes * solution.Model.FeatureBudget * (1 + 1e-12), "H is feasible");
        Assert.Equal(solution.Model.FeatureDimension, solution.Classifier.ColumnCount);
        Assert.InRange(solution.Certificate.LowerBound, 0, optimum.Certificate.PrimalUpperBound);
        Assert.True(solution.Objective >= optimum.Objective * (1 - 1e-12), "no point is better than the optimum");
        Assert.Equal(solution.Status == SolverStatus.Optimal, solution.Certificate.RelativeGap <= solution.RelativeGapTolerance);
    }

    private sealed class Throwing : IProgress<IterationReport>
    {
        public void Report(IterationReport value) => throw new OverflowException();
    }
}
