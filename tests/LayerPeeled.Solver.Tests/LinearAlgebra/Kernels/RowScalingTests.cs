using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.Tests.LinearAlgebra.Kernels;

public sealed class RowScalingTests
{
    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 3, 4 }, { 8, 2 }, { 13, 5 }, { 100, 7 }, { 0, 0 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Scale_AnyShape_MultipliesRowsAndReturnsTheSquaredNorm(int rows, int columns)
    {
        double[] d = Vector(rows, 1), x = Vector(rows * columns, 2), y = new double[x.Length];
        double square = RowScaling.Scale(d, x, y);
        double[] expected = x.Select((value, i) => d[i % rows] * value).ToArray();
        Assert.Equal(expected, y);
        Assert.Equal(expected.Sum(value => value * value), square, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void CombineAndScale_AnyShape_IsTheScaledSumAndReturnsTheSquaredNormOfTheSum(int rows, int columns)
    {
        double[] d = Vector(rows, 1), x = Vector(rows * columns, 2), p = Vector(rows * columns, 3), y = new double[x.Length];
        double square = RowScaling.CombineAndScale(d, 0.3, x, -1.7, p, 2.5, y);
        double[] sum = x.Zip(p, (a, b) => (0.3 * a) - (1.7 * b)).ToArray();
        for (int i = 0; i < y.Length; i++)
        {
            Assert.Equal(2.5 * d[i % rows] * sum[i], y[i], 1e-14);
        }

        Assert.Equal(sum.Sum(value => value * value), square, 1e-12);
    }

    [Fact]
    public void BothOfThem_SizesThatDoNotFit_NameThem()
    {
        Assert.Contains("3 rows", Assert.Throws<ArgumentException>(() => RowScaling.Scale(new double[3], new double[7], new double[7])).Message, StringComparison.Ordinal);
        Assert.Contains("6 and 3", Assert.Throws<ArgumentException>(
            () => RowScaling.CombineAndScale(new double[3], 1, new double[6], 1, new double[3], 1, new double[6])).Message, StringComparison.Ordinal);
    }

    private static double[] Vector(int length, int seed) => Enumerable.Range(0, length).Select(i => Math.Sin((i + 1.0) * seed)).ToArray();
}
