using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Geometry;

public sealed class SimplexEtfTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(7, 20)]
    public void Frame_AnySize_IsEquinormAndEquiangular(int classes, int dimension)
    {
        Matrix<double> frame = SimplexEtf.Frame(classes, dimension);
        Matrix<double> gram = frame * frame.Transpose();
        for (int j = 0; j < classes; j++)
        {
            for (int k = 0; k < classes; k++)
            {
                Assertions.Within(j == k ? 1 : -1.0 / (classes - 1), gram[j, k], 1e-14);
            }
        }

        Assert.True(EtfCheck.Of(frame, 3 * frame.Transpose()).IsSimplexEtf(1e-13));
    }

    [Fact]
    public void BalancedOptimum_AnyBudgets_IsCertifiedOptimal()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(6, 11)], 0.7, 12, featureDimension: 5);
        (Matrix<double> classifier, Matrix<double> classMeans) = SimplexEtf.BalancedOptimum(model);
        DualityCertificate certificate = DualityGap.Certify(model, classifier, classMeans);
        Assert.True(certificate.Closes(1e-12));
        Assertions.Near(SimplexEtf.BalancedObjective(model), certificate.PrimalValue, 1e-13);
    }

    [Fact]
    public void BalancedObjective_ImbalancedOrTooFlat_IsRejected()
    {
        Assert.Throws<ArgumentException>(() => SimplexEtf.BalancedObjective(LayerPeeledModel.FromClassCounts([1, 2], 1, 1)));
        Assert.Throws<ArgumentException>(() => SimplexEtf.BalancedOptimum(LayerPeeledModel.FromClassCounts([1, 1, 1], 1, 1, featureDimension: 1)));
    }

    [Fact]
    public void Of_PerturbedFrame_ReportsEachDeviation()
    {
        Matrix<double> frame = SimplexEtf.Frame(5, 5);
        Matrix<double> longer = frame.Clone();
        longer.SetRow(0, longer.Row(0) * 1.1);
        EtfCheck norms = EtfCheck.Of(longer, frame.Transpose());
        Assert.InRange(norms.ClassifierNormDeviation, 0.07, 0.09);
        Assertions.Within(0, norms.ClassifierAngleDeviation, 1e-14);
        Assertions.Within(0, norms.FeatureNormDeviation, 1e-14);
        Assert.True(norms.SelfDualityDeviation > 0.01);
        Matrix<double> turned = frame.Clone();
        turned.SetRow(0, frame.Row(1));
        EtfCheck angles = EtfCheck.Of(frame, turned.Transpose());
        Assertions.Within(1.25, angles.FeatureAngleDeviation, 1e-14);
        Assert.False(angles.IsSimplexEtf(0.1));
        Assert.Throws<ArgumentException>(() => EtfCheck.Of(frame, frame.RemoveColumn(0)));
    }

    [Fact]
    public void Of_VanishingVectors_HasNoDeviation()
    {
        Matrix<double> frame = SimplexEtf.Frame(5, 5), zero = Matrix<double>.Build.Dense(5, 5);
        Assert.True(double.IsNaN(EtfCheck.Of(zero, frame.Transpose()).Deviation));
        Matrix<double> one = frame.Clone();
        one.ClearRow(2);
        Assert.True(double.IsNaN(EtfCheck.Of(one, frame.Transpose()).Deviation));
    }
}
