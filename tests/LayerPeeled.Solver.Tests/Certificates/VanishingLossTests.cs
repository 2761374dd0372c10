using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Solvers.Semidefinite;
using LayerPeeled.Solver.Solvers.Spectral;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Certificates;

/// <summary>Losses too small for a double, as large budgets give them.</summary>
public sealed class VanishingLossTests
{
    // Logits of the size α are known to α·ε, and the loss to as much relatively; the gap at which a solve ends comes on top.
    private const double LogitRounding = 4e-15;
    private const double Gap = 1e-10;

    // A proof takes their worst case: some α·10⁻¹⁴.
    private const double HugeMargin = 5e3;
    private const double GapOfHugeMargin = 5e-10;

    public static TheoryData<int, double> BalancedCases
    {
        get
        {
            var data = new TheoryData<int, double>();
            foreach (int classes in new[] { 2, 3, 10, 100 })
            {
                foreach (double product in new[] { 1e-40, 1e-3, 1, 100, 1e4, 1e5, 1e6, 1e7, 1e8 })
                {
                    data.Add(classes, product);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(BalancedCases))]
    public void Solve_BalancedAtAnyBudget_CertifiesTheClosedForm(int classes, double product)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(classes, 10)], Math.Sqrt(product), Math.Sqrt(product));
        double gap = GapOf(product);
        LayerPeeledSolution solution = new AutomaticSolver(new AutomaticOptions { RelativeGapTolerance = gap }).Solve(model).EnsureOptimal();
        // log(log(1 + e^x)), x = log(K − 1) − α, with Kahan's correction of the rounding in 1 + e^x
        double margin = classes * Math.Sqrt(product) / (classes - 1), x = Math.Log(classes - 1) - margin;
        double u = 1 + Math.Exp(x), expected = (u == 1 ? x : Math.Log(Math.Log(u) * (Math.Exp(x) / (u - 1)))) / Math.Log(10);
        Assertions.Within(expected, solution.Log10Objective, Gap + (LogitRounding * margin));
        Assertions.Within(expected, SimplexEtf.BalancedLogObjective(model) / Math.Log(10), Gap + (LogitRounding * margin));
        Assert.True(solution.Certificate.IsProof);
        Assert.InRange(solution.Certificate.RelativeGap, 0, gap);
        Assert.True(solution.Certificate.Log10LowerBound <= solution.Log10Objective);
    }

    [Theory]
    [InlineData(5, 5, 100, 10, 1e6)]
    [InlineData(5, 5, 1000, 10, 1e6)]
    [InlineData(5, 5, 100, 10, 1e8)]
    [InlineData(5, 5, 1000, 10, 1e8)]
    [InlineData(3, 7, 1000, 10, 1e8)]
    [InlineData(8, 2, 100, 1, 1e7)]
    public void Solve_TwoGroupsWithHugeBudgets_CertifiesTheIndependentOptimum(int majority, int minority, double count, double few, double product)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(majority, count), new(minority, few)], Math.Sqrt(product), Math.Sqrt(product));
        double gap = GapOf(product);
        LayerPeeledSolution solution = new AutomaticSolver(new AutomaticOptions { RelativeGapTolerance = gap }).Solve(model).EnsureOptimal();
        double expected = TwoGroupOptimum.LogObjective(majority, minority, count, few, product) / Math.Log(10);
        Assertions.Within(expected, solution.Log10Objective, Gap + (LogitRounding * Math.Sqrt(product)));
        Assert.InRange(solution.Certificate.RelativeGap, 0, gap);
        Assert.Equal(0, solution.ClassesBelowCriticalSize);
        Assert.InRange(solution.Log10CriticalClassSize, expected - 10, expected + 10);
    }

    [Fact]
    public void Solve_LongTailWithHugeBudgets_IsCertified()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Enumerable.Range(0, 20).Select(k => Math.Round(500 * Math.Pow(0.8, k))), 1000, 1000);
        LayerPeeledSolution solution = LayerPeeledSolver.Solve(model).EnsureOptimal();
        Assert.Equal(0, solution.Objective);
        Assert.InRange(solution.Log10Objective, -1000, -400);
    }

    [Theory]
    [InlineData("reduced")]
    [InlineData("low-rank")]
    [InlineData("nuclear-norm")]
    public void Solve_MethodsInLogarithms_CertifyTheSameOptimum(string method)
    {
        LayerPeeledSolution solution = Solver(method).Solve(LayerPeeledModel.FromClassGroups([new(5, 100), new(5, 10)], 1000, 1000)).EnsureOptimal();
        Assertions.Within(TwoGroupOptimum.LogObjective(5, 5, 100, 10, 1e6) / Math.Log(10), solution.Log10Objective, 1e-9);
    }

    [Theory]
    [InlineData("projected-gradient")]
    [InlineData("frank-wolfe")]
    [InlineData("sdp")]
    public void Solve_MethodsInDoubles_SayWhatHappened(string method)
    {
        LayerPeeledSolution solution = Solver(method).Solve(LayerPeeledModel.FromClassGroups([new(5, 100), new(5, 10)], 1000, 1000));
        Assert.Equal(SolverStatus.NumericalError, solution.Status);
        Assert.Contains("logarithms", solution.Reason, StringComparison.Ordinal);
        double optimum = TwoGroupOptimum.LogObjective(5, 5, 100, 10, 1e6) / Math.Log(10);
        Assert.True(solution.Log10Objective >= optimum - 1e-9);
        Assert.False(solution.Certificate.Log10LowerBound > optimum + 1e-9);
    }

    [Fact]
    public void LogValue_TinyLoss_IsThatOfTheClosedForm()
    {
        NuclearNormProgram program = NuclearNormProgram.ForClasses(LayerPeeledModel.FromClassGroups([new(10, 1)], 1000, 1000));
        GroupedMatrix point = SpectralStart.CentredIdentity(program);
        Assert.Equal(0, program.Value(point));
        Assertions.Within(SimplexEtf.BalancedLogObjective(program.Model), program.LogValue(point), 1e-11);
    }

    [Theory]
    [InlineData(5, 5, 100)]
    [InlineData(5, 5, 1e8)]
    [InlineData(3, 40, 1e8)]
    public void Threshold_AnyBudget_HasTheOptimumOfTheModelThere(int majority, int minority, double product)
    {
        // log f is K_A·x_A + …: independent of the library's own sum by the model at R_0 where that is a double
        MinorityCollapseThreshold threshold = MinorityCollapseThreshold.At(majority, minority, product);
        Assert.True(double.IsFinite(threshold.LogRatio) && threshold.LogRatio > 0);
        Assert.True(double.IsFinite(threshold.LogObjective));
        if (!threshold.ExceedsDoubleRange && threshold.Ratio < 1e100)
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(majority, threshold.Ratio), new(minority, 1)], product, 1);
            Assertions.Near(LayerPeeledSolver.Solve(model).Objective, threshold.Objective, 1e-8);
        }

        // a minority class contributes ω_B·log(K_B + …), and the majority less than as much for each of its own
        double least = threshold.LogCriticalShare + Math.Log(minority) + Math.Log(Math.Log(minority));
        Assert.InRange(threshold.LogObjective, least, least + Math.Log(1 + (2.0 * majority / Math.Log(minority))));
    }

    private static ISolver Solver(string method) => method switch
    {
        "reduced" => new ReducedSolver(new LowRankOptions { RelativeGapTolerance = Gap }),
        "low-rank" => new LowRankSolver(new LowRankOptions { RelativeGapTolerance = Gap }),
        "nuclear-norm" => new NuclearNormSolver(new NuclearNormOptions { RelativeGapTolerance = Gap }),
        "projected-gradient" => new ProjectedGradientSolver(),
        "frank-wolfe" => new FrankWolfeSolver(),
        _ => new SemidefiniteSolver(),
    };

    private static double GapOf(double product) => Math.Sqrt(product) > HugeMargin ? GapOfHugeMargin : Gap;
}
