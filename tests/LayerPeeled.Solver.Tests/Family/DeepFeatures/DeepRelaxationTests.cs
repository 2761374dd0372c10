using LayerPeeled.Solver.Family.DeepFeatures;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Family.DeepFeatures;

public sealed class DeepRelaxationTests
{
    [Fact]
    public void LowerBound_SquaredError_IsNotAboveTheClosedForm()
    {
        foreach (int layers in new[] { 1, 2, 3, 6 })
        {
            foreach (double lambda in new[] { 1e-6, 1e-4, 1e-3, 0.02 })
            {
                LayerPeeledModel model = LayerPeeledModel.FromClassCounts([60, 30, 30, 8, 1], new Penalties(lambda, lambda / 3), loss: SquaredErrorLoss.Instance);
                var program = new DeepProgram(model, layers);
                double optimum = DeepOrthogonalFrame.Of(program).Objective, bound = DeepRelaxation.LowerBound(program);
                Assert.True(bound <= optimum && bound > 0.2 * optimum, $"{layers}, {lambda}: {bound}, {optimum}");
                Assert.True(layers > 1 || bound >= optimum * (1 - 1e-4));
            }
        }
    }

    [Theory]
    [InlineData(FeatureNorm.PerSample)]
    [InlineData(FeatureNorm.PerClass)]
    public void LowerBound_CrossEntropy_IsNotAboveLocalSolutions(FeatureNorm norm)
    {
        foreach (int layers in new[] { 1, 2, 3 })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts([20, 20, 9, 9, 2], new Penalties(2e-3, 5e-3) { FeatureNorm = norm });
            var program = new DeepProgram(model, layers);
            DeepFeaturesSolution solution = new DeepFeaturesSolver(new DeepFeaturesOptions { Starts = 3, Seed = layers }).Solve(program);
            double bound = DeepRelaxation.LowerBound(program);
            Assert.InRange(bound, 0.3 * solution.Objective, solution.Objective);
            Assert.True(layers > 1 || bound >= solution.Objective * (1 - 1e-4), $"{bound}, {solution.Objective}");
        }
    }

    [Fact]
    public void LowerBound_OneSingularValue_IsClose()
    {
        // Of two classes with features that count alike, only one singular value can help: what is lost is the loss beside its cost.
        foreach (int layers in new[] { 2, 4 })
        {
            var program = new DeepProgram(LayerPeeledModel.FromClassGroups([new(2, 1)], new Penalties(1e-4, 1e-4)), layers);
            double best = DeepCollapse.Of(program).Objective;
            Assert.InRange(DeepRelaxation.LowerBound(program), 0.85 * best, best);
        }
    }

    [Fact]
    public void LowerBound_LossThatCanBeNegative_IsRejected() =>
        Assert.Throws<ArgumentException>(() => DeepRelaxation.LowerBound(new DeepProgram(LayerPeeledModel.FromClassCounts([3, 2, 1], new Penalties(0.01, 0.01), loss: new CustomLoss(isNonNegative: false)), 2)));
}
