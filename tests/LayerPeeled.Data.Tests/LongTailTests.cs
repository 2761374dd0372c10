using System.Numerics;

namespace LayerPeeled.Data.Tests;

public class LongTailTests
{
    [Fact]
    public void Counts_Cifar100LT_StartsAtLargestAndEndsAtLargestOverRatio()
    {
        IReadOnlyList<double> counts = LongTail.Counts(100, 500, 100);
        Assert.Equal(100, counts.Count);
        Assert.Equal(500, counts[0]);
        Assert.Equal(5, counts[^1]);
        Assert.Equal(10847, counts.Sum()); // the size of CIFAR-100-LT at ratio 100
    }

    [Theory]
    [InlineData(100, 500, 100)]
    [InlineData(10, 5000, 100)]
    [InlineData(11, 1024, 1024)]
    [InlineData(4, 1000, 1000)]
    [InlineData(50, 500, 10)]
    [InlineData(7, 729, 729)]
    [InlineData(3, 5000, 50)]
    public void Counts_IntegerArguments_AreTheFloorOfTheExactPower(int classes, int largest, int ratio)
    {
        IReadOnlyList<double> counts = LongTail.Counts(classes, largest, ratio);
        for (int k = 0; k < classes; k++)
        {
            // n ≤ n_max·ρ^{−k/(K−1)} < n + 1, in integers: n^{K−1}·ρ^k ≤ n_max^{K−1} < (n + 1)^{K−1}·ρ^k
            BigInteger top = BigInteger.Pow(largest, classes - 1), power = BigInteger.Pow(ratio, k);
            Assert.True(BigInteger.Pow((BigInteger)counts[k], classes - 1) * power <= top, $"class {k}: {counts[k]} is too large");
            Assert.True(BigInteger.Pow((BigInteger)counts[k] + 1, classes - 1) * power > top, $"class {k}: {counts[k]} is too small");
        }
    }

    [Fact]
    public void Counts_InfiniteRatio_LeavesExamplesInTheFirstClassOnly() =>
        Assert.Equal([500, 0, 0, 0], LongTail.Counts(4, 500, double.PositiveInfinity));

    [Theory]
    [InlineData(1, 500, 100, "classCount")]
    [InlineData(10, 0.5, 100, "largestCount")]
    [InlineData(10, double.NaN, 100, "largestCount")]
    [InlineData(10, 500, 0.5, "ratio")]
    [InlineData(10, 500, double.NaN, "ratio")]
    public void Counts_BadArgument_IsNamed(int classes, double largest, double ratio, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => LongTail.Counts(classes, largest, ratio)).ParamName);
}
