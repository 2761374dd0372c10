using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.Targets;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Solvers.Targets;

public sealed class SoftTargetSolverTests
{
    // Digits of the reference: 'objective good to about 1e-10 relative, gramW to about 1e-5'
    private const double ReferenceObjective = 1e-10;
    private const double ReferenceGram = 2e-5;
    private const double ReferenceMultiplier = 1e-7;
    private const double SolverTolerance = 1e-9;
    private const double Roundoff = 1e-13;

    public static TheoryData<string, string> EveryCaseAndMethod
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string name in SoftTargetCases.All.Keys)
            {
                foreach (SolverEntry method in SolverCatalog.All.Where(method => method.Name != "merged"))
                {
                    data.Add(name, method.Name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EveryCaseAndMethod))]
    public void Solve_ReferenceCase_EveryMethodCertifiesIt(string name, string method)
    {
        SoftTargetCase expected = SoftTargetCases.All[name];
        SolverEntry entry = SolverCatalog.Find(method)!;
        SoftTargetSolution solution = new SoftTargetSolver(entry.Create(entry.Defaults)).Solve(expected.Model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.True(solution.IsProof);
        Assert.InRange(solution.RelativeGap, 0, entry.Defaults.RelativeGapTolerance);
        Assertions.Near(expected.Entropy, expected.Model.Targets.EntropyFloor, Roundoff, "entropy");
        Assertions.Near(expected.Objective, solution.Objective, ReferenceObjective + entry.Defaults.RelativeGapTolerance, "objective");
        Assert.True(solution.ExcessLowerBound <= expected.Objective * (1 + ReferenceObjective) - expected.Entropy);
        Assert.True(solution.ExcessLowerBound <= solution.Excess && solution.Excess <= solution.ExcessUpperBound);
        // Tight budgets, and within them
        Assert.InRange(RandomPoints.NuclearNorm(solution.Logits()), expected.Model.Radius * (1 - 1e-6), expected.Model.Radius * (1 + 1e-12));
    }

    [Theory]
    [InlineData("cyclic7")]
    [InlineData("pairs5")]
    [InlineData("smoothed6")]
    public void Solve_ReferenceCase_HasItsGeometry(string name)
    {
        SoftTargetCase expected = SoftTargetCases.All[name];
        SoftTargetSolution solution = new SoftTargetSolver().Solve(expected.Model).EnsureOptimal();
        Assert.InRange((solution.ClassifierGram() - expected.Gram).Enumerate().Max(Math.Abs), 0, ReferenceGram);
        Assertions.Near(expected.Multiplier, solution.Multiplier, ReferenceMultiplier, "λ");
        Assert.Equal(expected.Rank, solution.Logits().Svd(false).S.Count(s => s > 1e-6));
        SoftTargets targets = expected.Model.Targets;
        Assertions.Near(targets.Tokens * expected.Model.ClassifierBudget, solution.ClassifierGram().Trace(), SolverTolerance, "‖W‖²");
        Assertions.Near(targets.Contexts * expected.Model.FeatureBudget, solution.FeatureGram().Trace(), SolverTolerance, "‖H‖²");
    }

    [Fact]
    public void Solve_AllPairsOfTokens_IsASimplexEtfAndTheDaysAreCirculant()
    {
        FrameCheck pairs = FrameCheck.Of(new SoftTargetSolver().Solve(SoftTargetCases.All["pairs5"].Model).EnsureOptimal().Classifier);
        Assert.True(pairs.IsSimplexEtf(1e-7), pairs.ToString());
        FrameCheck days = FrameCheck.Of(new SoftTargetSolver().Solve(SoftTargetCases.All["cyclic7"].Model).EnsureOptimal().Classifier);
        Assert.InRange(days.CirculantDistance, 0, 1e-7);
        Assert.False(days.IsSimplexEtf(0.1));
    }

    // The floor and the loss at the point from the targets and the matrices alone
    [Theory]
    [InlineData(30, 30)]
    [InlineData(40, 12)]
    [InlineData(12, 40)]
    [InlineData(90, 70)]
    public void Solve_CountsOfAText_HasTheLossOfItsMatrices(int tokens, int contexts)
    {
        SoftTargets targets = SoftTargets.From(SoftTargetCases.RandomCounts(tokens, contexts, tokens));
        var model = new SoftTargetModel(targets, 1, 4);
        SoftTargetSolution solution = new SoftTargetSolver().Solve(model);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.True(solution.IsProof);
        Matrix<double> w = solution.Classifier, h = solution.Features;
        Assert.Equal((tokens, contexts), (w.RowCount, h.ColumnCount));
        double loss = 0;
        for (int c = 0; c < contexts; c++)
        {
            Vector<double> z = w * h.Column(c);
            double log = Math.Log(z.PointwiseExp().Sum()), cross = 0;
            for (int i = 0; i < targets.Distributions.RowsOf(c).Length; i++)
            {
                cross += targets.Distributions.ValuesOf(c)[i] * z[targets.Distributions.RowsOf(c)[i]];
            }

            loss += targets.Weights[c] * (log - cross);
        }

        Assertions.Near(loss, solution.Objective, Roundoff, "objective");
        Assert.InRange(w.FrobeniusNorm() * w.FrobeniusNorm(), 0, tokens * (1 + Roundoff));
        Assert.InRange(h.FrobeniusNorm() * h.FrobeniusNorm(), 0, 4 * contexts * (1 + Roundoff));
        SoftTargetSolution other = new SoftTargetSolver(new NuclearNormSolver(new NuclearNormOptions { RelativeGapTolerance = 1e-8 })).Solve(model).EnsureOptimal();
        Assertions.Near(solution.Excess, other.Excess, 1e-8, "excess by another method");
    }

    // Of which only the leading singular values are computed
    [Fact]
    public void Solve_ManyTokens_ClosesTheGapWithAProof()
    {
        const double Gap = 1e-4;
        var model = new SoftTargetModel(SoftTargets.From(SoftTargetCases.RandomCounts(1300, 30, 7)), 1, 4);
        SoftTargetSolution solution = new SoftTargetSolver(new AutomaticSolver(new AutomaticOptions { RelativeGapTolerance = Gap })).Solve(model).EnsureOptimal();
        Assert.True(solution.IsProof);
        Assert.InRange(solution.RelativeGap, 0, Gap);
        Assert.Equal((1300, 30), (solution.Classifier.RowCount, solution.Features.ColumnCount));
        Assert.InRange(solution.Rank, 1, 30);
    }

    [Fact]
    public void Solve_EqualContexts_AreHeldTogetherAtTheSameOptimum()
    {
        // Two contexts of the same target and weight, one of the same target and another weight
        SparseColumns table = SparseColumns.FromDense(Matrix<double>.Build.DenseOfArray(new double[,] { { 6, 6, 0, 3 }, { 2, 2, 5, 1 }, { 0, 0, 3, 0 }, { 1, 1, 1, 0.5 } }));
        var model = new SoftTargetModel(SoftTargets.From(table), 1, 3);
        SoftTargetSolution merged = new SoftTargetSolver().Solve(model).EnsureOptimal();
        SoftTargetSolution apart = new SoftTargetSolver(new NuclearNormSolver()).Solve(model).EnsureOptimal();
        Assert.Equal(3, merged.DistinctContexts);
        Assert.Equal(4, apart.DistinctContexts);
        Assertions.Near(apart.Excess, merged.Excess, SolverTolerance, "excess");
        Matrix<double> h = merged.Features;
        Assert.Equal(0, (h.Column(0) - h.Column(1)).L2Norm());
        Assert.InRange((apart.Logits() - merged.Logits()).FrobeniusNorm(), 0, 1e-4);
        // Of equal targets, the heavier context has the larger logits: they are not one.
        Assert.True(h.Column(0).L2Norm() > 1.05 * h.Column(3).L2Norm());
        Assertions.Near(4 * 3, h.FrobeniusNorm() * h.FrobeniusNorm(), SolverTolerance, "‖H‖²");
    }

    [Fact]
    public void Solve_SlackBudgets_MeetsTheTargets()
    {
        SoftTargets targets = SoftTargets.LabelSmoothing([60, 60, 25, 10, 10, 3], 0.1);
        // ‖centred log T‖_* = (K − 1)·log((1 − ε + ε/K)/(ε/K)), against r = K·√(E_W·E_H)
        double edge = Math.Pow(5 * Math.Log(0.91666666666666667 * 60) / 6, 2);
        SoftTargetSolution slack = new SoftTargetSolver().Solve(new SoftTargetModel(targets, 1, edge * (1 + 1e-9))).EnsureOptimal();
        Assert.True(slack.BudgetsAreSlack);
        Assert.Equal(0, slack.Multiplier);
        Assertions.Near(targets.EntropyFloor, slack.Objective, Roundoff, "objective");
        Assert.InRange(slack.ExcessUpperBound, 0, 1e-13);
        SoftTargetSolution tight = new SoftTargetSolver().Solve(new SoftTargetModel(targets, 1, edge * 0.95)).EnsureOptimal();
        Assert.False(tight.BudgetsAreSlack);
        Assert.True(tight.Multiplier > 0 && tight.ExcessLowerBound > 0);
        Matrix<double> z = slack.Logits();
        for (int c = 0; c < 6; c++)
        {
            Vector<double> p = z.Column(c).PointwiseExp();
            Assertions.Near(0.9 + (0.1 / 6), p[c] / p.Sum(), 1e-12, "own probability");
        }
    }

    [Fact]
    public void Solve_MoreAccuracy_BringsTheGapDownAndTheBoundsApartFromNothing()
    {
        var model = new SoftTargetModel(SoftTargets.From(SoftTargetCases.RandomCounts(60, 60, 5)), 1, 5);
        SoftTargetSolution loose = new SoftTargetSolver(new AutomaticSolver(new AutomaticOptions { RelativeGapTolerance = 1e-3 })).Solve(model).EnsureOptimal();
        SoftTargetSolution tight = new SoftTargetSolver().Solve(model).EnsureOptimal();
        Assert.True(loose.Iterations < tight.Iterations);
        Assert.True(loose.ExcessLowerBound <= tight.ExcessUpperBound && tight.ExcessLowerBound <= loose.ExcessUpperBound);
        Assert.InRange(tight.RelativeGap, 0, 1e-10);
    }

    // With weights off by a factor of 50 the rows of tokens and of contexts are scaled quite differently.
    [Fact]
    public void Solve_TokensAndContextsInAnyOrder_HaveTheSameOptimum()
    {
        SparseColumns table = SoftTargetCases.RandomCounts(25, 25, 9);
        var turned = SparseColumns.FromTriplets(25, 25, Enumerable.Range(0, 25).SelectMany(c => table.RowsOf(c).ToArray().Zip(table.ValuesOf(c).ToArray(), (row, value) => (24 - row, c, value))));
        SoftTargetSolution first = new SoftTargetSolver().Solve(new SoftTargetModel(SoftTargets.From(table), 1, 6)).EnsureOptimal();
        SoftTargetSolution second = new SoftTargetSolver().Solve(new SoftTargetModel(SoftTargets.From(turned), 1, 6)).EnsureOptimal();
        Assertions.Near(first.Excess, second.Excess, SolverTolerance, "excess");
        Assertions.Near(first.Classifier.Row(0).L2Norm(), second.Classifier.Row(24).L2Norm(), 1e-6, "norm");
    }

    [Fact]
    public void Solve_FewerDimensionsThanTheRank_SaysSo()
    {
        var model = new SoftTargetModel(SoftTargetCases.All["cyclic7"].Model.Targets, 1, 2, featureDimension: 2);
        SoftTargetSolution solution = new SoftTargetSolver().Solve(model);
        Assert.NotEqual(SolverStatus.Optimal, solution.Status);
        Assert.Contains("p = 2", solution.Reason, StringComparison.Ordinal);
        Assert.Equal((7, 2), (solution.Classifier.RowCount, solution.Classifier.ColumnCount));
        Assert.True(solution.ExcessLowerBound < solution.Excess);
        Assert.Throws<InvalidOperationException>(solution.EnsureOptimal);
    }

    [Fact]
    public void Solve_Cancelled_ReturnsAPointWithABound()
    {
        var model = new SoftTargetModel(SoftTargets.From(SoftTargetCases.RandomCounts(40, 40, 2)), 1, 4);
        SoftTargetSolution solution = new SoftTargetSolver().Solve(model, null, new CancellationToken(canceled: true));
        Assert.Equal(SolverStatus.Cancelled, solution.Status);
        Assert.True(solution.ExcessLowerBound >= 0 && double.IsFinite(solution.ExcessUpperBound));
    }

    [Fact]
    public void Solve_MergedMethod_IsRefused()
    {
        var model = new SoftTargetModel(SoftTargets.From(SoftTargetCases.RandomCounts(10, 10, 2)), 1, 4);
        SolverEntry merged = SolverCatalog.Find("merged")!;
        Assert.Throws<ArgumentException>(() => new SoftTargetSolver(merged.Create(new LowRankOptions())).Solve(model));
    }

    // The days of the year, each like its neighbours: in n numbers and as a matrix
    [Theory]
    [InlineData(36, 2)]
    [InlineData(48, 0.3)]
    public void Solve_LongCycle_IsThatOfTheMatrices(int n, double budget)
    {
        double[] first = Enumerable.Range(0, n).Select(i => i == 1 ? 0.4 : i == n - 1 ? 0.25 : i == 0 ? 0.35 - (1e-3 * (n - 3)) : 1e-3).ToArray();
        var model = new SoftTargetModel(SoftTargets.From(SparseColumns.FromDense(Matrix<double>.Build.Dense(n, n, (i, j) => first[(i - j + n) % n]))), 1, budget);
        SoftTargetSolution cycle = new SoftTargetSolver().Solve(model).EnsureOptimal();
        SoftTargetSolution matrices = new SoftTargetSolver(new ReducedSolver()).Solve(model).EnsureOptimal();
        Assert.Equal("cyclic", cycle.Method);
        Assertions.Near(matrices.Excess, cycle.Excess, SolverTolerance, "excess");
        Assertions.Near(matrices.Multiplier, cycle.Multiplier, 1e-5, "λ");
        Assert.True(cycle.ExcessLowerBound <= matrices.ExcessUpperBound);
        Assert.True(matrices.ExcessLowerBound <= cycle.Excess);
        Assert.InRange((matrices.Logits() - cycle.Logits()).FrobeniusNorm() / matrices.Logits().FrobeniusNorm(), 0, cycle.GeometryError);
        Assert.InRange((matrices.ClassifierGram() - cycle.ClassifierGram()).FrobeniusNorm() / n, 0, cycle.GeometryError);
        Assert.InRange(cycle.GeometryError, 0, 3e-4);
        Assertions.Near(n * budget, cycle.FeatureGram().Trace(), SolverTolerance, "‖H‖²");
        Assert.InRange(FrameCheck.Of(cycle.Classifier).CirculantDistance, 0, 1e-12);
    }

    [Fact]
    public void Solve_CycleWithOneEntryOff_IsNoCycle()
    {
        double[,] table = new double[40, 40];
        for (int c = 0; c < 40; c++)
        {
            (table[c, c], table[(c + 1) % 40, c]) = (2, 1);
        }

        Assert.Equal("cyclic", new SoftTargetSolver().Solve(Model()).Method);
        table[7, 7] = 2.001;
        Assert.NotEqual("cyclic", new SoftTargetSolver().Solve(Model()).Method);

        SoftTargetModel Model() => new(SoftTargets.From(SparseColumns.FromDense(Matrix<double>.Build.DenseOfArray(table))), 1, 1);
    }

    // Counts a on the own token and b on the others: Z = α·(I − 11ᵀ/K), α = r/(K − 1), until the budgets are slack at α = log(a/b). No tolerance, in 400-bit arithmetic.
    [Fact]
    public void Solve_BalancedCounts_BracketsTheClosedForm()
    {
        // The excess of nearly slack budgets is small beside the entropies, whose rounding is part of the gap.
        var nearlySlack = new LowRankOptions { RelativeGapTolerance = 1e-8 };
        var random = new Random(20261127);
        for (int run = 0; run < 40; run++)
        {
            int k = random.Next(2, 30), other = random.Next(1, 20), own = other + random.Next(1, 400);
            double share = 0.05 + (0.9 * random.NextDouble()), product = Math.Pow(share * Math.Log((double)own / other) * (k - 1) / k, 2);
            double ratio = Math.Pow(10, (2 * random.NextDouble()) - 1), classifier = Math.Sqrt(product) * ratio, feature = Math.Sqrt(product) / ratio;
            SparseColumns table = SparseColumns.FromDense(Matrix<double>.Build.Dense(k, k, (i, j) => i == j ? own : other));
            SoftTargetSolution solution = new SoftTargetSolver(new ReducedSolver(nearlySlack)).Solve(new SoftTargetModel(SoftTargets.From(table), classifier, feature)).EnsureOptimal();
            FixedPoint alpha = FixedPoint.Sqrt((FixedPoint)classifier * feature) * k / (k - 1), power = FixedPoint.Exp(-alpha), total = own + ((k - 1) * (FixedPoint)other);
            FixedPoint first = own / total, rest = other / total, sum = 1 + ((k - 1) * power);
            FixedPoint excess = (first * FixedPoint.Log(first * sum)) + ((k - 1) * rest * FixedPoint.Log(rest * sum / power));
            Assert.True(solution.IsProof);
            Assert.True(solution.ExcessLowerBound <= excess, $"run {run}: {solution.ExcessLowerBound:R} above {excess}");
            Assert.True(solution.ExcessUpperBound >= excess, $"run {run}: {solution.ExcessUpperBound:R} below {excess}");
        }
    }
}
