using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Properties;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Extremes;

/// <summary>Models at the ends of what is allowed: each is solved with a proof, or says what was reached.</summary>
public sealed class ExtremeModelTests
{
    private const double SolverTolerance = 1e-9;
    private const double Geometry = 1e-6;

    // log f of losses of e^−11111: its exponent alone rounds to 1e-12.
    private const double ExponentRounding = 1e-8;

    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(2, 1e300)]
    [InlineData(7, 1e-300)]
    [InlineData(1_000_000, 7.0)]
    public void Solve_OneGroup_IsTheClosedForm(int classes, double count)
    {
        foreach (double budget in new[] { 1e-20, 1e-3, 1, 50 })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(classes, count)], budget, budget);
            LayerPeeledSolution solution = Optimal(model);
            Assertions.Near(SimplexEtf.BalancedLogObjective(model), Math.Log(10) * solution.Log10Objective, SolverTolerance, "log f");
            Assertions.Within(-1.0 / (classes - 1), solution.ClassifierCosines[0, 0], Geometry, "cosine");
            Assert.False(solution.Groups[0].Collapsed);
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1e3)]
    [InlineData(1e9)]
    [InlineData(1e15)]
    [InlineData(double.PositiveInfinity)]
    public void Solve_TwoGroupsAtAnyRatio_HasTheLimitOfItsMajority(double ratio)
    {
        // Without examples a class still has a classifier.
        ClassGroup[] groups = double.IsInfinity(ratio) ? [new(5, 1), new(5, 0)] : [new(5, ratio), new(5, 1)];
        LayerPeeledSolution solution = Optimal(LayerPeeledModel.FromClassGroups(groups, 1, 1));
        bool collapsed = MinorityCollapseThreshold.At(5, 5, 1).Collapses(ratio);
        Assert.Equal(collapsed, solution.Groups[^1].Collapsed);
        if (ratio > 1e8)
        {
            // K_A classes of a simplex ETF at twice the budget, and K_B more terms at 0: log(1 + (K_A − 1)·e^{−a} + K_B·e^{−a(1 − 1/K_A)}), a = r/(K_A − 1)
            double a = 10.0 / 4;
            Assertions.Near(Math.Log(1 + (4 * Math.Exp(-a)) + (5 * Math.Exp(-a * 0.8))), solution.Objective, 1e-6, "objective");
            Assertions.Within(-0.25, solution.ClassifierCosines[0, 0], Geometry, "cosine");
        }
    }

    [Fact]
    public void Solve_MillionClassesInThreeGroups_HasTheOptimumOfItsShares()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(500_000, 100), new(300_000, 10), new(200_000, 1)], 30, 30);
        LayerPeeledSolution solution = Optimal(model);
        // The model of which every two classes are one is another, the bounds of its method are not.
        LayerPeeledSolution classes = Optimal(LayerPeeledModel.FromClassCounts(Enumerable.Range(0, 1_000_000).Select(k => k < 500_000 ? 100.0 : k < 800_000 ? 10 : 1), 30, 30));
        Intervals.Meet(solution.Certificate, classes.Certificate);
        Assert.Equal(1_000_000, solution.Groups.Sum(g => g.Classes));
    }

    [Theory]
    [InlineData(1e300, 1e-300)]
    [InlineData(1e300, 1)]
    [InlineData(1, 1e-300)]
    [InlineData(2e-300, 1e-300)]
    [InlineData(1e-320, 5e-321)]
    public void Solve_CountsOfAnySize_HaveTheOptimumOfTheirRatio(double majority, double minority)
    {
        LayerPeeledSolution solution = Optimal(LayerPeeledModel.FromClassGroups([new(5, majority), new(5, minority)], 1, 1));
        double ratio = majority / minority;
        LayerPeeledSolution same = Optimal(LayerPeeledModel.FromClassGroups([new(5, double.IsInfinity(ratio) ? 1 : ratio), new(5, double.IsInfinity(ratio) ? 0 : 1)], 1, 1));
        // Subnormal numbers have few digits.
        Intervals.Meet(solution.Certificate, same.Certificate, minority < 1e-310 ? 1e-3 : 1e-13);
        Assert.Equal(same.Groups[1].Collapsed, solution.Groups[1].Collapsed);
    }

    [Theory]
    [InlineData(1e-40)]
    [InlineData(1e-30)]
    [InlineData(1e-20)]
    [InlineData(1e-10)]
    [InlineData(1)]
    [InlineData(1e2)]
    [InlineData(1e4)]
    public void Solve_BudgetsOfAnySize_AreSolvedHoweverTheyAreSplit(double product)
    {
        foreach (double classifier in new[] { product, 1, Math.Sqrt(product) })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(5, 100), new(5, 1)], classifier, product / classifier);
            LayerPeeledSolution solution = Optimal(model);
            Assert.False(solution.Groups[0].Collapsed);
            Assert.Equal(MinorityCollapseThreshold.Of(model).Collapses(100), solution.Groups[1].Collapsed);
            Assert.Equal(solution.Groups.Where(g => g.Collapsed).Sum(g => g.Classes), CollapseAnalysis.Of(solution).CollapsedClasses.Count);
            if (product < 1e-6)
            {
                // To first order in r all of the budget goes where the gradient at 0 is largest: to the majority.
                Assertions.Within(-0.25, solution.ClassifierCosines[0, 0], Geometry, "cosine");
                Assertions.Near(2 * classifier, solution.Groups[0].ClassifierNorm2, Geometry, "‖w_A‖²");
            }
        }
    }

    [Theory]
    [InlineData(1e6)]
    [InlineData(1e8)]
    public void Solve_LossesFarBelowTheRangeOfDouble_SayHowNearTheyAre(double product)
    {
        LayerPeeledSolution solution = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassGroups([new(5, 100), new(5, 1)], product, 1));
        Intervals.AreHonest(solution);
        Assert.InRange(solution.Certificate.RelativeGap, 0, ExponentRounding);
        Assertions.Within(TwoGroupOptimum.LogObjective(5, 5, 100, 1, product), Math.Log(10) * solution.Log10Objective, ExponentRounding, "log f");
        Assert.DoesNotContain(solution.Groups, g => g.Collapsed);
    }

    // Beyond what is asked for a point is returned whose directions are not those of the optimum, and the estimate knows it.
    [Theory]
    [InlineData(1e-100)]
    [InlineData(1e-300)]
    public void GeometryError_BudgetsOfNothing_CoversTheErrorOfTheNorms(double product)
    {
        foreach (SolverEntry entry in SolverCatalog.All)
        {
            double budget = Math.Sqrt(product);
            LayerPeeledSolution solution = entry.Create(entry.Defaults).Solve(LayerPeeledModel.FromClassGroups([new(5, 100), new(5, 1)], budget, budget));
            Intervals.AreHonest(solution);
            double error = Math.Abs((solution.Groups[0].ClassifierNorm2 / (2 * budget)) - 1);
            Assert.True(error <= solution.GeometryError, $"{entry.Name}: ‖w_A‖² is off by {error:g3}, estimated {solution.GeometryError:g3}");
        }
    }

    [Theory]
    [InlineData(-1e-12)]
    [InlineData(0)]
    [InlineData(1e-12)]
    public void Solve_NextToTheThreshold_HasItsObjectiveAndItsMultiplier(double away)
    {
        foreach ((int majority, int minority, double product) in new[] { (5, 5, 5.0), (1, 2, 1), (3, 40, 2), (100, 100, 3), (5, 5, 1e-6) })
        {
            MinorityCollapseThreshold threshold = MinorityCollapseThreshold.At(majority, minority, product);
            LayerPeeledSolution solution = Optimal(LayerPeeledModel.FromClassGroups([new(majority, threshold.Ratio * (1 + away)), new(minority, 1)], product, 1));
            Assertions.Near(threshold.Objective, solution.Objective, SolverTolerance, "objective");
            Assertions.Near(threshold.CriticalShare, solution.Multiplier, Geometry, "λ");
            Assertions.Within(1, solution.ClassifierCosines[1, 1], 1e-4, "cosine of the minority");
        }
    }

    [Fact]
    public void Solve_OneDimension_IsHonestAndTwoClassesNeedNoMore()
    {
        Optimal(LayerPeeledModel.FromClassGroups([new(1, 100), new(1, 1)], 1, 1, featureDimension: 1));
        foreach (SolverEntry entry in SolverCatalog.All)
        {
            LayerPeeledSolution solution = entry.Create(entry.Defaults).Solve(LayerPeeledModel.FromClassGroups([new(5, 100), new(5, 1)], 1, 1, featureDimension: 1));
            Intervals.AreHonest(solution);
            Assert.NotEqual(SolverStatus.Optimal, solution.Status);
            Assert.Equal((10, 1), (solution.Classifier.RowCount, solution.Classifier.ColumnCount));
        }
    }

    // Held together they are one block, whose point has no columns to go on with.
    [Fact]
    public void Solve_TwoClassesThatAreAllButEqualMerged_IsHonest()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups(
            [new(1, 110), new(1, 110.00000132610768)], 3.035672463785303, 42.47789249516214, loss: LogitAdjustedLoss.Tempered(1.946));
        Intervals.AreHonest(SolverCatalog.Find("merged")!.Create(new LowRankOptions { MaxIterations = 3000 }).Solve(model));
    }

    // The first p classes have no features to begin with.
    [Fact]
    public void Solve_FewDimensionsAndClassesWithoutExamplesFirst_IsHonest()
    {
        foreach (SolverEntry entry in SolverCatalog.All)
        {
            foreach (ClassGroup[] groups in new ClassGroup[][] { [new(1, 0), new(1, 30_000)], [new(2, 0), new(3, 130_000)] })
            {
                LayerPeeledModel model = LayerPeeledModel.FromClassGroups(groups, 0.005, 1, featureDimension: 1, loss: SquaredErrorLoss.Instance);
                Intervals.AreHonest(entry.Create(entry.Defaults with { MaxIterations = 500 }).Solve(model));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-16)]
    [InlineData(1e-13)]
    [InlineData(1e-9)]
    public void Solve_CountsThatAreAllButEqual_HaveTheOptimumOfEqualOnes(double difference)
    {
        double[] counts = [100, 100 * (1 + difference), 100 * (1 - difference), 100, 3, 3 * (1 + difference), 3];
        double[] equal = [100, 100, 100, 100, 3, 3, 3];
        LayerPeeledSolution solution = Optimal(LayerPeeledModel.FromClassCounts(counts, 1, 3)), same = Optimal(LayerPeeledModel.FromClassCounts(equal, 1, 3));
        Intervals.Meet(solution.Certificate, same.Certificate, 10 * difference);
        Assert.InRange((solution.ClassifierGram() - same.ClassifierGram()).Enumerate().Max(Math.Abs), 0, Geometry + (100 * difference));
    }

    public static TheoryData<string> Methods => [.. SolverCatalog.All.Select(entry => entry.Name)];

    // A method that cannot reach an end says so; none throws, and none claims what it did not prove.
    [Theory]
    [MemberData(nameof(Methods))]
    public void Solve_EveryMethodAtEveryEnd_IsHonest(string method)
    {
        ClassGroup[][] classes = [[new(2, 1)], [new(1, 1e300), new(1, 1e-300)], [new(3, 1e15), new(2, 1)], [new(3, 1), new(2, 0)], [new(2, 1e-300), new(1, 3e-300), new(1, 3.0000000000001e-300)]];
        foreach (ClassGroup[] groups in classes)
        {
            foreach (double budget in new[] { 1e-20, 1e-5, 1, 30 })
            {
                SolverEntry entry = SolverCatalog.Find(method)!;
                LayerPeeledSolution solution = entry.Create(entry.Defaults with { MaxIterations = 500 }).Solve(LayerPeeledModel.FromClassGroups(groups, budget, budget));
                Assert.True(solution.Certificate.AbsoluteGap >= 0);
                Assert.Equal(solution.Status == SolverStatus.Optimal, solution.Certificate.RelativeGap <= solution.RelativeGapTolerance);
                Assert.True(double.IsFinite(solution.Objective) && solution.Objective >= 0);
                Assert.True(solution.Classifier.Enumerate().All(double.IsFinite) && solution.ClassMeans.Enumerate().All(double.IsFinite));
            }
        }
    }

    [Theory]
    [InlineData("la:tau=1")]
    [InlineData("ldam:c=0.5")]
    [InlineData("cdt:gamma=0.2")]
    [InlineData("vs:gamma=0.2,tau=1")]
    public void FromClassCounts_LossThatNeedsExamples_RefusesClassesWithout(string loss)
    {
        foreach (Regulariser regulariser in new Regulariser[] { new Budgets(1, 1), new Penalties(0.01, 0.01) })
        {
            string message = Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassCounts([5, 0, 5], regulariser, loss: LossCatalog.Parse(loss))).Message;
            Assert.Contains($"'{loss}' needs examples of every class", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FromClassCounts_FeaturesOfExamplesThatGrowWithoutLimit_AreRefused()
    {
        foreach (double small in new[] { 1e-300, 1e-22 })
        {
            var groups = new ClassGroup[] { new(5, 1), new(5, small) };
            string message = Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassGroups(groups, new Penalties(1e-3, 1e-3))).Message;
            Assert.Contains(FormattableString.Invariant($"there is a count of {small}"), message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => MaxMarginProgram.Of(LayerPeeledModel.FromClassGroups(groups, new Budgets(1, 1) { FeatureNorm = FeatureNorm.PerSample })));
            Optimal(LayerPeeledModel.FromClassGroups(groups, new Penalties(1e-3, 1e-3) { FeatureNorm = FeatureNorm.PerClass }));
        }

        Optimal(LayerPeeledModel.FromClassGroups([new(5, 1), new(5, 1e-19)], new Penalties(1e-3, 1e-3)));
    }

    private static LayerPeeledSolution Optimal(LayerPeeledModel model)
    {
        LayerPeeledSolution solution = new AutomaticSolver().Solve(model);
        Intervals.AreHonest(solution);
        Assert.True(solution.Status == SolverStatus.Optimal, $"{solution.Status}, gap {solution.Certificate.RelativeGap:g3}");
        Assert.True(solution.Certificate.IsProof);
        return solution;
    }
}
