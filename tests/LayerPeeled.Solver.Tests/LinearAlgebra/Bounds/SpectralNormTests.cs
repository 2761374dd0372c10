using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.LinearAlgebra.Bounds;

public class SpectralNormTests
{
    // Tightness promised: about n·10⁻¹⁵, never worse than this for the sizes here.
    private const double Tightness = 1e-12;

    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 1 }, { 1, 9 }, { 2, 2 }, { 2, 30 }, { 3, 3 }, { 10, 4 }, { 40, 60 }, { 64, 64 }, { 65, 80 }, { 150, 120 }, { 200, 200 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void UpperBound_RandomMatrixAndAnyHint_IsAboveAndTight(int m, int n)
    {
        double[] a = TestMatrices.Random(m, n, m + n);
        double sigma = LargestSingularValue(m, n, a);
        AssertTight(m, n, a, sigma, sigma, double.NaN, 0, -1, sigma * 0.5, sigma * (1 - 1e-9), sigma * (1 + 1e-9), sigma * 1.5, sigma * 1e6, double.PositiveInfinity);
    }

    [Theory]
    [InlineData(30, 20, 12)]
    [InlineData(150, 100, 100)]
    [InlineData(120, 120, 70)]
    public void UpperBound_PartialIsometry_IsAboveAndTight(int m, int n, int rank)
    {
        // σ·U·Vᵀ: `rank` singular values equal to σ, the others zero.
        const double Sigma = 3.7;
        var backend = new ManagedBackend();
        int q = Math.Min(m, n);
        double[] u = new double[m * q], s = new double[q], vt = new double[q * n];
        backend.SingularValueDecomposition(m, n, TestMatrices.Random(m, n, 5), u, s, vt);
        double[] a = new double[m * n];
        backend.Multiply(false, false, m, n, rank, Sigma, u, m, vt, q, 0, a, m);
        AssertTight(m, n, a, Sigma, Sigma, double.NaN, Sigma / 2, 10 * Sigma);
    }

    [Theory]
    [InlineData(5, 7)]
    [InlineData(90, 70)]
    public void UpperBound_RankOne_IsTheProductOfTheLengths(int m, int n)
    {
        double[] x = TestMatrices.Random(m, 1, 1), y = TestMatrices.Random(n, 1, 2);
        double[] a = TestMatrices.Filled(m, n, (i, j) => x[i] * y[j]);
        double sigma = Math.Sqrt(x.Sum(v => v * v) * y.Sum(v => v * v));
        AssertTight(m, n, a, sigma, double.NaN, sigma);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    public void UpperBound_ZeroMatrix_IsZero(int n) => Assert.Equal(0, SpectralNorm.UpperBound(n, n + 1, new double[n * (n + 1)], 1));

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    public void UpperBound_ExtremeScale_NeitherOverflowsNorUnderflows(double scale)
    {
        double[] a = TestMatrices.Random(40, 30, 3);
        double sigma = LargestSingularValue(40, 30, a);
        double[] scaled = a.Select(v => v * scale).ToArray();
        AssertTight(40, 30, scaled, sigma * scale, sigma * scale, double.NaN);
    }

    [Fact]
    public void UpperBound_NonFiniteEntry_Throws() =>
        Assert.Throws<DecompositionException>(() => SpectralNorm.UpperBound(2, 2, [1, double.NaN, 0, 1], 1));

    // σ to a few roundings, for how tight the bounds are; whether they are above it is decided in exact arithmetic, for the smallest of them.
    private static void AssertTight(int m, int n, double[] a, double sigma, params double[] hints)
    {
        double smallest = double.PositiveInfinity;
        foreach (double hint in hints)
        {
            double bound = SpectralNorm.UpperBound(m, n, a, hint);
            Assert.True(bound <= sigma * (1 + Tightness), $"{m}×{n}, hint {hint:R}: {bound:R} is loose, {(bound / sigma) - 1:E2} above {sigma:R}");
            smallest = Math.Min(smallest, bound);
        }

        // A power of two changes no digit.
        double unit = Math.ScaleB(1, -Math.ILogB(sigma));
        var matrix = new FixedPoint[m, n];
        for (int i = 0; i < m * n; i++)
        {
            matrix[i % m, i / m] = a[i] * unit;
        }

        Assert.True(ExactModel.ExceedsNorm(smallest * unit, matrix), $"{m}×{n}: {smallest:R} is below the norm, about {sigma:R}");
    }

    private static double LargestSingularValue(int m, int n, double[] a)
    {
        int q = Math.Min(m, n);
        double[] s = new double[q];
        new ManagedBackend().SingularValueDecomposition(m, n, (double[])a.Clone(), new double[m * q], s, new double[q * n]);
        return s[0];
    }
}
