using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Geometry;

public sealed class DeepCollapseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Of_AnyDepth_IsTheBestOfAllMargins(int layers)
    {
        foreach (double lambda in new[] { 1e-30, 1e-4, 0.01, 0.08, 0.15, 0.3, 2 })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(5, 3)], new Penalties(lambda, lambda / 3), featureDimension: 4);
            var program = new DeepProgram(model, layers);
            DeepCollapse collapse = DeepCollapse.Of(program);
            NuclearNormProgram groups = NuclearNormProgram.ForGroups(model);
            double Value(double margin)
            {
                // Z̃ = α·(I − 11ᵀ/K), ρ = 1
                GroupedMatrix logits = groups.CreateMatrix();
                logits.Spread[0] = margin;
                return program.Value(groups, logits);
            }

            Assertions.Near(Value(collapse.Margin), collapse.Objective, 1e-13);
            foreach (int i in Enumerable.Range(0, 5_000))
            {
                double margin = i / 50.0;
                Assert.True(Value(margin) >= collapse.Objective * (1 - 1e-14), $"{lambda}: {margin} is better than {collapse.Margin}");
            }

            Assert.Equal(collapse.Margin == 0, collapse.Objective >= Math.Log(5) * (1 - 1e-14));
            Assert.True(lambda is > 1e-4 and < 2 || collapse.Margin == 0 == (lambda == 2));
        }
    }

    [Fact]
    public void Of_OtherModels_AreRejected()
    {
        Assert.Throws<ArgumentException>(() => DeepCollapse.Of(new DeepProgram(LayerPeeledModel.FromClassCounts([2, 1], new Penalties(1, 1)), 2)));
        Assert.Throws<ArgumentException>(() => DeepCollapse.Of(new DeepProgram(LayerPeeledModel.FromClassCounts([1, 1, 1], new Penalties(1, 1), featureDimension: 1), 2)));
    }
}
