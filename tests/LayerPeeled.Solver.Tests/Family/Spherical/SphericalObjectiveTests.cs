using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Family.Spherical;

public sealed class SphericalObjectiveTests
{
    private const double DifferenceError = 1e-7;
    private const double Roundoff = 1e-13;

    public static TheoryData<int> Pairs => new(Enumerable.Range(0, 4));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Evaluate_ByFiniteDifferences_HasTheSlope(int pair)
    {
        SphericalModel model = Model(pair);
        var random = new Random(pair);
        var objective = new SphericalObjective(model);
        double[] point = Draw(objective, random), slope = new double[point.Length], unused = new double[point.Length];
        _ = objective.Evaluate(point, slope);
        for (int i = 0; i < point.Length; i++)
        {
            double kept = point[i], step = 1e-5;
            point[i] = kept + step;
            double above = objective.Evaluate(point, unused);
            point[i] = kept - step;
            double below = objective.Evaluate(point, unused);
            point[i] = kept;
            Assertions.Within((above - below) / (2 * step), slope[i], DifferenceError, $"entry {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Evaluate_AnyPoint_PlacesTheVectorsOnTheirSets(int pair)
    {
        SphericalModel model = Model(pair);
        var objective = new SphericalObjective(model);
        double[] point = Draw(objective, new Random(pair));
        double value = objective.Evaluate(point, new double[point.Length]);
        double[][] columns = objective.Vectors.ToArray().Chunk(model.Dimension).ToArray();
        AssertOn(model.Classifiers, columns[..model.ClassCount]);
        AssertOn(model.Features, columns[model.ClassCount..]);
        // Σ_k ω_k·log Σ_j exp(⟨w_j − w_k, h_k⟩/τ), written out
        double expected = 0;
        for (int k = 0; k < model.ClassCount; k++)
        {
            double[] w = columns[k], h = columns[model.ClassCount + k];
            double sum = columns[..model.ClassCount].Sum(other => Math.Exp(other.Zip(w, h).Sum(t => (t.First - t.Second) * t.Third) / model.Temperature));
            expected += objective.Weights[k] * Math.Log(sum);
        }

        Assertions.Near(expected, Math.Exp(value), Roundoff);
    }

    private static void AssertOn(NormConstraint set, double[][] vectors)
    {
        if (set is FixedNorms fixedNorms)
        {
            for (int k = 0; k < vectors.Length; k++)
            {
                Assertions.Near(fixedNorms.Values[fixedNorms.Values.Length == 1 ? 0 : k], vectors[k].Sum(x => x * x), Roundoff);
            }
        }
        else
        {
            var budget = (MeanNorm)set;
            Assertions.Near(budget.Budget, vectors.Average(v => v.Sum(x => Math.Pow(Math.Abs(x), budget.Exponent))), Roundoff);
        }
    }

    private static double[] Draw(SphericalObjective objective, Random random) =>
        Enumerable.Range(0, objective.Dimension).Select(_ => RandomPoints.Normal(random)).ToArray();

    private static SphericalModel Model(int pair)
    {
        (NormConstraint classifiers, NormConstraint features) = pair switch
        {
            0 => ((NormConstraint)new FixedNorms(2), (NormConstraint)new FixedNorms([1, 2, 3, 0.5, 1])),
            1 => (new MeanNorm(1), new MeanNorm(4)),
            2 => (new MeanNorm(2), new MeanNorm(3, 3)),
            _ => (new FixedNorms(1), new MeanNorm(2, 1.5)),
        };
        return SphericalModel.FromClassCounts([10, 10, 4, 4, 1], classifiers, features, 3, 0.7);
    }
}
