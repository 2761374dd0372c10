using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Certificates;

public sealed class MarginCertificateTests
{
    private static IEnumerable<MaxMarginProgram> Programs()
    {
        foreach (FeatureNorm norm in Enum.GetValues<FeatureNorm>())
        {
            foreach (MarginKind kind in Enum.GetValues<MarginKind>())
            {
                foreach (double[] counts in new double[][] { [8, 8, 8], [100, 40, 40, 7, 1], [3000, 3000, 200, 50, 50, 50, 1, 1], [1e6, 1] })
                {
                    LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, new Penalties(1, 1) { FeatureNorm = norm });
                    yield return MaxMarginProgram.Of(model, model.Groups.Select((_, g) => 1 / (1 + (0.7 * g))), kind);
                }
            }
        }
    }

    [Fact]
    public void Of_ClosedForm_ClosesAndIsABound()
    {
        foreach (MaxMarginProgram program in Programs())
        {
            SeliGeometry seli = SeliGeometry.Of(program);
            MarginCertificate certificate = seli.Certify();
            Assert.True(certificate.Closes(1e-10), $"{certificate.RelativeGap}");
            Assertions.Near(1, certificate.Margin, 1e-10);
            Assert.InRange(seli.NuclearNorm, certificate.LowerBound, certificate.PrimalValue);
        }
    }

    [Fact]
    public void Of_BalancedClasses_BoundIsNotAboveTheExactOptimum()
    {
        // ‖I − 11ᵀ/K‖_* = K − 1 without a rounding
        foreach (int classes in new[] { 2, 3, 7, 10, 1000 })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(classes, 4)], new Penalties(1, 1) { FeatureNorm = FeatureNorm.PerClass });
            MarginCertificate certificate = SeliGeometry.Of(model).Certify();
            Assert.InRange(certificate.LowerBound, (classes - 1) * (1 - 1e-13), classes - 1);
            Assert.InRange(certificate.PrimalValue, classes - 1, (classes - 1) * (1 + 1e-13));
        }
    }

    [Fact]
    public void Of_TwoGroups_BoundsAreOnBothSidesOfTheExactOptimum()
    {
        // ρ = 1: (K_A − 1)/δ_A + (K_B − 1)/δ_B + ((u_B/δ_A)² + (u_A/δ_B)²)^{1/2} with u_g² = K_g·v_g²/‖v‖²
        var random = new Random(21);
        for (int trial = 0; trial < 60; trial++)
        {
            int majority = 1 + random.Next(20), minority = 1 + random.Next(20);
            double a = Math.Exp(8 * (random.NextDouble() - 0.5)), b = Math.Exp(8 * (random.NextDouble() - 0.5));
            MarginKind kind = trial % 2 == 0 ? MarginKind.LabelTemperature : MarginKind.ClassTemperature;
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(majority, 2), new(minority, 1)], new Penalties(1, 1) { FeatureNorm = FeatureNorm.PerClass });
            FixedPoint inverseA = (FixedPoint)1 / a, inverseB = (FixedPoint)1 / b;
            bool label = kind == MarginKind.LabelTemperature;
            FixedPoint squareA = majority * (label ? 1 : inverseA * inverseA), squareB = minority * (label ? 1 : inverseB * inverseB), sum = squareA + squareB;
            FixedPoint exact = ((majority - 1) * inverseA) + ((minority - 1) * inverseB)
                + FixedPoint.Sqrt(((squareB * inverseA * inverseA) + (squareA * inverseB * inverseB)) / sum);
            MarginCertificate certificate = SeliGeometry.Of(MaxMarginProgram.Of(model, [a, b], kind)).Certify();
            Assert.True(certificate.LowerBound <= exact && exact <= certificate.PrimalValue, $"{majority}, {minority}, {a}, {b}: {certificate.LowerBound}, {exact}, {certificate.PrimalValue}");
            Assert.True(certificate.Closes(1e-11), $"{certificate.RelativeGap}");
        }
    }

    [Fact]
    public void Of_OtherPointsWithTheMargin_AreNotBelowTheBound()
    {
        var random = new Random(3);
        foreach (MaxMarginProgram program in Programs())
        {
            SeliGeometry seli = SeliGeometry.Of(program);
            double bound = seli.Certify().LowerBound, closest = double.PositiveInfinity;
            GroupedMatrix optimum = program.Groups.CreateMatrix();
            seli.Factors.Product(optimum);
            for (int trial = 0; trial < 60; trial++)
            {
                GroupedMatrix point = optimum.Plus(1, RandomPoints.Draw(program.Groups, random, Math.Pow(10, -trial % 7) * optimum.FrobeniusNorm()));
                double margin = program.Margin(point);
                if (margin > 0)
                {
                    double cost = GroupedSpectrum.Of(point).NuclearNorm(point) / margin;
                    Assert.True(cost >= bound, $"{cost} < {bound}");
                    closest = Math.Min(closest, cost);
                    MarginCertificate certificate = MarginCertificate.Of(program, GroupedFactors.FromLogits(program.Groups, point));
                    Assertions.Near(cost, certificate.PrimalValue, 1e-8);
                    Assertions.Near(bound, certificate.LowerBound, 1e-14);
                }
            }

            Assertions.Near(bound, closest, 1e-3);
        }
    }

    [Fact]
    public void Dual_EveryProgram_IsFeasibleAndComplementary()
    {
        foreach (MaxMarginProgram program in Programs())
        {
            MarginCertificate certificate = SeliGeometry.Of(program).Certify();
            GroupedMatrix dual = certificate.Dual, optimum = program.Groups.CreateMatrix();
            SeliGeometry.Of(program).Factors.Product(optimum);
            // Z̃ has the nuclear norm ⟨B, Z̃⟩ for σ_max(B) = 1: stationarity
            Assertions.Near(1, GroupedSpectrum.Of(dual).Largest(dual), 1e-10);
            Assertions.Near(GroupedSpectrum.Of(optimum).NuclearNorm(optimum), dual.Inner(optimum), 1e-10);
            for (int h = 0; h < dual.GroupCount; h++)
            {
                for (int g = 0; g < dual.GroupCount; g++)
                {
                    // All multipliers are positive: every margin is 1.
                    Assert.True((g == h && dual.Sizes[g] == 1) || dual.OffDiagonal(g, h) < 0);
                }
            }

            dual.Scale(7);
            Assertions.Near(1, GroupedSpectrum.Of(certificate.Dual).Largest(certificate.Dual), 1e-10);
        }
    }

    [Fact]
    public void Of_NetworkClassByClass_HasTheSameBound()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([20, 3, 3, 9], new Penalties(1, 1));
        MaxMarginProgram program = MaxMarginProgram.Of(model);
        SeliGeometry seli = SeliGeometry.Of(program);
        MarginCertificate groups = seli.Certify();
        NuclearNormProgram classes = NuclearNormProgram.ForClasses(model);
        MarginCertificate network = MarginCertificate.Of(program, GroupedFactors.OfClasses(classes, 5 * seli.Classifier, 0.3 * seli.ClassMeans));
        Assert.Equal(groups.LowerBound, network.LowerBound);
        Assertions.Near(1.5, network.Margin, 1e-12);
        Assert.True(network.Closes(1e-12));
        Matrix<double> wrong = -seli.Classifier;
        MarginCertificate none = MarginCertificate.Of(program, GroupedFactors.OfClasses(classes, wrong, seli.ClassMeans));
        Assert.Equal((double.PositiveInfinity, 1), (none.PrimalValue, none.RelativeGap));
        Assert.Throws<ArgumentException>(() => MarginCertificate.Of(
            program, SeliGeometry.Of(model.WithRegulariser(new Penalties(1, 1) { FeatureNorm = FeatureNorm.PerClass })).Factors));
    }
}
