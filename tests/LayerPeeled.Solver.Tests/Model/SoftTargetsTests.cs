using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Model;

public sealed class SoftTargetsTests
{
    private static SparseColumns Table(double[,] values) => SparseColumns.FromDense(Matrix<double>.Build.DenseOfArray(values));

    [Fact]
    public void From_Counts_DividesColumnsAndWeighsThemByTheirSums()
    {
        SoftTargets targets = SoftTargets.From(Table(new double[,] { { 3, 0, 1 }, { 1, 0, 1 } }));
        Assert.True(targets.AreCounts);
        Assert.Equal((2, 2, 3), (targets.Tokens, targets.Contexts, targets.GivenContexts));
        Assert.Equal([0, 2], targets.KeptContexts.ToArray());
        Assert.Equal([0.75, 0.25, 0.5, 0.5], targets.Distributions.Values.ToArray());
        Assertions.Near(4.0 / 6, targets.Weights[0], 1e-15);
        double floor = (4.0 / 6 * -((0.75 * Math.Log(0.75)) + (0.25 * Math.Log(0.25)))) + (2.0 / 6 * Math.Log(2));
        Assertions.Near(floor, targets.EntropyFloor, 1e-15, "floor");
    }

    [Fact]
    public void From_Distributions_WeighsThemAlikeUnlessToldOtherwise()
    {
        SparseColumns table = Table(new double[,] { { 0.7, 0.2 }, { 0.3, 0.8 } });
        SoftTargets alike = SoftTargets.From(table);
        Assert.False(alike.AreCounts);
        Assert.Equal([0.5, 0.5], alike.Weights.ToArray());
        Assert.Equal([0.75, 0.25], SoftTargets.From(table, [3, 1]).Weights.ToArray());
        SoftTargets one = SoftTargets.From(table, [3, 0]);
        Assert.Equal((1, 2), (one.Contexts, one.GivenContexts));
    }

    [Fact]
    public void From_WrongArguments_AreRefused()
    {
        SparseColumns table = Table(new double[,] { { 0.7, 0.2 }, { 0.3, 0.8 } });
        Assert.Contains("2 contexts, got 1", Assert.Throws<ArgumentException>(() => SoftTargets.From(table, [1])).Message, StringComparison.Ordinal);
        Assert.Contains("context 1", Assert.Throws<ArgumentException>(() => SoftTargets.From(table, [1, double.NaN])).Message, StringComparison.Ordinal);
        Assert.Contains("No context occurs", Assert.Throws<ArgumentException>(() => SoftTargets.From(table, [0, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("at least 2 tokens", Assert.Throws<ArgumentException>(() => SoftTargets.From(Table(new double[,] { { 1, 1 } }))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => SoftTargets.LabelSmoothing([1, 2], 1));
        Assert.Throws<ArgumentException>(() => SoftTargets.Mixup(3, [(0, 1, 1.5, 1)]));
        Assert.Throws<ArgumentException>(() => SoftTargets.LabelSets(3, [(Array.Empty<int>(), 1)]));
        Assert.Throws<ArgumentException>(() => SoftTargets.LabelSets(3, [(new[] { 1, 1 }, 1)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftTargetModel(SoftTargets.From(table), 1, 1, featureDimension: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftTargetModel(SoftTargets.From(table), 0, 1));
    }

    [Fact]
    public void Labels_SmoothedMixedAndSets_AreTheirDistributions()
    {
        SoftTargets smoothed = SoftTargets.LabelSmoothing([10, 30], 0.2);
        Assert.Equal([0.9, 0.1], smoothed.Distributions.ValuesOf(0).ToArray());
        Assert.Equal([0.25, 0.75], smoothed.Weights.ToArray());
        Assert.Equal(2, SoftTargets.LabelSmoothing([10, 30], 0).Distributions.NonZeroCount);
        SoftTargets mixed = SoftTargets.Mixup(3, [(2, 0, 0.75, 4), (1, 1, 0.5, 12)]);
        Assert.Equal([0, 2], mixed.Distributions.RowsOf(0).ToArray());
        Assert.Equal([0.25, 0.75], mixed.Distributions.ValuesOf(0).ToArray());
        Assert.Equal([1.0], mixed.Distributions.ValuesOf(1).ToArray());
        SoftTargets sets = SoftTargets.LabelSets(4, [(new[] { 3, 0 }, 1), (new[] { 1 }, 1)]);
        Assert.Equal([0.5, 0.5], sets.Distributions.ValuesOf(0).ToArray());
    }
}
