using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.LinearAlgebra.Bounds;

public sealed class LeastEigenvalueTests
{
    // A double eigenvalue decomposition is as accurate as that.
    private const double Roundoff = 1e-13;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    public void NegatedAbove_RandomMatrices_IsTightAndNotBelow(int n)
    {
        var random = new Random(n);
        foreach (double shift in new[] { -100.0, -1, 0, 1, 100 })
        {
            Matrix<double> matrix = Matrix<double>.Build.Dense(n, n, (_, _) => RandomPoints.Normal(random));
            matrix = matrix + matrix.Transpose() + (shift * Matrix<double>.Build.DenseIdentity(n));
            double least = matrix.Evd(Symmetricity.Symmetric).EigenValues.Min(v => v.Real), scale = matrix.FrobeniusNorm();
            double bound = LeastEigenvalue.NegatedAbove(n, matrix.ToColumnMajorArray(), 0, 0);
            Assert.InRange(bound - Math.Max(0, -least), -Roundoff * scale, 1e-12 * scale * n);
        }
    }

    [Fact]
    public void NegatedAbove_KnownSpectra_IsNeverBelow()
    {
        // S = −vvᵀ with integers: λ_min = −vᵀv exactly
        for (int n = 2; n < 30; n++)
        {
            Vector<double> v = Vector<double>.Build.Dense(n, i => (i * 7 % 11) + 1);
            Assert.True(LeastEigenvalue.NegatedAbove(n, (-v.OuterProduct(v)).ToColumnMajorArray(), 0, 0) >= v.DotProduct(v));
        }
    }

    [Fact]
    public void NegatedAbove_EntryErrors_AreAdded()
    {
        double[] identity = [1, 0, 0, 1];
        Assert.Equal(0, LeastEigenvalue.NegatedAbove(2, identity, 0.1, 0.5));
        Assert.InRange(LeastEigenvalue.NegatedAbove(2, [-1, 0, 0, -1], 0.1, 0.5), 1.6 - Roundoff, 1.6 + 1e-10);
    }
}
