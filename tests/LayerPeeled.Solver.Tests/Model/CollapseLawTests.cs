using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Model;

public sealed class CollapseLawTests
{
    private const double Roundoff = 1e-14;

    // Σ n·w = 30 + 48 + 5, N = 60 + 24 + 5, K = 6
    private static readonly ClassGroup[] Groups = [new(2, 30, 0.5), new(3, 8, 2), new(1, 5)];

    [Fact]
    public void CriticalSize_FeaturesPerClass_IsComparedWithEffectiveExamples()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups(Groups, new Penalties(1, 1) { FeatureNorm = FeatureNorm.PerClass });
        AssertSizes(model, 0.03 * 83, [15, 16, 5]);
        Assert.All(model.Groups, group => Assert.Equal(1, CollapseLaw.FeatureCost(model, group)));
    }

    [Fact]
    public void CriticalSize_FeaturesPerSample_IsComparedWithExamplesTimesTheSquareOfTheirWeight()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([.. Groups, new(2, 0)], new Penalties(1, 1) { FeatureNorm = FeatureNorm.PerSample });
        // n·w² ≤ λ²·(Σ n·w)²·K/N, and ρ = n·K/N
        AssertSizes(model, 0.03 * 0.03 * 83 * 83 * 8 / 89, [7.5, 32, 5, 0]);
        double[] costs = [30 * 8 / 89.0, 8 * 8 / 89.0, 5 * 8 / 89.0, 1];
        for (int g = 0; g < costs.Length; g++)
        {
            Assertions.Near(costs[g], CollapseLaw.FeatureCost(model, model.Groups[g]), Roundoff);
        }
    }

    // n* of λ = 0.03, also from its logarithm, and what is compared with it
    private static void AssertSizes(LayerPeeledModel model, double critical, double[] sizes)
    {
        Assertions.Near(critical, CollapseLaw.CriticalSize(model, 0.03), Roundoff);
        Assertions.Near(critical, Math.Pow(10, CollapseLaw.Log10CriticalSize(model, Math.Log10(0.03))), Roundoff);
        Assert.Equal(sizes, Enumerable.Range(0, sizes.Length).Select(g => CollapseLaw.SizeOf(model, g)));
    }
}
