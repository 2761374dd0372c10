using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Programs;

public sealed class FactorizedProgramTests
{
    private const double Roundoff = 1e-12;

    public static TheoryData<FactorizedLevel> Levels => [FactorizedLevel.ClassMeans, FactorizedLevel.SampleLevel];

    public static TheoryData<FactorizedLevel, double[]> Cases => new()
    {
        { FactorizedLevel.ClassMeans, [7, 3, 7, 1] },
        { FactorizedLevel.SampleLevel, [4, 4, 4, 4] },
        { FactorizedLevel.SampleLevel, [300, 1, 40, 2] },
        { FactorizedLevel.SampleLevel, [0, 9, 2] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Project_OutsidePoint_SatisfiesProjectionInequality(FactorizedLevel level, double[] counts)
    {
        FactorizedProgram program = Create(level, counts);
        for (int seed = 0; seed < 20; seed++)
        {
            FactorizedPoint outside = Gaussian(program, seed, 4), projected = program.Project(outside), feasible = program.RandomPoint(100 + seed);
            // ⟨x − Px, y − Px⟩ ≤ 0 on each block, for y on the boundary and inside
            foreach (double inward in new[] { 1, 0.3 })
            {
                AssertObtuse(outside.Classifier - projected.Classifier, (feasible.Classifier * inward) - projected.Classifier);
                AssertObtuse(outside.Features - projected.Features, (feasible.Features * inward) - projected.Features);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Project_OutsidePoint_LandsOnTheBoundaryAndStaysThere(FactorizedLevel level, double[] counts)
    {
        FactorizedProgram program = Create(level, counts);
        foreach (double size in new[] { 1.5, 30, 1e8 })
        {
            FactorizedPoint projected = program.Project(Gaussian(program, 3, size));
            (double classifier, double features) = BudgetsUsed(program, projected);
            Assertions.Near(1, classifier, Roundoff, "classifier budget");
            Assertions.Near(1, features, Roundoff, "feature budget");
            FactorizedPoint again = program.Project(projected);
            Assert.Equal(projected.Classifier, again.Classifier);
            Assert.Equal(projected.Features, again.Features);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Project_FeasiblePoint_IsTheIdentity(FactorizedLevel level, double[] counts)
    {
        FactorizedProgram program = Create(level, counts);
        FactorizedPoint start = program.RandomPoint(5);
        var inside = new FactorizedPoint(start.Classifier * 0.9, start.Features * 0.9);
        FactorizedPoint projected = program.Project(inside);
        Assert.Equal(inside.Classifier, projected.Classifier);
        Assert.Equal(inside.Features, projected.Features);
    }

    [Fact]
    public void Project_UnequalCounts_ShrinksSmallClassesMost()
    {
        FactorizedProgram program = Create(FactorizedLevel.SampleLevel, [300, 1, 40, 2]);
        FactorizedPoint outside = Gaussian(program, 3, 4), projected = program.Project(outside);
        double Shrink(int column) => projected.Features.Column(column).L2Norm() / outside.Features.Column(column).L2Norm();
        // 1/(1 + μ/n_k) in the order of the counts
        double large = Shrink(0), single = Shrink(300), middle = Shrink(301), pair = Shrink(341);
        Assert.True(single < pair && pair < middle && middle < large);
        double multiplier = (1 / single) - 1;
        Assertions.Near(1 / (1 + (multiplier / 300)), large, Roundoff);
        Assertions.Near(1 / (1 + (multiplier / 40)), middle, Roundoff);
    }

    [Fact]
    public void Project_NormOverflows_Throws()
    {
        FactorizedProgram program = Create(FactorizedLevel.ClassMeans, [3, 2]);
        FactorizedPoint start = program.RandomPoint(0);
        Assert.Throws<ArgumentException>(() => program.Project(new FactorizedPoint(start.Classifier, start.Features * 1e200)));
        Assert.Throws<ArgumentException>(() => program.Project(new FactorizedPoint(start.Classifier * 1e200, start.Features)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_AlongRandomDirections_LeavesRemainderOfSecondOrder(FactorizedLevel level, double[] counts)
    {
        FactorizedProgram program = Create(level, counts);
        FactorizedPoint x = program.RandomPoint(1), d = program.RandomPoint(2);
        double value = program.Gradient(x, out FactorizedPoint gradient);
        Assert.Equal(program.Value(x), value);
        double slope = gradient.Classifier.PointwiseMultiply(d.Classifier).RowSums().Sum() + gradient.Features.PointwiseMultiply(d.Features).RowSums().Sum();
        double Remainder(double t) =>
            program.Value(new FactorizedPoint(x.Classifier + (t * d.Classifier), x.Features + (t * d.Features))) - value - (t * slope);

        double coarse = Remainder(1e-3), fine = Remainder(5e-4);
        Assert.NotEqual(0, coarse);
        // Third-order terms at 1e-3, and the roundoff of values of order one
        Assertions.Near(4, coarse / fine, 0.02, "ratio of remainders");
    }

    [Fact]
    public void Value_ClassMeans_IsTheValueOfTheirLogits()
    {
        FactorizedProgram program = Create(FactorizedLevel.ClassMeans, [7, 3, 0, 1]);
        FactorizedPoint x = program.RandomPoint(1);
        NuclearNormProgram classes = NuclearNormProgram.ForClasses(program.Model);
        GroupedMatrix logits = classes.CreateMatrix();
        program.ToGroupedFactors(x).Product(logits);
        Assertions.Near(classes.Value(logits), program.Value(x), Roundoff);
    }

    [Fact]
    public void ToGroupedFactors_Samples_NeverWorse()
    {
        FactorizedProgram program = Create(FactorizedLevel.SampleLevel, [30, 1, 8, 0]);
        NuclearNormProgram classes = NuclearNormProgram.ForClasses(program.Model);
        GroupedMatrix logits = classes.CreateMatrix();
        for (int seed = 0; seed < 10; seed++)
        {
            FactorizedPoint x = program.RandomPoint(seed);
            GroupedFactors factors = program.ToGroupedFactors(x);
            factors.Product(logits);
            Assert.True(classes.Value(logits) < program.Value(x));
            Assert.True(factors.FeatureNorm2() < program.Model.ClassCount * program.Model.FeatureBudget);
            Assertions.Near(program.Model.ClassCount * program.Model.ClassifierBudget, factors.ClassifierNorm2(), Roundoff);
        }
    }

    [Fact]
    public void MeansOf_Samples_AreTheMeansOfTheColumnsOfEachClass()
    {
        FactorizedProgram program = Create(FactorizedLevel.SampleLevel, [2, 5, 0, 3]);
        Assert.Equal(10, program.ColumnCount);
        Assert.Equal([(0, 2), (2, 5), (7, 0), (7, 3)], Enumerable.Range(0, 4).Select(program.ColumnsOf));
        FactorizedPoint x = program.RandomPoint(0);
        Matrix<double> means = program.MeansOf(x);
        Assert.Equal((4, 4), (means.RowCount, means.ColumnCount));
        foreach ((int k, int first, int count) in new[] { (0, 0, 2), (1, 2, 5), (3, 7, 3) })
        {
            Vector<double> mean = x.Features.SubMatrix(0, 4, first, count).RowSums() / count;
            Assertions.Within(0, (mean - means.Column(k)).L2Norm(), Roundoff);
        }

        Assert.Equal(0, means.Column(2).L2Norm());
    }

    [Fact]
    public void ClassMeans_ClassWithoutWeight_CountsInTheBudgetAndHasNoGradient()
    {
        FactorizedProgram program = Create(FactorizedLevel.ClassMeans, [5, 0, 2]);
        FactorizedPoint random = program.RandomPoint(0);
        Assert.Equal(0, random.Features.Column(1).L2Norm());
        Matrix<double> features = random.Features;
        features.SetColumn(1, [10.0, 0, 0]);
        FactorizedPoint projected = program.Project(new FactorizedPoint(random.Classifier, features));
        Assertions.Near(1, BudgetsUsed(program, projected).Features, Roundoff);
        Assert.True(projected.Features[0, 1] > 0);
        program.Gradient(projected, out FactorizedPoint gradient);
        Assert.Equal(0, gradient.Features.Column(1).L2Norm());
        Assert.True(gradient.Features.Column(0).L2Norm() > 0);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void SimplexEtfPoint_Balanced_IsTheClosedForm(FactorizedLevel level)
    {
        FactorizedProgram program = Create(level, [3, 3, 3, 3], dimension: 3);
        double alpha = program.Model.Radius / 3;
        FactorizedPoint etf = program.SimplexEtfPoint();
        Assertions.Near(Math.Log(1 + (3 * Math.Exp(-alpha))), program.Value(etf), Roundoff);
        Assertions.Near(1, BudgetsUsed(program, etf).Features, Roundoff);
    }

    [Fact]
    public void SimplexEtfPoint_TooFewDimensions_Throws() =>
        Assert.Throws<InvalidOperationException>(() => Create(FactorizedLevel.ClassMeans, [3, 3, 3, 3], dimension: 2).SimplexEtfPoint());

    [Theory]
    [MemberData(nameof(Cases))]
    public void RandomPoint_SameSeed_SamePointOnTheBudgets(FactorizedLevel level, double[] counts)
    {
        FactorizedProgram program = Create(level, counts);
        FactorizedPoint x = program.RandomPoint(7);
        Assert.Equal(x.Features, program.RandomPoint(7).Features);
        Assert.NotEqual(x.Features, program.RandomPoint(8).Features);
        (double classifier, double features) = BudgetsUsed(program, x);
        Assertions.Near(1, classifier, Roundoff);
        Assertions.Near(1, features, Roundoff);
    }

    [Fact]
    public void SampleLevel_FractionalCount_ThrowsNamingTheClass()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Create(FactorizedLevel.SampleLevel, [3, 2.5]));
        Assert.Contains("Class 1 has 2.5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SampleLevel_TooManyExamples_Throws() =>
        Assert.Throws<ArgumentException>(() => Create(FactorizedLevel.SampleLevel, [1e12, 1]));

    [Fact]
    public void Value_OtherShape_ThrowsWithBothShapes()
    {
        FactorizedProgram program = Create(FactorizedLevel.SampleLevel, [3, 2]);
        FactorizedPoint other = Create(FactorizedLevel.ClassMeans, [3, 2]).RandomPoint(0);
        ArgumentException error = Assert.Throws<ArgumentException>(() => program.Value(other));
        Assert.Contains("2×5", error.Message, StringComparison.Ordinal);
        Assert.Contains("2×2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FactorizedPoint_BadMatrices_Throws()
    {
        Matrix<double> w = Matrix<double>.Build.Dense(2, 3, 1), h = Matrix<double>.Build.Dense(3, 2, 1);
        Assert.Throws<ArgumentException>("features", () => new FactorizedPoint(w, Matrix<double>.Build.Dense(4, 2)));
        h[2, 1] = double.NaN;
        Assert.Throws<ArgumentException>("features", () => new FactorizedPoint(w, h));
        w[0, 0] = double.PositiveInfinity;
        Assert.Throws<ArgumentException>("classifier", () => new FactorizedPoint(w, h));
    }

    private static FactorizedProgram Create(FactorizedLevel level, double[] counts, int? dimension = null) =>
        FactorizedProgram.At(LayerPeeledModel.FromClassCounts(counts, 1.5, 4, featureDimension: dimension), level);

    private static FactorizedPoint Gaussian(FactorizedProgram program, int seed, double size)
    {
        var random = new MathNet.Numerics.Distributions.Normal(0, 1, new Random(seed));
        int p = program.FeatureDimension, k = program.Model.ClassCount;
        return new FactorizedPoint(
            Matrix<double>.Build.Random(k, p, random) * size * 2, Matrix<double>.Build.Random(p, program.ColumnCount, random) * size * 4);
    }

    private static (double Classifier, double Features) BudgetsUsed(FactorizedProgram program, FactorizedPoint point)
    {
        double features = 0;
        Matrix<double> h = point.Features;
        for (int k = 0; k < program.Model.ClassCount; k++)
        {
            (int first, int count) = program.ColumnsOf(k);
            for (int c = first; c < first + count; c++)
            {
                features += Math.Pow(h.Column(c).L2Norm(), 2) / count;
            }
        }

        LayerPeeledModel model = program.Model;
        return (Math.Pow(point.Classifier.FrobeniusNorm(), 2) / (model.ClassCount * model.ClassifierBudget), features / (model.ClassCount * model.FeatureBudget));
    }

    private static void AssertObtuse(Matrix<double> outward, Matrix<double> across) =>
        Assert.True(outward.PointwiseMultiply(across).RowSums().Sum() <= Roundoff * outward.FrobeniusNorm() * across.FrobeniusNorm());
}
