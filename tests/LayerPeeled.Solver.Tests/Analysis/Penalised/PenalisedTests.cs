using LayerPeeled.Solver.Analysis.Penalised;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Analysis.Penalised;

public sealed class PenalisedTests
{
    private static readonly double[] Counts = [400, 250, 250, 120, 120, 50, 8];

    public static TheoryData<FeatureNorm, double?, bool> Members()
    {
        var data = new TheoryData<FeatureNorm, double?, bool>();
        foreach (FeatureNorm norm in Enum.GetValues<FeatureNorm>())
        {
            foreach (double? bias in new double?[] { null, 0.01, 0 })
            {
                data.Add(norm, bias, false);
                data.Add(norm, bias, true);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Complete_AnyMember_IsWhereTheOptimumBecomesZero(FeatureNorm norm, double? bias, bool squared)
    {
        LayerPeeledModel model = Model(new Penalties(2, 0.5) { FeatureNorm = norm, Bias = bias }, squared);
        var path = new PenaltyPath(model);
        double complete = PenaltyThresholds.Of(model).Complete;
        LayerPeeledSolution above = new AutomaticSolver().Solve(path.At(1.001 * complete)).EnsureOptimal();
        LayerPeeledSolution below = new AutomaticSolver().Solve(path.At(0.99 * complete)).EnsureOptimal();
        Assert.Equal(0, above.Factors.ClassifierNorm2());
        Assert.True(below.Factors.ClassifierNorm2() > 1e-6);
        Assert.True(below.Loss < above.Loss);
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Groups_PairsOfEqualClasses_CollapseAboveAndNotBelow(FeatureNorm norm, double? bias, bool squared)
    {
        LayerPeeledModel model = Model(new Penalties(2, 0.5) { FeatureNorm = norm, Bias = bias }, squared);
        var path = new PenaltyPath(model);
        PenaltyThresholds thresholds = PenaltyThresholds.Of(model);
        for (int g = 0; g < model.Groups.Count; g++)
        {
            // ω_k = n_k/N; over √n_k where every example counts
            double n = model.Groups[g].Count, expected = n / Counts.Sum() / (norm == FeatureNorm.PerClass ? 1 : Math.Sqrt(n));
            Assertions.Near(expected, thresholds.Groups[g], 1e-14);
            if (model.Groups[g].Classes > 1 && thresholds.Groups[g] < 0.9 * thresholds.Complete)
            {
                LayerPeeledSolution above = new AutomaticSolver().Solve(path.At(1.0005 * expected)).EnsureOptimal(), below = new AutomaticSolver().Solve(path.At(0.98 * expected)).EnsureOptimal();
                Assert.Equal((true, false), (above.Groups[g].Collapsed, below.Groups[g].Collapsed));
                // With squared error and no bias there are no classifiers left to have a cosine.
                Assert.True(squared && bias is null ? double.IsNaN(above.Groups[g].ClassifierCosine) : above.Groups[g].ClassifierCosine > 1 - 1e-6, $"{above.Groups[g].ClassifierCosine}");
                Assert.True(below.Groups[g].ClassifierCosine < 1 - 1e-5, $"{below.Groups[g].ClassifierCosine}");
            }
        }
    }

    // Hong, Ling, JMLR 25, 2024: √n_A/N with at least two largest classes A
    [Theory]
    [InlineData(5, 5, 500, 100)]
    [InlineData(3, 7, 500, 100)]
    [InlineData(2, 3, 50, 10)]
    public void Complete_SeveralLargestClasses_IsTheClosedForm(int ka, int kb, double na, double nb)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(ka, na), new(kb, nb)], new Penalties(2, 0.5));
        Assertions.Near(Math.Sqrt(na) / ((ka * na) + (kb * nb)), PenaltyThresholds.Of(model).Complete, 1e-14);
    }

    [Theory]
    [InlineData(FeatureNorm.PerClass)]
    [InlineData(FeatureNorm.PerSample)]
    public void Groups_WeightsOfTheLoss_CollapseAboveAndNotBelow(FeatureNorm norm)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Counts, new Penalties(2, 0.5) { FeatureNorm = norm }, [1, 0.5, 0.5, 2, 2, 1, 1]);
        var path = new PenaltyPath(model);
        PenaltyThresholds thresholds = PenaltyThresholds.Of(model);
        for (int g = 0; g < model.Groups.Count; g++)
        {
            // ω_k = n_k·w_k/Σ n·w; over √n_k where every example counts
            double n = model.Groups[g].Count, expected = n * model.Groups[g].LossWeight / 1188 / (norm == FeatureNorm.PerClass ? 1 : Math.Sqrt(n));
            Assertions.Near(expected, thresholds.Groups[g], 1e-14);
            if (model.Groups[g].Classes > 1 && expected < 0.9 * thresholds.Complete)
            {
                LayerPeeledSolution above = new AutomaticSolver().Solve(path.At(1.0005 * expected)).EnsureOptimal(), below = new AutomaticSolver().Solve(path.At(0.98 * expected)).EnsureOptimal();
                Assert.Equal((true, false), (above.Groups[g].Collapsed, below.Groups[g].Collapsed));
                Assert.True(above.Groups[g].ClassifierCosine > 1 - 1e-6, $"{above.Groups[g].ClassifierCosine}");
                Assert.True(below.Groups[g].ClassifierCosine < 1 - 1e-5, $"{below.Groups[g].ClassifierCosine}");
            }
        }
    }

    [Fact]
    public void Of_BudgetsOrAnotherLoss_AreRefused()
    {
        Assert.Contains("budgets", Assert.Throws<ArgumentException>(() => PenaltyThresholds.Of(LayerPeeledModel.FromClassCounts([2, 1], 1, 1))).Message, StringComparison.Ordinal);
        Assert.Contains("custom", Assert.Throws<ArgumentException>(() => PenaltyThresholds.Of(
            LayerPeeledModel.FromClassCounts([2, 1], new Penalties(1, 1), loss: new CustomLoss(true)))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new PenaltyPath(LayerPeeledModel.FromClassCounts([2, 1], 1, 1)));
    }

    [Theory]
    [InlineData(FeatureNorm.PerClass)]
    [InlineData(FeatureNorm.PerSample)]
    public void RegulariserMap_ThereAndBack_IsTheSameOptimum(FeatureNorm norm)
    {
        LayerPeeledModel budgets = LayerPeeledModel.FromClassCounts(Counts, new Budgets(0.7, 9) { FeatureNorm = norm });
        LayerPeeledSolution first = new AutomaticSolver().Solve(budgets).EnsureOptimal();
        Penalties penalties = RegulariserMap.ToPenalties(first);
        LayerPeeledSolution second = new AutomaticSolver().Solve(budgets.WithRegulariser(penalties)).EnsureOptimal();
        Assert.Equal(norm, penalties.FeatureNorm);
        Assertions.Near(first.Objective, second.Loss, 1e-7);
        for (int g = 0; g < first.Groups.Count; g++)
        {
            Assertions.Within(first.Groups[g].ClassifierNorm2, second.Groups[g].ClassifierNorm2, 1e-6);
            Assertions.Within(first.Groups[g].FeatureNorm2, second.Groups[g].FeatureNorm2, 1e-6);
            Assert.Equal(first.Groups[g].Collapsed, second.Groups[g].Collapsed);
        }

        Budgets back = RegulariserMap.ToBudgets(second);
        Assertions.Near(0.7, back.Classifier, 1e-6);
        Assertions.Near(9, back.Feature, 1e-6);
        Assert.Equal(norm, back.FeatureNorm);
    }

    [Fact]
    public void RegulariserMap_WhatHasNoCounterpart_IsRefused()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([5, 5, 1], new Penalties(1e-3, 1e-3));
        var solver = new AutomaticSolver();
        Assert.Throws<ArgumentException>(() => RegulariserMap.ToPenalties(solver.Solve(model)));
        Assert.Throws<ArgumentException>(() => RegulariserMap.ToBudgets(solver.Solve(model.WithRegulariser(new Budgets(1, 1)))));
        Assert.Throws<ArgumentException>(() => RegulariserMap.ToBudgets(solver.Solve(model.WithRegulariser(new Penalties(1, 1)))));
        Assert.Throws<ArgumentException>(() => RegulariserMap.ToBudgets(solver.Solve(model.WithRegulariser(new Penalties(1e-3, 1e-3) { Bias = 1 }))));
    }

    [Fact]
    public void PenaltyPath_FromNothing_GrowsAndAgreesWithSolvesOfTheirOwn()
    {
        LayerPeeledModel model = Model(new Penalties(2, 0.5) { Bias = 0.01 }, squared: false);
        var path = new PenaltyPath(model);
        double[] grid = path.Grid(1e-4, 12);
        IReadOnlyList<LayerPeeledSolution> solutions = path.Solve(grid);
        Assert.Equal(12, solutions.Count);
        Assert.Equal(0, solutions[0].Factors.ClassifierNorm2());
        Assertions.Near(1e-4, grid[^1], 1e-12);
        for (int i = 0; i < solutions.Count; i++)
        {
            var penalties = (Penalties)solutions[i].EnsureOptimal().Model.Regulariser;
            Assertions.Near(grid[i], Math.Sqrt(penalties.Classifier * penalties.Feature), 1e-13);
            Assertions.Near(4, penalties.Classifier / penalties.Feature, 1e-13);
            Assertions.Near(new AutomaticSolver().Solve(path.At(grid[i])).Objective, solutions[i].Objective, 2e-10);
            Assert.True(i == 0 || solutions[i].Loss < solutions[i - 1].Loss);
            Assert.True(i == 0 || solutions[i].ClassesBelowCriticalSize <= solutions[i - 1].ClassesBelowCriticalSize);
        }

        Assert.Equal(model.GroupOfClass.ToArray(), solutions[3].Model.GroupOfClass.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => path.Grid(grid[0], 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => path.Grid(1e-4, 1));
        Assert.Empty(path.Solve(grid, cancellationToken: new CancellationToken(canceled: true)));
    }

    private static LayerPeeledModel Model(Penalties penalties, bool squared) =>
        LayerPeeledModel.FromClassCounts(Counts, penalties, loss: squared ? SquaredErrorLoss.Instance : CrossEntropyLoss.Instance);
}
