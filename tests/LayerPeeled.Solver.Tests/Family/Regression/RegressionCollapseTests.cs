using LayerPeeled.Solver.Family.Regression;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Family.Regression;

public sealed class RegressionCollapseTests
{
    private const double Rounding = 1e-12;

    private static Matrix<double> Targets(int dimension, int examples)
    {
        var random = new Random(8);
        Matrix<double> mixing = Matrix<double>.Build.Dense(dimension, dimension, (_, _) => RandomPoints.Normal(random));
        return (mixing * Matrix<double>.Build.Dense(dimension, examples, (_, _) => RandomPoints.Normal(random))) + 0.7;
    }

    private static double Value(Matrix<double> targets, Matrix<double> classifier, Matrix<double> features, Vector<double>? bias, Penalties penalties)
    {
        Matrix<double> error = (classifier * features) - targets;
        for (int i = 0; i < error.ColumnCount && bias is not null; i++)
        {
            error.SetColumn(i, error.Column(i) + bias);
        }

        return (Square(error) / (2 * targets.ColumnCount)) + (0.5 * penalties.Classifier * Square(classifier)) + (0.5 * penalties.Feature * Square(features));
    }

    private static double Square(Matrix<double> matrix) => matrix.Enumerate().Sum(x => x * x);

    [Theory]
    [InlineData(null, 4)]
    [InlineData(0.0, 4)]
    [InlineData(0.0, 9)]
    [InlineData(null, 2)]
    public void Of_AnyTargets_MatricesHaveTheObjective(double? bias, int dimension)
    {
        Matrix<double> targets = Targets(4, 30);
        foreach (double strength in new[] { 1e-9, 0.01, 0.05, 0.3, 10 })
        {
            var penalties = new Penalties(2 * strength, 0.3 * strength) { Bias = bias };
            RegressionCollapse collapse = RegressionCollapse.Of(targets, penalties, dimension);
            Assertions.Near(Value(targets, collapse.Classifier, collapse.Features(targets), collapse.Bias, penalties), collapse.Objective, 1e-9);
            Assert.Equal(dimension, collapse.Classifier.ColumnCount);
            Assertions.Within(0, (collapse.ClassifierGram() - (collapse.Classifier * collapse.Classifier.Transpose())).FrobeniusNorm(), Rounding * 1e3);
            Assert.Equal(bias is null, collapse.Bias is null);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.0)]
    public void Of_EnoughDimensions_ClosesTheDualityGap(double? bias)
    {
        Matrix<double> targets = Targets(5, 40);
        foreach (double strength in new[] { 1e-6, 0.02, 0.1 })
        {
            var penalties = new Penalties(strength, strength / 3) { Bias = bias };
            RegressionCollapse collapse = RegressionCollapse.Of(targets, penalties);
            // U = −(residual)/N with σ_max(U) ≤ √(λ_W·λ_H): the optimum is at least ⟨U, Y⟩ − (N/2)·‖U‖², and U·1 = 0 lets a bias be anything.
            Matrix<double> prediction = collapse.Classifier * collapse.Features(targets);
            if (collapse.Bias is { } mean)
            {
                prediction = Matrix<double>.Build.Dense(5, 40, (j, i) => prediction[j, i] + mean[j]);
            }

            Matrix<double> dual = (targets - prediction) / 40;
            dual *= Math.Min(1, Math.Sqrt(penalties.Classifier * penalties.Feature) / dual.Svd(false).S[0]);
            double bound = dual.PointwiseMultiply(targets).Enumerate().Sum() - (20 * Square(dual));
            // Residuals of small penalties are differences of nearly equal numbers.
            Assertions.Near(bound, collapse.Objective, 1e-8);
            Assert.True(bound <= collapse.Objective * (1 + Rounding));
            Assertions.Near(collapse.Objective, collapse.LowerBound, Rounding);
            Assertions.Within(0, bias is null ? 0 : dual.RowSums().L2Norm(), Rounding);
        }
    }

