using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Geometry;

public sealed class SeliGeometryTests
{
    private const double Rounding = 1e-12;
    private static readonly Penalties PerSample = new(1, 1);
    private static readonly Penalties PerClass = new(1, 1) { FeatureNorm = FeatureNorm.PerClass };

    [Theory]
    [InlineData(5, 5, 10)]
    [InlineData(2, 7, 3)]
    [InlineData(6, 2, 1000)]
    [InlineData(1, 4, 20)]
    [InlineData(3, 1, 8)]
    public void Of_TwoGroups_HasTheExplicitFormulas(int majority, int minority, double ratio)
    {
        SeliGeometry seli = SeliGeometry.Of(LayerPeeledModel.FromClassGroups([new(majority, 7 * ratio), new(minority, 7)], PerSample));
        double ka = majority, kb = minority, k = ka + kb, sigma = Math.Sqrt(((ratio * kb) + ka) / k);
        Check(seli.Groups.Select(g => g.ClassifierNorm2).ToArray(), seli.ClassifierCosines, Math.Sqrt(ratio), 1, sigma, 1, 1);
        // √R → 1/√R and σ → 1/σ are those of h; the Gram matrix of √n·h has √R and σ with Π scaled by √n
        Check(seli.Groups.Select(g => g.FeatureNorm2).ToArray(), seli.FeatureCosines, 1 / Math.Sqrt(ratio), 1, 1 / sigma, 1, 1);

        void Check(double[] norm2, Matrix<double> cosines, double a, double b, double common, double scaleA, double scaleB)
        {
            double squareA = ((a * (1 - (1 / ka))) + (common * kb / (ka * k))) * scaleA, squareB = ((b * (1 - (1 / kb))) + (common * ka / (kb * k))) * scaleB;
            Assertions.Near(squareA / squareB, norm2[0] / norm2[1], Rounding);
            Expect((-a / ka) + (common * kb / (ka * k)), squareA, cosines[0, 0], ka);
            Expect((-b / kb) + (common * ka / (kb * k)), squareB, cosines[1, 1], kb);
            Assertions.Within(-common / k / Math.Sqrt(squareA * squareB), cosines[0, 1], Rounding);
        }

        static void Expect(double inner, double square, double cosine, double classes)
        {
            if (classes == 1)
            {
                Assert.True(double.IsNaN(cosine));
                return;
            }

            Assertions.Within(inner / square, cosine, Rounding);
        }
    }

    [Fact]
    public void Of_TenClassesRatioTen_HasTheReferenceNumbers()
    {
        SeliGeometry seli = SeliGeometry.Of(LayerPeeledModel.FromClassGroups([new(5, 10), new(5, 1)], PerSample));
        Matrix<double> w = seli.ClassifierCosines, h = seli.FeatureCosines;
        const double Digits = 6e-6;
        Assertions.Within(2.6721, seli.Groups[0].ClassifierNorm2 / seli.Groups[1].ClassifierNorm2, 10 * Digits);
        Assertions.Within(0.35083, seli.Groups[0].FeatureNorm2 / seli.Groups[1].FeatureNorm2, Digits);
        Assert.All(new[] { (-0.14395, w[0, 0]), (0.03337, w[1, 1]), (-0.13868, w[0, 1]), (-0.06970, h[0, 0]), (-0.18675, h[1, 1]), (-0.08543, h[0, 1]) },
            pair => Assertions.Within(pair.Item1, pair.Item2, Digits));
    }

