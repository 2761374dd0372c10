using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Family.Spherical;

public sealed class SoftmaxCodeTests
{
    private const double Roundoff = 1e-12;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(40)]
    public void OneVersusRestDistance_SimplexEtf_IsThatToTheCentreOfTheOthers(int classes) =>
        Assert.All(SoftmaxCode.OneVersusRestDistances(SimplexEtf.Frame(classes, classes)), d => Assertions.Near(classes / (classes - 1.0), d, Roundoff));

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    public void OneVersusRestDistance_CrossPolytope_IsOne(int dimension)
    {
        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(dimension);
        Assert.All(SoftmaxCode.OneVersusRestDistances(identity.Stack(-identity)), d => Assertions.Near(1, d, Roundoff));
    }

    [Fact]
    public void OneVersusRestDistance_Icosahedron_IsThatToTheFaceOfItsNeighbours()
    {
        // Five points in a plane, also where they are a little off: more than the face has dimensions
        var random = new Random(1);
        double golden = (1 + Math.Sqrt(5)) / 2;
        double[] signs = [1, -1];
        double[][] rows = signs.SelectMany(a => signs.SelectMany(b => new double[][] { [0, a, b * golden], [a, b * golden, 0], [a * golden, 0, b] })).ToArray();
        Matrix<double> vectors = Matrix<double>.Build.DenseOfRowArrays(rows) / Math.Sqrt(1 + (golden * golden));
        foreach (double noise in new[] { 0, 1e-14, 1e-12, 1e-10, 1e-8 })
        {
            Matrix<double> moved = vectors + (noise * Matrix<double>.Build.Dense(12, 3, (_, _) => RandomPoints.Normal(random)));
            Assert.All(SoftmaxCode.OneVersusRestDistances(moved), d => Assertions.Within(1 - (1 / Math.Sqrt(5)), d, Roundoff + (10 * noise)));
        }
    }

    [Fact]
    public void OneVersusRestDistance_VectorInTheHullOfTheOthers_IsZero()
    {
        Matrix<double> vectors = Matrix<double>.Build.DenseOfRowArrays([[1, 0], [-0.5, 0.9], [-0.5, -0.9], [0.1, 0.1]]);
        Assertions.Within(0, SoftmaxCode.OneVersusRestDistances(vectors)[3], 1e-7);
    }

    [Fact]
    public void OneVersusRestDistance_RandomVectors_IsWhatProjectedGradientFinds()
    {
        var random = new Random(2);
        foreach ((int classes, int dimension) in new[] { (5, 3), (8, 4), (12, 20), (30, 3) })
        {
            Matrix<double> vectors = Matrix<double>.Build.Dense(classes, dimension, (_, _) => RandomPoints.Normal(random));
            IReadOnlyList<double> distances = SoftmaxCode.OneVersusRestDistances(vectors);
            for (int k = 0; k < Math.Min(classes, 5); k++)
            {
                Matrix<double> others = Matrix<double>.Build.DenseOfRowVectors(Enumerable.Range(0, classes).Where(j => j != k).Select(j => vectors.Row(j) - vectors.Row(k)));
                (double least, double found) = FrankWolfe(others);
                Assert.InRange(distances[k], least - 1e-9, found + 1e-9);
            }
        }
    }

    [Fact]
    public void OneVersusRestDistance_OneRow_IsRefused() =>
        Assert.Throws<ArgumentException>(() => SoftmaxCode.OneVersusRestDistance(Matrix<double>.Build.Dense(1, 2, 1)));

    // Frank–Wolfe with exact steps: min_j ⟨x, p_j⟩/‖x‖ ≤ distance ≤ ‖x‖
    private static (double Least, double Found) FrankWolfe(Matrix<double> points)
    {
        Vector<double> x = points.Row(0);
        double least = 0;
        for (int step = 0; step < 3000; step++)
        {
            Vector<double> products = points * x, direction = points.Row(products.MinimumIndex()) - x;
            least = Math.Max(least, products.Minimum() / x.L2Norm());
            double along = -direction.DotProduct(x) / direction.DotProduct(direction);
            if (!(along > 0))
            {
                break;
            }

            x += Math.Min(1, along) * direction;
        }

        return (least, x.L2Norm());
    }
}
