using System.Numerics.Tensors;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers.LowRank;

/// <summary>φ, its gradient and its Hessian, against the objective as it is written down and against lines through a point.</summary>
public sealed class FactorObjectiveTests
{
    private const int Rank = 3;
    private const double Roundoff = 1e-12;

    public static TheoryData<bool, FeatureNorm, double?, bool> Members()
    {
        var data = new TheoryData<bool, FeatureNorm, double?, bool>();
        foreach (FeatureNorm norm in Enum.GetValues<FeatureNorm>())
        {
            foreach (bool squared in new[] { false, true })
            {
                data.Add(true, norm, null, squared);
                data.Add(false, norm, null, squared);
                data.Add(false, norm, 0.7, squared);
                data.Add(false, norm, 0, squared);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Evaluate_AnyPoint_IsTheLogarithmOfTheObjective(bool budgets, FeatureNorm norm, double? bias, bool squared)
    {
        LayerPeeledModel model = Model(budgets, norm, bias, squared);
        var objective = new FactorObjective(NuclearNormProgram.ForGroups(model), Rank);
        double[] point = Point(objective, 1);
        GroupedFactors factors = objective.ToFactors(point);
        double expected = factors.Loss();
        if (model.Regulariser is Penalties penalties)
        {
            // (λ_H/2)·Σ n·‖h‖² is (λ_H/2)·N/K of the scaled features
            double feature = penalties.Feature * (norm == FeatureNorm.PerClass ? 1 : model.Examples / model.ClassCount);
            expected += 0.5 * ((penalties.Classifier * factors.ClassifierNorm2()) + (feature * factors.FeatureNorm2()) + ((bias ?? 0) * factors.BiasNorm2()));
        }

        Assertions.Near(expected, Math.Exp(objective.ValueAt(point)), Roundoff);
        Assertions.Near(expected, objective.Value, Roundoff);
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void CurvatureProduct_AlongALine_LeavesAThirdOrderRemainder(bool budgets, FeatureNorm norm, double? bias, bool squared)
    {
        var objective = new FactorObjective(NuclearNormProgram.ForGroups(Model(budgets, norm, bias, squared)), Rank);
        double[] point = Point(objective, 1), direction = Point(objective, 2), slope = new double[point.Length], product = new double[point.Length];
        if (budgets)
        {
            MakeTangent(objective, point, direction);
        }

        double value = objective.Evaluate(point, slope), first = TensorPrimitives.Dot<double>(slope, direction);
        objective.CurvatureProduct(slope, direction, product);
        double second = TensorPrimitives.Dot<double>(product, direction);
        double[] remainders = new[] { 1e-2, 1e-3, 1e-4 }.Select(t =>
        {
            double[] moved = new double[point.Length];
            TensorPrimitives.MultiplyAdd(direction, t, point, moved);
            return Math.Abs(objective.ValueAt(moved) - value - (t * first) - (t * t / 2 * second));
        }).ToArray();
        for (int i = 1; i < remainders.Length; i++)
        {
            Assert.InRange(Math.Log10(remainders[i - 1] / remainders[i]), 2.75, 3.25);
        }
    }

    private static LayerPeeledModel Model(bool budgets, FeatureNorm norm, double? bias, bool squared)
    {
        Regulariser regulariser = budgets ? new Budgets(0.3, 2) { FeatureNorm = norm } : new Penalties(0.1, 0.02) { FeatureNorm = norm, Bias = bias };
        return LayerPeeledModel.FromClassGroups([new(3, 9), new(1, 4), new(2, 2)], regulariser, loss: squared ? SquaredErrorLoss.Instance : CrossEntropyLoss.Instance);
    }

    private static double[] Point(FactorObjective objective, int seed)
    {
        var random = new Random(seed);
        double[] point = objective.Random(seed);
        for (int i = point.Length - objective.BiasOf(point).Length; i < point.Length; i++)
        {
            point[i] = RandomPoints.Normal(random);
        }

        return point;
    }

    // To the spheres ‖D·x̂‖ = const of both halves: along their radii φ does not change, and its Hessian is that of the spheres.
    private static void MakeTangent(FactorObjective objective, double[] point, double[] direction)
    {
        double[] metric = objective.MetricWeights();
        int half = metric.Length / 2;
        for (int start = 0; start < metric.Length; start += half)
        {
            double along = 0, square = 0;
            for (int i = start; i < start + half; i++)
            {
                along += metric[i] * point[i] * direction[i];
                square += metric[i] * point[i] * point[i];
            }

            for (int i = start; i < start + half; i++)
            {
                direction[i] -= along / square * point[i];
            }
        }
    }
}
