using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Certificates;

/// <summary>Points with features that are not negative.</summary>
public sealed class RectifiedCertificateTests
{
    private static readonly LayerPeeledModel Model = LayerPeeledModel.FromClassCounts([100, 20, 20, 5], 1, 2);
    private static readonly Matrix<double> Features = Matrix<double>.Build.DenseIdentity(4) * Math.Sqrt(2);
    private static readonly Matrix<double> Classifier = Matrix<double>.Build.Dense(4, 4, (j, i) => ((j == i ? 1 : 0) - 0.25) / Math.Sqrt(0.75));

    [Fact]
    public void Of_PointWithinTheBudgets_HasItsLossAndABoundBelowIt()
    {
        RectifiedCertificate certificate = RectifiedCertificate.Of(Model, Classifier, Features);
        double loss = 0, margin = Math.Sqrt(2 / 0.75);
        foreach (double share in new[] { 100, 20, 20, 5 }.Select(n => n / 145.0))
        {
            loss += share * Math.Log(1 + (3 * Math.Exp(-margin)));
        }

        Assert.Equal(loss, certificate.PrimalValue, 1e-14);
        Assert.InRange(certificate.LowerBound, 0.5 * loss, loss);
        Assert.Equal(RectifiedCertificate.Bound(Model), certificate.LowerBound);
        Assert.Equal(certificate.PrimalValue - certificate.LowerBound, certificate.AbsoluteGap);
        Assert.Equal(certificate.AbsoluteGap / certificate.PrimalValue, certificate.RelativeGap);
        Assert.True(certificate.Closes(certificate.RelativeGap) && !certificate.Closes(certificate.RelativeGap / 2));
    }

    [Fact]
    public void Of_BalancedClasses_TheSimplexFrameIsOptimal()
    {
        LayerPeeledModel balanced = LayerPeeledModel.FromClassCounts([7, 7, 7, 7], 1, 2);
        Assert.InRange(RectifiedCertificate.Of(balanced, Classifier, Features).RelativeGap, 0, 1e-12);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(1, 5)]
    [InlineData(2, 2)]
    public void Of_PointOutsideTheBudgets_IsScaledBack(double classifier, double features) => Assert.Equal(
        RectifiedCertificate.Of(Model, Classifier, Features).PrimalValue, RectifiedCertificate.Of(Model, classifier * Classifier, features * Features).PrimalValue, 1e-14);

    [Theory]
    [InlineData(-1e-300)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Of_FeatureThatIsNegativeOrNotFinite_Throws(double bad)
    {
        Matrix<double> features = Features.Clone();
        features[2, 1] = bad;
        Assert.Contains("not negative", Assert.Throws<ArgumentException>(() => RectifiedCertificate.Of(Model, Classifier, features)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bound_ModelThatItIsNotFor_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => RectifiedCertificate.Bound(null!));
        Assert.Throws<ArgumentNullException>(() => RectifiedCertificate.Of(null!, Classifier, Features));
        Assert.Throws<ArgumentNullException>(() => RectifiedCertificate.Of(Model, Classifier, null!));
        LayerPeeledModel squared = LayerPeeledModel.FromClassCounts([3, 2], 0.1, 0.1, loss: SquaredErrorLoss.Instance);
        Assert.Contains("squared-error", Assert.Throws<ArgumentException>(() => RectifiedCertificate.Bound(squared)).Message, StringComparison.Ordinal);
        LayerPeeledModel biased = LayerPeeledModel.FromClassGroups([new(2, 3)], new Penalties(1e-3, 1e-3) { Bias = 0.1 });
        Assert.Contains("rectified", Assert.ThrowsAny<ArgumentException>(() => RectifiedCertificate.Bound(biased)).Message, StringComparison.Ordinal);
    }
}