    [Fact]
    public void Of_AnyCountsAndTemperatures_InterpolatesTheLabels()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([9, 4, 4, 4, 1, 30, 30], new Penalties(2, 0.3));
        double[] delta = [1.3, 0.2, 0.9, 2];
        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(7);
        foreach (MarginKind kind in Enum.GetValues<MarginKind>())
        {
            SeliGeometry seli = SeliGeometry.Of(MaxMarginProgram.Of(model, delta, kind));
            Vector<double> inverse = Vector<double>.Build.Dense(7, k => 1 / delta[model.GroupOfClass[k]]);
            Vector<double> v = kind == MarginKind.LabelTemperature ? Vector<double>.Build.Dense(7, 1) : inverse;
            Matrix<double> expected = (identity - (v.OuterProduct(v) / v.DotProduct(v))) * Matrix<double>.Build.DenseOfDiagonalVector(inverse);
            Assertions.Within(0, (seli.Logits() - expected).FrobeniusNorm(), Rounding);
            Assertions.Within(0, ((seli.Classifier * seli.ClassMeans) - expected).FrobeniusNorm(), Rounding);
            Assertions.Within(0, ((seli.Classifier * seli.Classifier.Transpose()) - seli.ClassifierGram()).FrobeniusNorm(), Rounding);
            Assertions.Within(0, ((seli.ClassMeans.Transpose() * seli.ClassMeans) - seli.FeatureGram()).FrobeniusNorm(), Rounding);
            // ‖Z·diag(√n)‖_* and λ_W·‖W‖² = λ_H·Σ n_k·‖h_k‖²
            double[] counts = model.GroupOfClass.ToArray().Select(g => model.Groups[g].Count).ToArray();
            double norm = RandomPoints.NuclearNorm(expected * Matrix<double>.Build.DenseOfDiagonalArray(counts.Select(n => Math.Sqrt(n * 7 / counts.Sum())).ToArray()));
            Assertions.Near(norm, seli.NuclearNorm, Rounding);
            double features = counts.Select((n, k) => n * seli.ClassMeans.Column(k).Sum(x => x * x)).Sum();
            Assertions.Near(2 * seli.Classifier.Enumerate().Sum(x => x * x), 0.3 * features, Rounding);
        }
    }

    [Fact]
    public void Of_FeaturesPerClassOrTemperatureOfHalf_IsTheSimplexEtf()
    {
        SeliGeometry perClass = SeliGeometry.Of(LayerPeeledModel.FromClassCounts([100, 30, 1, 1], new Budgets(0.7, 3)));
        Assert.True(EtfCheck.Of(perClass.Classifier, perClass.ClassMeans).IsSimplexEtf(Rounding));
        Assertions.Near(3, perClass.NuclearNorm, Rounding);
        Assertions.Near(4 * Math.Sqrt(2.1) / 3, perClass.Margin, Rounding);
        Assertions.Near(4 * 0.7, perClass.Classifier.Enumerate().Sum(x => x * x), Rounding);
        // δ = √(n/n_max) takes the counts out of ρ/δ²: an ETF of classifiers, and of the directions of features
        SeliGeometry tempered = SeliGeometry.Of(LayerPeeledModel.FromClassCounts([100, 30, 1, 1], new Penalties(1, 1), loss: LogitAdjustedLoss.LabelDependentTemperature(0.5, 1)));
        EtfCheck check = EtfCheck.Of(tempered.Classifier, tempered.ClassMeans);
        Assertions.Within(0, Math.Max(check.ClassifierNormDeviation, Math.Max(check.ClassifierAngleDeviation, check.FeatureAngleDeviation)), Rounding);
        Assert.True(check.FeatureNormDeviation > 0.5);
    }

    [Theory]
    [InlineData(0, 96, 0.01)]
    [InlineData(0.3, 9, 0.1)]
    public void Of_VanishingPenalties_IsTheLimitOfOptima(double temperature, int digits, double last)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([50, 50, 20, 5, 5, 1], PerSample, loss: temperature == 0 ? null : LogitAdjustedLoss.LabelDependentTemperature(temperature));
        SeliGeometry seli = SeliGeometry.Of(model);
        double previous = double.PositiveInfinity;
        foreach (double strength in new[] { 1e-3, 1e-6, 1e-9, 1e-12, 1e-24, 1e-48, 1e-96 }.TakeWhile(strength => strength > Math.Pow(10, -digits - 1)))
        {
            LayerPeeledSolution solution = new ReducedSolver().Solve(model.WithRegulariser(new Penalties(strength, strength)));
            // Far below the distances that follow
            Assert.True(solution.Certificate.RelativeGap < 1e-7, $"{strength}: {solution.Status}, {solution.Certificate.RelativeGap}");
            GeometryDistance distance = seli.DistanceOf(solution.Factors);
            Assert.True(distance.Largest < 0.8 * previous, $"{distance.Largest} after {previous}");
            previous = distance.Largest;
        }

        // The margin grows like log(1/λ), and what is left of the geometry falls like its inverse.
        Assert.True(previous < last, $"{previous}");
    }

    [Fact]
    public void Of_MillionClasses_StaysThreeGroups()
    {
        SeliGeometry seli = SeliGeometry.Of(LayerPeeledModel.FromClassGroups([new(500_000, 900), new(300_000, 40), new(200_000, 1)], new Budgets(1, 1) { FeatureNorm = FeatureNorm.PerSample }));
        Assert.Equal(3, seli.Groups.Count);
        Assert.True(seli.Certify().Closes(1e-11));
        Assertions.Near(1e6, seli.Factors.ClassifierNorm2(), Rounding);
        Assertions.Within(0, seli.DistanceOf(seli.Factors).Largest, 1e-14);
    }

    [Fact]
    public void DistanceOf_RotatedAndScaledNetwork_IsZero()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([9, 4, 4, 4, 1, 30, 30], PerSample);
        SeliGeometry seli = SeliGeometry.Of(model);
        var random = new Random(5);
        Matrix<double> rotation = Matrix<double>.Build.Dense(7, 7, (_, _) => RandomPoints.Normal(random)).QR().Q;
        GeometryDistance same = seli.DistanceOf(3 * (seli.Classifier * rotation), 0.1 * (rotation.Transpose() * seli.ClassMeans));
        Assertions.Within(0, Math.Max(same.Largest, Math.Max(same.ClassifierCosine, same.FeatureCosine)), Rounding);
        Matrix<double> turned = seli.Classifier.Clone();
        turned.SetRow(4, seli.Classifier.Row(0));
        GeometryDistance other = seli.DistanceOf(turned, seli.ClassMeans);
        Assertions.Within(0, other.FeatureGram, Rounding);
        Assertions.Near(1 - seli.ClassifierCosines[1, 3], other.ClassifierCosine, Rounding);
        Assert.True(other.ClassifierGram > 0.1 && other.Logits > 0.1);
        turned.ClearRow(4);
        Assert.True(double.IsNaN(seli.DistanceOf(turned, seli.ClassMeans).ClassifierCosine));
    }

    [Fact]
    public void DistanceOf_SolutionClassByClass_IsThatOverGroups()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([9, 4, 4, 1], new Budgets(1, 6));
        SeliGeometry seli = SeliGeometry.Of(model);
        GeometryDistance groups = seli.DistanceOf(new ReducedSolver().Solve(model).Factors), classes = seli.DistanceOf(new LowRankSolver().Solve(model).Factors);
        Assert.All(new[] { (groups.ClassifierGram, classes.ClassifierGram), (groups.FeatureGram, classes.FeatureGram), (groups.Logits, classes.Logits), (groups.ClassifierCosine, classes.ClassifierCosine) },
            pair => Assertions.Near(pair.Item1, pair.Item2, 1e-5));
        Assert.Throws<ArgumentException>(() => SeliGeometry.Of(LayerPeeledModel.FromClassCounts([9, 4, 4, 2], PerClass)).DistanceOf(new ReducedSolver().Solve(model).Factors));
    }

    [Fact]
    public void DistanceOf_MergedPoint_IsThatClassByClass()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([9, 8, 8, 1, 1], new Budgets(1, 6));
        var merged = NuclearNormProgram.ForMergedGroups(model, [0, 0, 1]);
        GroupedFactors point = GroupedFactors.FromLogits(merged, RandomPoints.Draw(merged, new Random(4)));
        SeliGeometry seli = SeliGeometry.Of(model);
        GeometryDistance grouped = seli.DistanceOf(point), classes = seli.DistanceOf(FactorExpansion.Classifier(point), FactorExpansion.ClassMeans(point).Transpose());
        Assertions.Near(classes.ClassifierGram, grouped.ClassifierGram, Rounding);
        Assertions.Near(classes.FeatureGram, grouped.FeatureGram, Rounding);
        Assertions.Near(classes.Logits, grouped.Logits, Rounding);
        Assertions.Near(classes.FeatureCosine, grouped.FeatureCosine, Rounding);
        MarginCertificate certificate = MarginCertificate.Of(seli.Program, point);
        GroupedFactors full = GroupedFactors.OfClasses(NuclearNormProgram.ForClasses(model), FactorExpansion.Classifier(point), FactorExpansion.ClassMeans(point).Transpose());
        Assertions.Near(MarginCertificate.Of(seli.Program, full).Margin, certificate.Margin, Rounding);
    }

    [Fact]
    public void Of_ModelsWithoutTheLimit_AreRejected()
    {
        Assert.Throws<ArgumentException>(() => SeliGeometry.Of(LayerPeeledModel.FromClassCounts([2, 1], PerSample, loss: SquaredErrorLoss.Instance)));
        Assert.Throws<ArgumentException>(() => SeliGeometry.Of(LayerPeeledModel.FromClassCounts([2, 1, 0], PerSample)));
        Assert.Throws<ArgumentException>(() => SeliGeometry.Of(LayerPeeledModel.FromClassCounts([2, 1, 1], PerSample, featureDimension: 1)));
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([2, 1, 1], PerSample);
        Assert.Throws<ArgumentException>(() => MaxMarginProgram.Of(model, [1], MarginKind.LabelTemperature));
        Assert.Throws<ArgumentException>(() => MaxMarginProgram.Of(model, [1, 0], MarginKind.LabelTemperature));
        Assert.Throws<ArgumentOutOfRangeException>(() => MaxMarginProgram.Of(model, [1, 1], (MarginKind)7));
    }
}
