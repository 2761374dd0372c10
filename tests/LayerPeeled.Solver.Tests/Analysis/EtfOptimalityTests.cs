using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis;

public sealed class EtfOptimalityTests
{
    private const double Roundoff = 1e-13;
    private static readonly LayerPeeledModel Balanced = LayerPeeledModel.FromClassGroups([new(6, 10)], 2, 3, featureDimension: 8);

    [Fact]
    public void Of_BalancedOptimumInAnyOrientation_IsOptimalSimplexEtf()
    {
        (Matrix<double> w, Matrix<double> h) = SimplexEtf.BalancedOptimum(Balanced);
        Matrix<double> turn = Matrix<double>.Build.Random(8, 8, 1).QR().Q;
        EtfOptimality examined = EtfOptimality.Of(Balanced, w * turn.Transpose(), turn * h);
        Assert.Equal(EtfVerdict.OptimalSimplexEtf, examined.Verdict);
        Assert.True(examined.IsTight);
        Assertions.Within(0, examined.ClassifierDistance, Roundoff);
        Assertions.Within(0, examined.FeatureDistance, Roundoff);
        Assertions.Within(0, examined.CommonDistance, Roundoff);
        Assertions.Within(0, examined.KktResidual, 1e-12);
        Assert.True(examined.Deviations.IsSimplexEtf(1e-12));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(3)]
    public void Of_FixedClassifierOfBalancedClasses_HasTheGapToTheClosedForm(int dimension)
    {
        // as a network with a classifier that is not trained: features follow it, neither is an ETF
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(6, 10)], 2, 3, dimension);
        Matrix<double> w = Matrix<double>.Build.Random(6, dimension, 3), h = w.Transpose() + (0.3 * Matrix<double>.Build.Random(dimension, 6, 4));
        w *= Math.Sqrt(6 * 2) / w.FrobeniusNorm();
        h *= Math.Sqrt(6 * 3) / h.FrobeniusNorm();
        DualityCertificate certificate = EtfOptimality.Of(model, w, h).Certificate;
        double optimum = SimplexEtf.BalancedObjective(Balanced);
        Assertions.Near(optimum, certificate.LowerBound, 1e-13);
        Assert.True(certificate.LowerBound <= optimum);
        Assertions.Near((certificate.PrimalValue - optimum) / certificate.PrimalValue, certificate.RelativeGap, 1e-12);
    }

    [Fact]
    public void Of_BalancedOptimumWithHugeBudgets_IsOptimalSimplexEtf()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(10, 10)], 1e4, 1e4);
        (Matrix<double> w, Matrix<double> h) = SimplexEtf.BalancedOptimum(model);
        EtfOptimality examined = EtfOptimality.Of(model, w, h);
        Assert.Equal(EtfVerdict.OptimalSimplexEtf, examined.Verdict);
        Assertions.Within(0, examined.KktResidual, 1e-9);
        Assertions.Within(SimplexEtf.BalancedLogObjective(model) / Math.Log(10), examined.Certificate.Log10PrimalValue, 1e-10);
    }

    [Fact]
    public void Of_HalfTheBudget_IsSimplexEtfNotOptimal()
    {
        (Matrix<double> w, Matrix<double> h) = SimplexEtf.BalancedOptimum(Balanced);
        EtfOptimality examined = EtfOptimality.Of(Balanced, w / 2, h);
        Assert.Equal(EtfVerdict.SimplexEtfNotOptimal, examined.Verdict);
        Assert.False(examined.IsTight);
        Assertions.Near(0.25, examined.ClassifierBudgetUse, Roundoff);
        Assertions.Near(1, examined.KktResidual, Roundoff);
        // Beyond the budget it is no feasible point, however good its scaled copy.
        Assert.Equal(EtfVerdict.SimplexEtfNotOptimal, EtfOptimality.Of(Balanced, 2 * w, h).Verdict);
    }

    [Fact]
    public void Of_OptimumUnderImbalance_IsOptimalNotSimplexEtf()
    {
        LayerPeeledSolution solution = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassGroups([new(3, 10), new(3, 1)], 2, 3));
        EtfOptimality examined = EtfOptimality.Of(solution.Model, solution.Classifier, solution.ClassMeans);
        Assert.Equal(EtfVerdict.OptimalNotSimplexEtf, examined.Verdict);
        Assert.True(examined.IsTight);
        Assertions.Within(0, examined.KktResidual, 1e-8);
        Assert.True(examined.ClassifierDistance > 0.1);
    }

    [Fact]
    public void Of_RandomPoint_IsNeitherAndDistanceIsThatOfTheNuclearNorm()
    {
        Matrix<double> w = Matrix<double>.Build.Random(6, 8, 2), h = Matrix<double>.Build.Random(8, 6, 3);
        EtfOptimality examined = EtfOptimality.Of(Balanced, w, h);
        Assert.Equal(EtfVerdict.Neither, examined.Verdict);
        // min ‖W − s·M·Qᵀ‖² = ‖W‖² − ‖WᵀM‖_*²/K
        Matrix<double> frame = SimplexEtf.Frame(6, 8);
        double nuclear = (w.Transpose() * frame).Svd(false).S.Sum(), norm = w.FrobeniusNorm();
        Assertions.Near(Math.Sqrt(1 - (nuclear * nuclear / 6 / (norm * norm))), examined.ClassifierDistance, 1e-12);
        Assert.InRange(examined.KktResidual, 0.1, 1);
    }

    [Fact]
    public void Of_DifferentFramesForBothSides_HaveNoCommonOne()
    {
        (Matrix<double> w, Matrix<double> h) = SimplexEtf.BalancedOptimum(Balanced);
        Matrix<double> turn = Matrix<double>.Build.Random(8, 8, 4).QR().Q;
        EtfOptimality examined = EtfOptimality.Of(Balanced, w, turn * h);
        Assertions.Within(0, examined.ClassifierDistance, Roundoff);
        Assertions.Within(0, examined.FeatureDistance, Roundoff);
        Assert.True(examined.CommonDistance > 0.1);
        Assert.Equal(EtfVerdict.Neither, examined.Verdict);
    }

    [Fact]
    public void Of_SmallPerturbation_DistanceIsItsSize()
    {
        (Matrix<double> w, Matrix<double> h) = SimplexEtf.BalancedOptimum(Balanced);
        Matrix<double> shift = Matrix<double>.Build.Dense(6, 8, (_, j) => j == 7 ? 1 : 0); // all rows along a direction the frame does not use
        EtfOptimality examined = EtfOptimality.Of(Balanced, w + (1e-9 * shift), h);
        Assertions.Near(1e-9 * shift.FrobeniusNorm() / w.FrobeniusNorm(), examined.ClassifierDistance, 1e-6);
        Assert.Equal(EtfVerdict.OptimalSimplexEtf, examined.Verdict);
    }

    [Fact]
    public void Of_TooFewDimensionsOrVanishing_HasNoDistance()
    {
        LayerPeeledModel flat = LayerPeeledModel.FromClassGroups([new(6, 10)], 2, 3, featureDimension: 3);
        EtfOptimality examined = EtfOptimality.Of(flat, Matrix<double>.Build.Random(6, 3, 5), Matrix<double>.Build.Random(3, 6, 6));
        Assert.True(double.IsNaN(examined.ClassifierDistance));
        Assert.False(examined.IsSimplexEtf);
        EtfOptimality zero = EtfOptimality.Of(Balanced, Matrix<double>.Build.Dense(6, 8), Matrix<double>.Build.Dense(8, 6));
        Assert.True(double.IsNaN(zero.ClassifierDistance));
        Assert.Equal(EtfVerdict.Neither, zero.Verdict);
        Assert.Equal(0, zero.KktResidual);
    }

    [Fact]
    public void Of_BadArguments_Throws()
    {
        (Matrix<double> w, Matrix<double> h) = SimplexEtf.BalancedOptimum(Balanced);
        Assert.Throws<ArgumentException>(() => EtfOptimality.Of(Balanced, w, h.Transpose()));
        Assert.Throws<ArgumentException>(() => EtfOptimality.Of(Balanced, w * double.NaN, h));
        Assert.Throws<ArgumentOutOfRangeException>(() => EtfOptimality.Of(Balanced, w, h, tolerance: double.NaN));
    }
}
