using System.Numerics;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.LinearAlgebra.Bounds;

public class VerifiedNormTests
{
    public static TheoryData<string> Backends => new("honest", "definite", "indefinite", "garbage", "NaN");

    // Rank-one matrices of integers: σ_max² = ‖x‖²·‖y‖², known exactly, as is that of their absolute values.
    [Theory]
    [MemberData(nameof(Backends))]
    public void Of_IntegersOfRankOne_IsNotBelowTheExactNorm(string kind)
    {
        var random = new Random(3);
        for (int run = 0; run < 200; run++)
        {
            int n = random.Next(1, run % 10 == 0 ? 150 : 40);
            int[] x = Draw(n), y = Draw(n);
            double[] a = new double[n * n];
            for (int i = 0; i < n * n; i++)
            {
                a[i] = (double)x[i % n] * y[i / n];
            }

            FixedPoint square = (double)Square(x) * (FixedPoint)(double)Square(y);
            double hint = Math.Sqrt((double)Square(x) * (double)Square(y)) * (random.Next(3) - 0.5 + random.NextDouble());
            VerifiedNorm norm = VerifiedNorm.Of(new LyingBackend(kind), n, a, hint);
            Assert.True((FixedPoint)norm.Norm * norm.Norm >= square, $"{norm.Norm:R} below √{square}");
            Assert.True((FixedPoint)norm.AbsoluteNorm * norm.AbsoluteNorm >= square, $"{norm.AbsoluteNorm:R} below √{square}");
            Assert.True((FixedPoint)norm.Norm * norm.Norm <= (1 + 1e-12) * square, "the Frobenius norm is one at least");
        }

        int[] Draw(int n) => Enumerable.Range(0, n).Select(_ => random.Next(-1000, 1001)).Append(1).Take(n).ToArray();
        static BigInteger Square(int[] values) => values.Aggregate(BigInteger.Zero, (sum, value) => sum + ((BigInteger)value * value));
    }

    // Orthogonal columns ±1 of length n, times integers: σ_max = √n·max d, and the Frobenius norm is far from it.
    [Theory]
    [MemberData(nameof(Backends))]
    public void Of_ScaledHadamardMatrices_IsNotBelowTheExactNorm(string kind)
    {
        var random = new Random(5);
        foreach (int n in new[] { 2, 4, 8, 16, 32, 64, 128, 256 })
        {
            for (int run = 0; run < 4; run++)
            {
                double[] scales = Enumerable.Range(0, n).Select(j => j < n / 2 ? 1000.0 : random.Next(1, 1000)).ToArray();
                double[] a = new double[n * n];
                for (int i = 0; i < n * n; i++)
                {
                    a[i] = scales[i / n] * (BitOperations.PopCount((uint)(i % n) & (uint)(i / n)) % 2 == 0 ? 1 : -1);
                }

                FixedPoint square = (FixedPoint)n * 1e6;
                VerifiedNorm norm = VerifiedNorm.Of(new LyingBackend(kind), n, a, 1000 * Math.Sqrt(n) * (run == 0 ? 1 - 1e-15 : run == 1 ? 0.5 : run == 2 ? 3 : double.NaN));
                Assert.True((FixedPoint)norm.Norm * norm.Norm >= square, $"n = {n}: {norm.Norm:R} below √{square}");
                Assert.True(norm.AbsoluteNorm >= 1000 * n / 2);
                if (kind == "honest" && run == 0)
                {
                    Assert.True((FixedPoint)norm.Norm * norm.Norm <= (1 + (1e-15 * n * (20 + (2 * n)))) * square, $"n = {n}: {norm.Norm:R} is loose");
                }
            }
        }
    }

    // More columns than are formed at a time: σ_max = ‖x‖·‖y‖ of a matrix of integers of rank one
    [Theory]
    [InlineData("honest")]
    [InlineData("garbage")]
    public void Of_SeveralStrips_IsNotBelowTheExactNorm(string kind)
    {
        const int Order = 1600;
        int[] x = [.. Enumerable.Range(0, Order).Select(i => (i * 37 % 101) - 50)], y = [.. Enumerable.Range(0, Order).Select(i => (i * 53 % 89) - 44)];
        double[] a = new double[Order * Order];
        for (int i = 0; i < a.Length; i++)
        {
            a[i] = x[i % Order] * y[i / Order];
        }

        double square = (double)x.Sum(value => (long)value * value) * y.Sum(value => (long)value * value);
        VerifiedNorm norm = VerifiedNorm.Of(new LyingBackend(kind), Order, a, Math.Sqrt(square));
        Assert.True((FixedPoint)norm.Norm * norm.Norm >= square, $"{norm.Norm:R} below √{square}");
        Assert.True((FixedPoint)norm.AbsoluteNorm * norm.AbsoluteNorm >= square, $"{norm.AbsoluteNorm:R} below √{square}");
        Assert.True(norm.Norm * norm.Norm <= (1 + 1e-9) * square, "the Frobenius norm is one at least");
    }

    [Fact]
    public void Of_ZeroOrTinyEntries_IsNotBelowTheNorm()
    {
        Assert.InRange(VerifiedNorm.Of(3, new double[9], 1).Norm, 0, 1e-200);
        double[] tiny = Enumerable.Repeat(1e-200, 16).ToArray();
        Assert.InRange(VerifiedNorm.Of(4, tiny, 4e-200).Norm, 4e-200, 4.0001e-200);
        Assert.Throws<DecompositionException>(() => VerifiedNorm.Of(2, [1, double.NaN, 0, 1], 1));
    }

    private sealed class LyingBackend(string kind) : IDenseBackend
    {
        private readonly ManagedBackend inner = new();

        public string Name => kind;

        public string Description => kind;

        public int Threads { get; set; } = 1;

        public void Multiply(
            bool transposeA, bool transposeB, int m, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb,
            double beta, Span<double> c, int ldc) => throw new NotSupportedException();

        public void SymmetricProduct(bool transpose, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, double beta, Span<double> c, int ldc) =>
            throw new NotSupportedException();

        public void SymmetricEigen(int n, Span<double> a, Span<double> values)
        {
            inner.SymmetricEigen(n, a, values);
            if (kind != "honest")
            {
                values[^1] *= 0.3;
            }
        }

        public void SingularValueDecomposition(int m, int n, Span<double> a, Span<double> u, Span<double> s, Span<double> vt) => throw new NotSupportedException();

        public bool TryCholesky(int n, Span<double> a)
        {
            switch (kind)
            {
                case "definite":
                    _ = inner.TryCholesky(n, a);
                    return true;
                case "indefinite":
                    return false;
                case "garbage":
                    a.Fill(0.1);
                    return true;
                case "NaN":
                    a.Fill(double.NaN);
                    return true;
                default:
                    return inner.TryCholesky(n, a);
            }
        }
    }
}
