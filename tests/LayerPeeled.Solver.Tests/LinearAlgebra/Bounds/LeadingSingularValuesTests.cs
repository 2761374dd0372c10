using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace LayerPeeled.Solver.Tests.LinearAlgebra.Bounds;

public class LeadingSingularValuesTests
{
    private const int Order = 150;

    // Ten values next to 1, as the active ones of a gradient are, and a tail below 0.8
    private static readonly Matrix<double> Gradient = WithValues(i => i < 10 ? 1 - (1e-3 * i) : 0.8 * Math.Exp(-(i - 10) / 40.0));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_ValuesNextToEachOther_AreThoseOfADecomposition(bool near)
    {
        Svd<double> svd = Gradient.Svd();
        double[] start = near ? (svd.VT.SubMatrix(0, 10, 0, Order).Transpose() + (1e-3 * RandomMatrix(Order, 10))).ToColumnMajorArray() : [];

        var leading = LeadingSingularValues.Of(Order, Gradient.ToColumnMajorArray(), start, 12);

        Assert.Equal(12, leading.Values.Length);
        Matrix<double> vectors = Matrix<double>.Build.Dense(Order, 12, leading.Vectors);
        Assert.InRange((vectors.TransposeThisAndMultiply(vectors) - Matrix<double>.Build.DenseIdentity(12)).FrobeniusNorm(), 0, 1e-10);
        for (int i = 0; i < 10; i++)
        {
            Assertions.Near(svd.S[i], leading.Values[11 - i], 1e-8, $"value {i}");
            Assert.True(leading.Values[11 - i] <= svd.S[i] * (1 + 1e-12));
            Assertions.Near(leading.Values[11 - i], (Gradient * vectors.Column(11 - i)).L2Norm(), 1e-12, "length of the image");
        }

        Assert.Equal(leading.Values[^1], leading.Largest);
    }

    [Fact]
    public void Of_AStraggler_IsFoundAboveACluster()
    {
        Matrix<double> matrix = WithValues(i => i == 0 ? 1 + 1e-6 : i < 60 ? 1 : 0.5);
        Assertions.Near(1 + 1e-6, LeadingSingularValues.Of(Order, matrix.ToColumnMajorArray(), [], 1).Largest, 1e-9, "σ_max");
    }

    [Fact]
    public void Of_LowRankOrZero_HasNoMoreThanThereAre()
    {
        double[] rankOne = (Vector<double>.Build.Dense(Order, i => i + 1.0).ToColumnMatrix() * Matrix<double>.Build.Dense(1, Order, 1)).ToColumnMajorArray();
        double norm = Math.Sqrt(Enumerable.Range(1, Order).Sum(i => (double)i * i) * Order);
        Assertions.Near(norm, LeadingSingularValues.Of(Order, rankOne, [], 3).Largest, 1e-12, "σ_max");
        Assert.Equal(0, LeadingSingularValues.Of(Order, new double[Order * Order], [], 3).Largest);
    }

    private static Matrix<double> WithValues(Func<int, double> value)
    {
        Matrix<double> u = RandomMatrix(Order, Order).QR().Q, v = (RandomMatrix(Order, Order) + Matrix<double>.Build.DenseIdentity(Order)).QR().Q;
        return u * Matrix<double>.Build.Diagonal(Order, Order, value) * v.Transpose();
    }

    private static Matrix<double> RandomMatrix(int rows, int columns)
    {
        var random = new Random(rows + columns);
        return Matrix<double>.Build.Dense(rows, columns, (_, _) => random.NextDouble() - 0.5);
    }
}
