using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Properties;

/// <summary>What a solution says of its matrices against the definition of the model, class by class, whatever form it was solved in.</summary>
public sealed class DefinitionTests
{
    private const double Roundoff = 1e-9;

    // Below it a loss is what rounding of its logits leaves of it.
    private const double SmallestLoss = 1e-12;

    [Fact]
    public void Objective_OfTheMatrices_IsThatOfTheDefinition() => Property.Holds(Draw.Any, drawn =>
    {
        LayerPeeledModel model = drawn.Model;
        LayerPeeledSolution solution = new AutomaticSolver().Solve(model);
        double defined = MeanLoss(model, solution) + Penalty(model, solution);
        Assert.True(Math.Abs(solution.Objective - defined) <= (Roundoff * Math.Abs(defined)) + SmallestLoss, $"{solution.Objective:R}, by definition {defined:R}");
    }, 40, m => m.Simpler());

    [Fact]
    public void Solve_Budgets_AreKeptByTheMatrices() => Property.Holds(Draw.Any, drawn =>
    {
        LayerPeeledModel model = drawn.Model;
        if (model.Regulariser is Budgets budgets)
        {
            LayerPeeledSolution solution = new AutomaticSolver().Solve(model);
            double classifiers = solution.Classifier.EnumerateRows().Sum(Square) / model.ClassCount;
            double features = FeatureSquares(model, solution) / (budgets.FeatureNorm == FeatureNorm.PerClass ? model.ClassCount : Counts(model).Sum());
            Assert.True(classifiers <= budgets.Classifier * (1 + Roundoff), $"{classifiers:R}");
            Assert.True(features <= budgets.Feature * (1 + Roundoff), $"{features:R}");
        }
    }, 40, m => m.Simpler());

    // Σ_k ω_k·L(W·h_k + b), ω_k = n_k·v_k / Σ n·v
    private static double MeanLoss(LayerPeeledModel model, LayerPeeledSolution solution)
    {
        int n = model.ClassCount;
        double[] counts = Counts(model), ones = [.. Enumerable.Repeat(1.0, n)];
        double[] weights = [.. Enumerable.Range(0, n).Select(k => counts[k] * model.Groups[model.GroupOfClass[k]].LossWeight)];
        Matrix<double> classifier = solution.Classifier, means = solution.ClassMeans;
        double sum = 0;
        for (int k = 0; k < n; k++)
        {
            Vector<double> logits = classifier * means.Column(k);
            double[] all = [.. solution.Bias is { } bias ? logits + bias : logits], others = [.. ones];
            others[k] = 0;
            sum += weights[k] == 0 ? 0 : weights[k] * model.Loss.OfClass(ones, counts, k).Value(all[k], all, others);
        }

        return sum / weights.Sum();
    }

    private static double Penalty(LayerPeeledModel model, LayerPeeledSolution solution) => model.Regulariser is not Penalties penalties ? 0
        : ((penalties.Classifier * solution.Classifier.EnumerateRows().Sum(Square)) + (penalties.Feature * FeatureSquares(model, solution))
            + ((penalties.Bias ?? 0) * (solution.Bias is { } bias ? Square(bias) : 0))) / 2;

    private static double FeatureSquares(LayerPeeledModel model, LayerPeeledSolution solution)
    {
        double[] counts = Counts(model);
        bool everyClassAlike = model.Regulariser.FeatureNorm == FeatureNorm.PerClass;
        return solution.ClassMeans.EnumerateColumns().Select((h, k) => (everyClassAlike ? 1 : counts[k]) * Square(h)).Sum();
    }

    private static double Square(Vector<double> vector) => vector.DotProduct(vector);

    private static double[] Counts(LayerPeeledModel model) => [.. model.GroupOfClass.ToArray().Select(g => model.Groups[g].Count)];
}
