using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.Merged;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Solvers.Semidefinite;

namespace LayerPeeled.Solver.Tests.Model;

public sealed class RegulariserTests
{
    [Theory]
    [InlineData(0, 1, null, "classifierPenalty")]
    [InlineData(1, -1, null, "featurePenalty")]
    [InlineData(double.NaN, 1, null, "classifierPenalty")]
    [InlineData(1, double.PositiveInfinity, null, "featurePenalty")]
    [InlineData(1, 1e101, null, "featurePenalty")]
    [InlineData(1e-101, 1, null, "classifierPenalty")]
    [InlineData(1, 1, -0.1, "biasPenalty")]
    [InlineData(1, 1, double.NaN, "biasPenalty")]
    public void FromClassCounts_PenaltyOutOfRange_IsNamed(double classifier, double feature, double? bias, string name)
    {
        ArgumentException error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            LayerPeeledModel.FromClassCounts([2, 1], new Penalties(classifier, feature) { Bias = bias }));
        Assert.Equal(name, error.ParamName);
        Assert.Contains("between 1E-100 and 1E+100", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromClassCounts_NoRegulariser_IsRefused() =>
        Assert.Throws<ArgumentNullException>(() => LayerPeeledModel.FromClassCounts([2, 1], regulariser: null!));

    [Fact]
    public void FromClassCounts_FreeBiasAndAClassWithoutExamples_IsRefusedWhereTheBiasHasNoLimit()
    {
        var free = new Penalties(1, 1) { Bias = 0 };
        ArgumentException error = Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassCounts([2, 0], free));
        Assert.Contains("count 0", error.Message, StringComparison.Ordinal);
        Assert.NotNull(LayerPeeledModel.FromClassCounts([2, 0], free, loss: SquaredErrorLoss.Instance));
        Assert.NotNull(LayerPeeledModel.FromClassCounts([2, 0], free with { Bias = 1e-3 }));
    }

    [Fact]
    public void FromClassCounts_BudgetsInWhichASquaredErrorVanishes_AreRefusedWithTheLargestOnes()
    {
        // K√(E_W·E_H) ≥ K for features that count per class
        ArgumentException error = Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassCounts([2, 1], 1, 1, loss: SquaredErrorLoss.Instance));
        Assert.Contains("E_W·E_H must be below 1", error.Message, StringComparison.Ordinal);
        Assert.NotNull(LayerPeeledModel.FromClassCounts([2, 1], 1, 0.999, loss: SquaredErrorLoss.Instance));
        // Σ √ρ_k < K by Jensen: √(4/3) + √(2/3) = 1.97
        var perSample = new Budgets(0.98, 1) { FeatureNorm = FeatureNorm.PerSample };
        Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassCounts([2, 1], perSample, loss: SquaredErrorLoss.Instance));
        Assert.NotNull(LayerPeeledModel.FromClassCounts([2, 1], perSample with { Classifier = 0.96 }, loss: SquaredErrorLoss.Instance));
    }

    [Fact]
    public void Budgets_OfAModelWithPenalties_AreAnErrorThatSaysSo()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([2, 1], new Penalties(1, 2));
        Assert.Contains("penalties", Assert.Throws<InvalidOperationException>(() => model.ClassifierBudget).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => model.FeatureBudget);
        Assert.Throws<InvalidOperationException>(() => model.Radius);
        Assert.Equal(FeatureNorm.PerSample, model.Regulariser.FeatureNorm);
        Assert.Equal(FeatureNorm.PerClass, LayerPeeledModel.FromClassCounts([2, 1], 1, 2).Regulariser.FeatureNorm);
    }

    [Fact]
    public void WithRegulariser_AnyModel_KeepsTheRest()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([2, 1, 2], 1, 2, [1, 3, 1], 5), other = model.WithRegulariser(new Penalties(1, 2));
        Assert.Equal(model.Groups, other.Groups);
        Assert.Equal(model.GroupOfClass.ToArray(), other.GroupOfClass.ToArray());
        Assert.Equal((5, model.Loss), (other.FeatureDimension, other.Loss));
        Assert.Equal(new Penalties(1, 2), other.Regulariser);
    }

    public static TheoryData<ISolver> BudgetMethods => [new FrankWolfeSolver(), new SemidefiniteSolver(), new ProjectedGradientSolver(), new MergedSolver()];

    [Theory]
    [MemberData(nameof(BudgetMethods))]
    public void Solve_MethodForBudgets_RefusesPenaltiesByName(ISolver method)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => method.Solve(LayerPeeledModel.FromClassCounts([2, 1], new Penalties(1, 1))));
        Assert.Contains($"The {method.Name} method is for budgets. The model has penalties.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_MethodWithoutABias_RefusesOne()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new NuclearNormSolver().Solve(LayerPeeledModel.FromClassCounts([2, 1], new Penalties(1, 1) { Bias = 1 })));
        Assert.Contains("without a bias", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_PenaltiesBeyondTheMemoryBudget_SaysThatGroupsAreNotMerged()
    {
        var solver = new AutomaticSolver(new AutomaticOptions { MemoryBudget = 1_000_000 });
        double[] counts = Enumerable.Range(1, 200).Select(n => (double)n).ToArray();
        string message = Assert.Throws<ArgumentException>(() => solver.Solve(LayerPeeledModel.FromClassCounts(counts, new Penalties(1e-4, 1e-4)))).Message;
        Assert.Contains("more than the memory budget", message, StringComparison.Ordinal);
        Assert.Contains("Groups are merged only with budgets", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ForMergedGroups_FeaturesPerSample_AreRefused() => Assert.Throws<ArgumentException>(() => NuclearNormProgram.ForMergedGroups(
        LayerPeeledModel.FromClassCounts([2, 1], new Budgets(1, 1) { FeatureNorm = FeatureNorm.PerSample }), [0, 0]));
}
