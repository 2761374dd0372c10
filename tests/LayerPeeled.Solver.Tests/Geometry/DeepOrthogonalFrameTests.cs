using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Geometry;

public sealed class DeepOrthogonalFrameTests
{
    private static LayerPeeledModel Model(double classifier, double feature, params double[] counts) =>
        LayerPeeledModel.FromClassCounts(counts, new Penalties(classifier, feature), loss: SquaredErrorLoss.Instance);

    [Fact]
    public void Of_OneLayer_IsTheOrthogonalFrame()
    {
        foreach (FeatureNorm norm in Enum.GetValues<FeatureNorm>())
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts([500, 300, 300, 30, 4], new Penalties(0.002, 0.004) { FeatureNorm = norm }, [1, 1, 1, 1, 3], loss: SquaredErrorLoss.Instance);
            OrthogonalFrame shallow = OrthogonalFrame.Of(model);
            DeepOrthogonalFrame deep = DeepOrthogonalFrame.Of(new DeepProgram(model, 1));
            Assertions.Near(shallow.Objective, deep.Objective, 1e-13);
            for (int g = 0; g < model.Groups.Count; g++)
            {
                Assertions.Within(shallow.Logits[g], deep.Logits[g], 1e-13);
                Assertions.Near(shallow.ClassifierNorm2[g], deep.ClassifierNorm2[g], 1e-12);
                Assertions.Near(shallow.FeatureNorm2[g], deep.FeatureNorm2[g], 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Of_SeveralLayers_HasTheFormulasOfThePaper(int layers)
    {
        double[] counts = [500, 300, 100, 30, 4];
        double total = counts.Sum(), lambda = 1e-4, feature = 3e-5;
        DeepOrthogonalFrame frame = DeepOrthogonalFrame.Of(new DeepProgram(Model(lambda, feature, counts), layers));
        // b = M·N·(N·λ_W^M·λ_H)^{1/M}, b/n_k = M·x^{M−1}/(x^M + 1)², s_k^{2M} = N·λ_H·x_k^M with s_k² = ‖w_k‖²
        double b = layers * total * Math.Pow(total * Math.Pow(lambda, layers) * feature, 1.0 / layers);
        for (int k = 0; k < counts.Length; k++)
        {
            bool nontrivial = b / counts[k] < Math.Pow(layers - 1, (layers - 1.0) / layers) / layers;
            Assert.Equal(nontrivial, frame.Logits[k] > 0);
            Assertions.Near(b / counts[k], frame.Ratios[k], 1e-12);
            if (nontrivial)
            {
                double x = Math.Pow(frame.Logits[k] / (1 - frame.Logits[k]), 1.0 / layers), power = Math.Pow(x, layers);
                Assertions.Near(b / counts[k], layers * Math.Pow(x, layers - 1) / ((power + 1) * (power + 1)), 1e-11);
                Assertions.Near(total * feature * power, Math.Pow(frame.ClassifierNorm2[k], layers), 1e-10);
                Assert.True(power > layers - 1);
            }
        }

        Assert.Contains(frame.Logits, z => z > 0.5);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Of_SeveralLayers_IsTheBestOfAllScalars(int layers)
    {
        foreach (double lambda in new[] { 1e-5, 1e-4, 1e-3, 0.01, 0.03 })
        {
            var program = new DeepProgram(Model(lambda, 2 * lambda, 60, 20, 20, 3), layers);
            NuclearNormProgram groups = NuclearNormProgram.ForGroups(program.Model);
            DeepOrthogonalFrame frame = DeepOrthogonalFrame.Of(program);
            double best = 0;
            for (int g = 0; g < groups.GroupCount; g++)
            {
                // ½ω(1 − z)² + ((M+1)/2)·Λ^{1/(M+1)}·(√ρ·z)^{2/(M+1)} on a grid
                double Scalar(double z) => (0.5 * groups.Weights[g] * (1 - z) * (1 - z))
                    + (0.5 * (layers + 1) * program.Penalty * Math.Pow(groups.FeatureRoots[g] * z, 2.0 / (layers + 1)));
                double least = Enumerable.Range(0, 20_001).Select(i => Scalar(i / 20_000.0)).Min();
                Assert.True(Scalar(frame.Logits[g]) <= least + 1e-15);
                best += groups.Sizes[g] * least;
            }

            // The grid misses the minimum by half a step at most.
            Assertions.Near(best, frame.Objective, 1e-5);
            GroupedMatrix logits = groups.CreateMatrix();
            for (int g = 0; g < groups.GroupCount; g++)
            {
                logits.Core[g * (groups.GroupCount + 1)] = frame.Logits[g] * groups.FeatureRoots[g];
                logits.Spread[g] = groups.Sizes[g] == 1 ? 0 : frame.Logits[g] * groups.FeatureRoots[g];
            }

            Assertions.Near(frame.Objective, program.Value(groups, logits), 1e-12);
        }
    }

    [Fact]
    public void Of_OwnPenaltyForEachLayer_OnlyTheirProductMatters()
    {
        LayerPeeledModel model = Model(1e-4, 1e-4, 60, 20, 3);
        DeepOrthogonalFrame same = DeepOrthogonalFrame.Of(new DeepProgram(model, 3)), other = DeepOrthogonalFrame.Of(new DeepProgram(model, [1e-2, 1e-6]));
        Assertions.Near(same.Objective, other.Objective, 1e-12);
        Assertions.Near(same.FeatureNorm2[0], other.FeatureNorm2[0], 1e-11);
    }

    [Fact]
    public void Of_OtherModels_AreRejected()
    {
        LayerPeeledModel perClass = LayerPeeledModel.FromClassCounts([3, 1], new Penalties(0.01, 0.01) { FeatureNorm = FeatureNorm.PerClass }, loss: SquaredErrorLoss.Instance);
        Assert.Throws<ArgumentException>(() => DeepOrthogonalFrame.Of(new DeepProgram(perClass, 2)));
        Assert.Throws<ArgumentException>(() => DeepOrthogonalFrame.Of(new DeepProgram(LayerPeeledModel.FromClassCounts([3, 1], new Penalties(1, 1)), 2)));
        Assert.Throws<ArgumentException>(() => new DeepProgram(LayerPeeledModel.FromClassCounts([3, 1], 1, 1), 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeepProgram(perClass, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeepProgram(perClass, [-1.0]));
        Assert.Throws<ArgumentException>(() => new DeepProgram(LayerPeeledModel.FromClassCounts([3, 1], new Penalties(1, 1) { Bias = 0 }), 2));
    }
}
