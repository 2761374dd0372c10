using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Programs;

public sealed class DimensionFitTests
{
    private const double Roundoff = 1e-12;

    // 7 classes in 3 groups, and 3 dimensions
    private static readonly LayerPeeledModel Model = LayerPeeledModel.FromClassGroups(
        [new(4, 20), new(2, 5), new(1, 1)], new Penalties(0.1, 0.4) { Bias = 0.3 }, 3, SquaredErrorLoss.Instance);

    public static TheoryData<bool> Forms => [false, true];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Fit_TooManyDimensions_KeepsTheLargestDirectionsAndTheBias(bool reduced)
    {
        GroupedFactors point = Point(reduced, emptyColumns: 0);
        GroupedFactors fitted = DimensionFit.Fit(point, out int needed);
        Assert.True(needed > 3);
        Assert.True(DimensionFit.Fit(fitted, out _) == fitted, "what fits stays as it is");
        AssertBias(point, fitted);
        // Eckart–Young, of the logits as the penalties see them: without the bias, columns times √ρ
        double[] values = Logits(point).Svd(false).S.ToArray(), kept = Logits(fitted).Svd(false).S.ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            Assertions.Within(i < 3 ? values[i] : 0, kept[i], Roundoff * values[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Fit_CoordinatesThatHoldNothing_AreLeftOut(bool reduced)
    {
        GroupedFactors point = Point(reduced, emptyColumns: 4), fitted = DimensionFit.Fit(point, out int needed);
        Assert.Equal(3, needed);
        AssertBias(point, fitted);
        Assert.True((Logits(point) - Logits(fitted)).FrobeniusNorm() <= Roundoff * Logits(point).FrobeniusNorm());
        // ‖W‖/‖H̃‖ = √(λ_H̃/λ_W), λ_H̃ = λ_H·N/K
        Assertions.Near(Math.Sqrt(4 * Model.Examples / 7), Math.Sqrt(fitted.ClassifierNorm2() / fitted.FeatureNorm2()), Roundoff);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void WithoutDecomposition_TooManyDimensions_FitsAndKeepsTheBias(bool reduced)
    {
        GroupedFactors point = Point(reduced, emptyColumns: 0), fitted = DimensionFit.WithoutDecomposition(point);
        Assert.True(DimensionFit.Fit(fitted, out _) == fitted, "it fits");
        AssertBias(point, fitted);
    }

    // Of rank 3 without the columns of spreads if there are coordinates that hold nothing
    private static GroupedFactors Point(bool reduced, int emptyColumns)
    {
        NuclearNormProgram program = reduced ? NuclearNormProgram.ForGroups(Model) : NuclearNormProgram.ForClasses(Model);
        int n = program.GroupCount, rank = emptyColumns > 0 ? 3 + emptyColumns : 6;
        var random = new Random(5);
        double[] Draw(int count, int drawn) => Enumerable.Range(0, count).Select(i => i < drawn ? RandomPoints.Normal(random) : 0).ToArray();
        double[] spread = Draw(n, emptyColumns > 0 ? 0 : n), classifier = Draw(n * rank, emptyColumns > 0 ? 3 * n : n * rank);
        return new GroupedFactors(program, rank, spread, spread, classifier, Draw(n * rank, n * rank), Draw(n, n));
    }

    private static Matrix<double> Logits(GroupedFactors factors)
    {
        GroupedMatrix logits = factors.Program.CreateMatrix();
        factors.Product(logits);
        return logits.Expand(factors.Program);
    }

    private static void AssertBias(GroupedFactors expected, GroupedFactors actual)
    {
        Vector<double> before = FactorExpansion.Bias(expected)!, after = FactorExpansion.Bias(actual)!;
        Assert.True(before.L2Norm() > 0);
        Assertions.Within(0, (before - after).L2Norm(), Roundoff);
    }
}
