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

public sealed class RectifiedFrameTests
{
    private const double Rounding = 1e-12;

    public static TheoryData<double[], FeatureNorm, double[]?> Cases() => new()
    {
        { [40, 20, 6], FeatureNorm.PerSample, null },
        { [500, 500, 100, 30, 30, 2], FeatureNorm.PerSample, null },
        { [500, 500, 100, 30, 30, 2], FeatureNorm.PerClass, null },
        { [9, 9, 4, 1], FeatureNorm.PerSample, [1, 2, 1, 5] },
        { [9, 9, 4, 0], FeatureNorm.PerSample, null },
        { [7, 7], FeatureNorm.PerClass, null },
    };

    [Fact]
    public void Of_ThreeClasses_HasTheReferenceNumbers()
    {
        RectifiedFrame frame = RectifiedFrame.Of(LayerPeeledModel.FromClassCounts([40, 20, 6], new Penalties(0.02, 0.0008)));
        Assertions.Within(0.20570234, frame.Objective, 5e-9);
        Assert.All(new[] { 4.0374, 3.6762, 3.0315 }.Zip(frame.Margins), pair => Assertions.Within(pair.First, pair.Second, 5e-5));
        // ‖h_k‖² = √((K−1)λ_W/(Kλ_H·n_k))·M_k
        Assert.All(new[] { 40.0, 20, 6 }.Zip(frame.Margins, frame.Groups), item =>
            Assertions.Near(Math.Sqrt(2 * 0.02 / (3 * 0.0008 * item.First)) * item.Second, item.Third.FeatureNorm2, Rounding));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_Penalties_MatricesHaveTheObjectiveAndTheBound(double[] counts, FeatureNorm norm, double[]? weights)
    {
        foreach (double strength in new[] { 1e-12, 1e-4, 0.003, 0.02, 0.1 })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, new Penalties(3 * strength, strength / 7) { FeatureNorm = norm }, weights);
            RectifiedFrame frame = RectifiedFrame.Of(model);
            RectifiedCertificate certificate = RectifiedCertificate.Of(model, frame.Classifier, frame.ClassMeans);
            Assertions.Near(certificate.PrimalValue, frame.Objective, Rounding);
            Assertions.Near(frame.Factors.Loss() + frame.Factors.Penalty(), frame.Objective, Rounding);
            Assert.True(certificate.Closes(Rounding), $"{certificate.RelativeGap} at {strength}");
            // The exact value stands between the bound and the largest value that rounding can have lowered to this one.
            Assert.True(frame.LowerBound <= frame.Objective * (1 + 1e-15) && frame.LowerBound == certificate.LowerBound);
            Assertions.Within(0, (frame.Classifier * frame.Classifier.Transpose() - FactorExpansion.Gram(frame.Factors, frame.Factors.ClassifierSpread, frame.Factors.ClassifierCore)
                .Expand(frame.Factors.Program)).FrobeniusNorm(), 1e-11 * (1 + frame.Factors.ClassifierNorm2()));
            // λ_W·‖W‖² = λ_H·Σ ρ_k·‖h_k‖²
            Assertions.Near(3 * strength * frame.Factors.ClassifierNorm2(), 2 * frame.Factors.Penalty() / 2, 1e-11);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_Budgets_UsesThemUpAndIsProven(double[] counts, FeatureNorm norm, double[]? weights)
    {
        foreach (double budget in new[] { 1e-6, 0.03, 1, 40 })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, new Budgets(0.3, budget) { FeatureNorm = norm }, weights);
            RectifiedFrame frame = RectifiedFrame.Of(model);
            Assertions.Near(0.3 * counts.Length, frame.Factors.ClassifierNorm2(), 1e-10);
            Assertions.Near(budget * counts.Length, frame.Factors.FeatureNorm2(), 1e-10);
            Assertions.Near(frame.Factors.Loss(), frame.Objective, 1e-11);
            Assertions.Near(frame.Objective, frame.LowerBound, 1e-9);
            Assert.True(frame.LowerBound <= frame.Objective);
            // Outside of the budgets a point is scaled back into them.
            Assertions.Near(frame.Objective, RectifiedCertificate.Of(model, 3 * frame.Classifier, 2 * frame.ClassMeans).PrimalValue, 1e-11);
            // Without the signs the optimum can only be lower.
            Assert.True(new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-6 }).Solve(model).Certificate.LowerBound <= frame.Objective);
        }
    }

    [Fact]
    public void Bound_AnyPenalties_IsNotAboveTheExactOptimum()
    {
        // Σ_k ω_k·E(s_k) with s_k = min((K−1)/K, N·√(λ_W·λ_H·(K−1)/(K·n_k)))
        var random = new Random(17);
        for (int trial = 0; trial < 40; trial++)
        {
            double[] counts = Enumerable.Range(0, 2 + random.Next(6)).Select(_ => Math.Ceiling(Math.Exp(7 * random.NextDouble()))).ToArray();
            double classifier = Math.Exp(-25 * random.NextDouble()) / counts.Sum(), feature = Math.Exp(-3 * random.NextDouble()) / counts.Sum();
            FixedPoint classes = counts.Length, total = counts.Sum(), exact = default;
            foreach (double count in counts)
            {
                FixedPoint share = total * FixedPoint.Sqrt((FixedPoint)classifier * feature * (classes - 1) / (classes * count)), most = (classes - 1) / classes;
                share = share < most ? share : most;
                FixedPoint entropy = -((1 - share) * FixedPoint.Log(1 - share)) - (share * FixedPoint.Log(share / (classes - 1)));
                exact += count * entropy / total;
            }

            double bound = RectifiedCertificate.Bound(LayerPeeledModel.FromClassCounts(counts, new Penalties(classifier, feature)));
            Assert.True(bound <= exact && bound * (1 + 1e-13) >= exact, $"{string.Join(", ", counts)}, {classifier}, {feature}: {bound}, {exact}");
        }
    }

    [Fact]
    public void Of_AcrossTheThreshold_ClassesVanish()
    {
        // n_k ≤ N²·λ_W·λ_H·K/(K−1)
        foreach (double side in new[] { 0.999, 1.001 })
        {
            double product = side * 6 / (66.0 * 66) * (2 / 3.0);
            RectifiedFrame frame = RectifiedFrame.Of(LayerPeeledModel.FromClassCounts([40, 20, 6], new Penalties(1, product)));
            Assert.Equal([false, false, side > 1], frame.Groups.Select(group => group.Collapsed));
            Assert.Equal(side > 1, frame.Margins[2] == 0);
            Assert.Equal(side > 1, frame.Groups[2].FeatureNorm2 == 0);
        }
    }

    [Fact]
    public void Of_MillionClasses_StaysThreeGroups()
    {
        RectifiedFrame frame = RectifiedFrame.Of(LayerPeeledModel.FromClassGroups([new(500_000, 900), new(300_000, 40), new(200_000, 1)], new Budgets(1, 300)));
        Assert.Equal(3, frame.Groups.Count);
        Assertions.Near(frame.Objective, frame.LowerBound, 1e-9);
        Assert.All(frame.Groups, group => Assertions.Within(0, group.FeatureCosine, Rounding));
    }

    [Fact]
    public void Bound_RandomNonnegativePoints_AreNotBelow()
    {
        var random = new Random(11);
        foreach (object?[] data in Cases())
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts((double[])data[0]!, new Penalties(0.02, 0.003) { FeatureNorm = (FeatureNorm)data[1]! }, (double[]?)data[2]);
            RectifiedFrame frame = RectifiedFrame.Of(model);
            Matrix<double> classifier = frame.Classifier, means = frame.ClassMeans;
            double closest = double.PositiveInfinity;
            for (int trial = 0; trial < 200; trial++)
            {
                double scale = Math.Pow(10, -trial % 6);
                Matrix<double> w = classifier.Map(x => x + (scale * RandomPoints.Normal(random))), h = means.Map(x => Math.Max(0, x + (scale * RandomPoints.Normal(random))));
                RectifiedCertificate certificate = RectifiedCertificate.Of(model, w, h);
                Assert.True(certificate.AbsoluteGap >= 0, $"{certificate.AbsoluteGap}");
                closest = Math.Min(closest, certificate.RelativeGap);
            }

            Assert.True(closest < 1e-6, $"{closest}");
            // With signs the bound would be wrong: the model without them has a lower optimum.
            double free = new ReducedSolver().Solve(model).EnsureOptimal().Objective;
            Assert.True(frame.Margins.All(margin => margin == 0) ? free <= frame.Objective : free < frame.Objective * (1 - 1e-4));
        }
    }

    [Fact]
    public void Of_OtherModels_AreRejected()
    {
        var penalties = new Penalties(1e-3, 1e-3);
        Assert.Throws<ArgumentException>(() => RectifiedFrame.Of(LayerPeeledModel.FromClassCounts([2, 1], penalties, loss: SquaredErrorLoss.Instance)));
        Assert.Throws<ArgumentException>(() => RectifiedFrame.Of(LayerPeeledModel.FromClassCounts([2, 1], new Penalties(1e-3, 1e-3) { Bias = 1 })));
        LayerPeeledModel flat = LayerPeeledModel.FromClassCounts([2, 1], penalties, featureDimension: 1);
        Assert.Throws<ArgumentException>(() => RectifiedFrame.Of(flat));
        Assert.Throws<ArgumentException>(() => RectifiedCertificate.Of(flat, Matrix<double>.Build.Dense(2, 1), Matrix<double>.Build.Dense(1, 2, -1e-9)));
        Assert.True(RectifiedCertificate.Of(flat, Matrix<double>.Build.Dense(2, 1), Matrix<double>.Build.Dense(1, 2)).AbsoluteGap > 0);
    }
}
