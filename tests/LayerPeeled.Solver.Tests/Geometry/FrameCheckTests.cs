using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Geometry;

public sealed class FrameCheckTests
{
    [Fact]
    public void Of_SimplexEtf_IsOneAndIsCirculant()
    {
        FrameCheck check = FrameCheck.Of(2 * (Matrix<double>.Build.DenseIdentity(5) - Matrix<double>.Build.Dense(5, 5, 0.2)));
        Assert.True(check.IsSimplexEtf(1e-14));
        Assert.InRange(check.EtfDistance, 0, 1e-14);
        Assert.InRange(check.CirculantDistance, 0, 1e-14);
    }

    [Fact]
    public void Of_RegularPolygon_IsCirculantAndNoEtfAndTheOrderMatters()
    {
        Matrix<double> polygon = Matrix<double>.Build.Dense(7, 2, (k, i) => i == 0 ? Math.Cos(2 * Math.PI * k / 7) : Math.Sin(2 * Math.PI * k / 7));
        FrameCheck check = FrameCheck.Of(polygon);
        Assert.InRange(check.CirculantDistance, 0, 1e-14);
        Assert.False(check.IsSimplexEtf(0.5));
        // cos 2π/7, the largest, against −1/6
        Assertions.Near(Math.Cos(2 * Math.PI / 7) + (1.0 / 6), check.AngleDeviation, 1e-14);
        Matrix<double> swapped = polygon.Clone();
        swapped.SetRow(0, polygon.Row(1));
        swapped.SetRow(1, polygon.Row(0));
        // ‖G − C‖/‖G‖ by hand: averages along the seven cyclic diagonals
        Matrix<double> gram = swapped * swapped.Transpose();
        Matrix<double> circulant = Matrix<double>.Build.Dense(7, 7, (i, j) => Enumerable.Range(0, 7).Average(s => gram[(i + s) % 7, (j + s) % 7]));
        Assertions.Near((gram - circulant).FrobeniusNorm() / gram.FrobeniusNorm(), FrameCheck.Of(swapped).CirculantDistance, 1e-12);
        Assert.True(FrameCheck.Of(swapped).CirculantDistance > 0.1);
    }

    [Fact]
    public void Of_OneVector_IsRefused() => Assert.Throws<ArgumentException>(() => FrameCheck.Of(Matrix<double>.Build.Dense(1, 3)));
}