    [Fact]
    public void Of_GradientDescent_ComesToTheSamePoint()
    {
        Matrix<double> targets = Targets(3, 12);
        var penalties = new Penalties(0.1, 0.05);
        var random = new Random(1);
        foreach (int dimension in new[] { 3, 1 })
        {
            RegressionCollapse collapse = RegressionCollapse.Of(targets, penalties, dimension);
            Matrix<double> w = Matrix<double>.Build.Dense(3, dimension, (_, _) => RandomPoints.Normal(random)), h = Matrix<double>.Build.Dense(dimension, 12, (_, _) => RandomPoints.Normal(random));
            // Alternating ridge regressions
            for (int step = 0; step < 4000; step++)
            {
                w = targets * h.Transpose() * ((h * h.Transpose()) + (12 * penalties.Classifier * Matrix<double>.Build.DenseIdentity(dimension))).Inverse();
                h = ((w.Transpose() * w) + (12 * penalties.Feature * Matrix<double>.Build.DenseIdentity(dimension))).Inverse() * w.Transpose() * targets;
            }

            Assertions.Near(collapse.Objective, Value(targets, w, h, null, penalties), 1e-10);
            Assertions.Within(0, ((w * w.Transpose()) - collapse.ClassifierGram()).FrobeniusNorm(), 1e-6);
            Assert.Equal(dimension, collapse.Rank);
            Assert.Equal(dimension == 1, collapse.LowerBound < collapse.Objective * (1 - 1e-6));
        }
    }

    [Fact]
    public void Of_ThresholdOfADirection_DeviationsShrinkByTheSameAmount()
    {
        // Two orthogonal directions of deviations 3 and 1: c = √(N·λ_W·λ_H) = 1.25 leaves 1.75 and 0.
        Matrix<double> targets = Matrix<double>.Build.DenseOfArray(new double[,] { { 3, -3, 3, -3 }, { 1, 1, -1, -1 } });
        RegressionCollapse collapse = RegressionCollapse.Of(targets, new Penalties(1.25, 1.25 / 4) { Bias = 0 });
        Assertions.Near(1.25, collapse.Shrinkage, Rounding);
        Assertions.Near(1.75, collapse.PredictionDeviations[0], Rounding);
        Assert.Equal((0, 1), (collapse.PredictionDeviations[1], collapse.Rank));
        Assertions.Near((0.5 * 1.25 * 1.25) + (1.25 * 1.75) + 0.5, collapse.Objective, Rounding);
    }

    [Fact]
    public void OfCovariance_SameTargets_IsTheSamePoint()
    {
        Matrix<double> targets = Targets(4, 300);
        foreach (double? bias in new double?[] { null, 0 })
        {
            var penalties = new Penalties(0.02, 0.01) { Bias = bias };
            Vector<double> mean = targets.RowSums() / 300;
            Matrix<double> second = targets * targets.Transpose() / 300;
            RegressionCollapse direct = RegressionCollapse.Of(targets, penalties);
            RegressionCollapse moments = RegressionCollapse.OfCovariance(bias is null ? second : second - mean.OuterProduct(mean), 300, penalties, bias is null ? null : mean);
            Assertions.Near(direct.Objective, moments.Objective, 1e-10);
            Assertions.Within(0, (direct.ClassifierGram() - moments.ClassifierGram()).FrobeniusNorm(), 1e-9);
            Assertions.Near(moments.Objective, Value(targets, moments.Classifier, moments.Features(targets), moments.Bias, penalties), 1e-10);
        }
    }

    [Fact]
    public void Of_MoreDimensionsThanExamples_LeavesTheRestAtZero()
    {
        Matrix<double> targets = Targets(6, 3);
        var penalties = new Penalties(1e-3, 1e-3);
        RegressionCollapse collapse = RegressionCollapse.Of(targets, penalties);
        Assert.Equal(3, collapse.Rank);
        Assertions.Near(Value(targets, collapse.Classifier, collapse.Features(targets), null, penalties), collapse.Objective, 1e-10);
    }

    [Fact]
    public void Of_WrongArguments_AreRejected()
    {
        var penalties = new Penalties(1, 1);
        Matrix<double> two = Matrix<double>.Build.DenseIdentity(2), wrong = Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 2 }, { 2, 1 } });
        Assert.Throws<ArgumentException>(() => RegressionCollapse.Of(two * double.NaN, penalties));
        Assert.Throws<ArgumentException>(() => RegressionCollapse.Of(two, penalties with { Bias = 1 }));
        Assert.Throws<ArgumentException>(() => RegressionCollapse.Of(two, penalties with { FeatureNorm = FeatureNorm.PerClass }));
        Assert.Throws<ArgumentOutOfRangeException>(() => RegressionCollapse.Of(two, penalties, 0));
        Assert.Throws<ArgumentException>(() => RegressionCollapse.OfCovariance(wrong, 10, penalties));
        wrong[0, 1] = 1;
        Assert.Throws<ArgumentException>(() => RegressionCollapse.OfCovariance(wrong, 10, penalties));
        Assert.Throws<ArgumentException>(() => RegressionCollapse.OfCovariance(two, 10, penalties, Vector<double>.Build.Dense(2)));
        Assert.Throws<ArgumentException>(() => RegressionCollapse.Of(two, penalties).Features(Matrix<double>.Build.Dense(3, 1)));
    }
}
