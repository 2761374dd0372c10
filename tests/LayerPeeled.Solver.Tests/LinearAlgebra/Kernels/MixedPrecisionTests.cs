using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.Tests.LinearAlgebra.Kernels;

public sealed class MixedPrecisionTests
{
    public static TheoryData<int> Lengths => [0, 1, 7, 8, 9, 16, 31, 1024];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Round_AnyLength_KeepsTheNearestSingle(int length)
    {
        double[] values = Vector(length, 1), original = [.. values];
        var stored = new float[length];
        MixedPrecision.Round(values, stored);
        Assert.Equal(original.Select(x => (float)x), stored);
        Assert.Equal(stored.Select(x => (double)x), values);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Dots_AnyLength_AreTheSumsInDoublePrecision(int length)
    {
        float[] v = Vector(length, 1).Select(x => (float)x).ToArray();
        double[] a = Vector(length, 2), b = Vector(length, 3), c = Vector(length, 4);
        (double withA, double withB, double withC) = MixedPrecision.Dots(v, a, b, c);
        Assert.Equal(v.Zip(a, (x, y) => x * y).Sum(), withA, 1e-13 * Math.Max(1, length));
        Assert.Equal(v.Zip(b, (x, y) => x * y).Sum(), withB, 1e-13 * Math.Max(1, length));
        Assert.Equal(v.Zip(c, (x, y) => x * y).Sum(), withC, 1e-13 * Math.Max(1, length));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Add_AnyLength_AddsTheMultiple(int length)
    {
        float[] v = Vector(length, 1).Select(x => (float)x).ToArray();
        double[] x = Vector(length, 2), expected = x.Zip(v, (a, b) => a + (0.7 * b)).ToArray();
        MixedPrecision.Add(0.7, v, x);
        for (int i = 0; i < length; i++)
        {
            Assert.Equal(expected[i], x[i], 1e-15);
        }
    }

    [Fact]
    public void AllOfThem_UnequalLengths_NameBoth()
    {
        Assert.Contains("3 and 2", Assert.Throws<ArgumentException>(() => MixedPrecision.Round(new double[3], new float[2])).Message, StringComparison.Ordinal);
        Assert.Contains("3 and 2", Assert.Throws<ArgumentException>(() => MixedPrecision.Dots(new float[3], new double[3], new double[3], new double[2])).Message, StringComparison.Ordinal);
        Assert.Contains("3 and 4", Assert.Throws<ArgumentException>(() => MixedPrecision.Add(1, new float[3], new double[4])).Message, StringComparison.Ordinal);
    }

    private static double[] Vector(int length, int seed) => Enumerable.Range(0, length).Select(i => Math.Sin((i + 1.0) * seed)).ToArray();
}
