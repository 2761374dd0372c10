using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Tests.Model;

public sealed class LayerPeeledModelTests
{
    [Fact]
    public void FromClassCounts_EqualCounts_FormGroupsInDecreasingOrder()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([3, 50, 3, 7.5, 50, 50], 1, 5);
        Assert.Equal([new ClassGroup(3, 50), new ClassGroup(1, 7.5), new ClassGroup(2, 3)], model.Groups);
        Assert.Equal([2, 0, 2, 1, 0, 0], model.GroupOfClass.ToArray());
        Assert.Equal(163.5, model.EffectiveTotal);
        Assert.Equal(50 / 163.5, model.WeightOf(0));
        Assert.Equal(6, model.FeatureDimension);
    }

    [Fact]
    public void FromClassCounts_WithWeights_ActsAsWithMoreExamples()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([100, 10, 10], 1, 5, lossWeights: [1, 5, 5]);
        Assert.Equal(200, model.EffectiveTotal);
        Assert.Equal(0.25, model.WeightOf(1));
        Assert.Equal(50, model.Groups[1].EffectiveCount);
    }

    [Fact]
    public void FromClassGroups_RepeatedGroup_IsMergedInPlace()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(2, 1), new(3, 9), new(1, 1)], 1, 5);
        Assert.Equal([new ClassGroup(3, 1), new ClassGroup(3, 9)], model.Groups);
        Assert.Equal([0, 0, 1, 1, 1, 0], model.GroupOfClass.ToArray());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0)]
    [InlineData(-1)]
    public void FromClassCounts_BadBudget_NamesArgumentAndValue(double budget)
    {
        var w = Assert.Throws<ArgumentOutOfRangeException>(() => LayerPeeledModel.FromClassCounts([1, 2], budget, 1));
        Assert.Equal("classifierBudget", w.ParamName);
        var h = Assert.Throws<ArgumentOutOfRangeException>(() => LayerPeeledModel.FromClassCounts([1, 2], 1, budget));
        Assert.Equal("featureBudget", h.ParamName);
        Assert.Contains("positive finite", h.Message, StringComparison.Ordinal);
        Assert.Contains("between", Assert.Throws<ArgumentOutOfRangeException>(() => LayerPeeledModel.FromClassCounts([1, 2], 1, 1e151)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void FromClassCounts_BadCountOrWeight_NamesClassAndValue(double value)
    {
        string text = value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var counts = Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassCounts([1, value], 1, 1));
        Assert.Contains($"class 1 is {text}", counts.Message, StringComparison.Ordinal);
        var weights = Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassCounts([1, 1], 1, 1, [value, 1]));
        Assert.Contains($"class 0 is {text}", weights.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassGroups([new(2, value)], 1, 1));
    }

    [Fact]
    public void FromClassCounts_DegenerateModels_AreRejected()
    {
        Assert.Contains("at least 2 classes", Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassCounts([], 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("at least 2 classes", Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassCounts([5], 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("positive finite sum", Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassCounts([0, 0], 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("one loss weight", Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassCounts([1, 2], 1, 1, [1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LayerPeeledModel.FromClassCounts([1, 2], 1, 1, featureDimension: 0));
        Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassGroups([new(0, 1)], 1, 1));
        Assert.Throws<ArgumentException>(() => LayerPeeledModel.FromClassGroups([new(int.MaxValue, 1), new(int.MaxValue, 2)], 1, 1));
    }
}
