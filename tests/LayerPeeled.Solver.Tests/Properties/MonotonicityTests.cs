using FsCheck;
using FsCheck.Fluent;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Properties;

/// <summary>Which way optima, cosines and thresholds move with budgets, penalties and imbalance.</summary>
public sealed class MonotonicityTests
{
    // Of cosines, beside what GeometryError says
    private const double Cosines = 1e-9;
    private const double Roundoff = 1e-12;

    [Fact]
    public void Objective_LargerBudget_IsNotLarger() => Property.Holds(Draw.Any, drawn =>
    {
        if (drawn.Regulariser is Budgets budgets)
        {
            (double factor, bool classifiers) = Change(drawn);
            Budgets smaller = classifiers ? budgets with { Classifier = budgets.Classifier / factor } : budgets with { Feature = budgets.Feature / factor };
            Intervals.NotAbove(Solve(drawn).Certificate, Solve(drawn with { Regulariser = smaller }).Certificate);
        }
    }, 40, m => m.Simpler());

    [Fact]
    public void Objective_LargerPenalty_IsNotSmaller() => Property.Holds(Draw.Penalised, drawn =>
    {
        var penalties = (Penalties)drawn.Regulariser;
        (double factor, bool classifiers) = Change(drawn);
        Penalties larger = penalties.Bias > 0 && drawn.Seed % 3 == 0 ? penalties with { Bias = penalties.Bias * factor }
            : classifiers ? penalties with { Classifier = penalties.Classifier * factor } : penalties with { Feature = penalties.Feature * factor };
        Intervals.NotAbove(Solve(drawn).Certificate, Solve(drawn with { Regulariser = larger }).Certificate);
    }, 30, m => m.Simpler());

    // A bias that costs nothing is one more thing to choose; one that costs can be 0.
    [Fact]
    public void Objective_WithABias_IsNotLarger() => Property.Holds(Draw.Penalised, drawn =>
    {
        var penalties = (Penalties)drawn.Regulariser;
        RandomModel without = drawn with { Regulariser = penalties with { Bias = null } };
        RandomModel with = (drawn with { Regulariser = penalties with { Bias = drawn.Seed % 2 == 0 ? 0 : 0.1 } }).WithinReach();
        Intervals.NotAbove(Solve(with).Certificate, Solve(without with { Groups = with.Groups }).Certificate);
    }, 20, m => m.Simpler());

    // For one dual point −f*(Y) − r·σ(Y) bounds the optimum at every radius r.
    [Fact]
    public void LowerBound_AtAnotherRadius_IsThatOfTheSameDualPoint() => Property.Holds(Draw.Budgeted, drawn =>
    {
        var budgets = (Budgets)drawn.Regulariser;
        (double factor, bool larger) = Change(drawn);
        RandomModel other = (drawn with { Regulariser = budgets with { Classifier = larger ? budgets.Classifier * factor : budgets.Classifier / factor } }).WithinReach();
        LayerPeeledSolution here = Solve(drawn), there = Solve(other);
        double bound = here.Certificate.LowerBound + ((here.Model.Radius - there.Model.Radius) * here.Certificate.DualNorm);
        double scale = here.Objective + there.Objective + (Math.Max(here.Model.Radius, there.Model.Radius) * here.Certificate.DualNorm);
        Assert.True(bound <= there.Certificate.PrimalUpperBound + (Roundoff * scale), $"{bound:R} above {there.Certificate.PrimalUpperBound:R}");
    }, 40, m => m.Simpler());

    [Fact]
    public void MinorityCosine_LargerRatio_IsNotSmaller() => Property.Holds(TwoGroups, drawn =>
    {
        (int majority, int minority, double budget, double ratio, double further) = drawn;
        double error = Cosines;
        double[] cosines = Array.ConvertAll([ratio, ratio * further], r =>
        {
            LayerPeeledSolution solution = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassGroups([new(majority, r), new(minority, 1)], budget, 1)).EnsureOptimal();
            error += solution.GeometryError;
            return solution.ClassifierCosines[1, 1];
        });
        // Vectors that vanish have no angle: far beyond the threshold.
        Assert.True(double.IsNaN(cosines[1]) || cosines[1] >= cosines[0] - error, $"{cosines[0]:R} at {ratio}, {cosines[1]:R} at {ratio * further}");
        Assert.InRange(error, 0, 1e-5);
        Assert.False(double.IsNaN(cosines[0]) && !double.IsNaN(cosines[1]));
    }, 60);

    [Fact]
    public void Threshold_LargerBudgets_IsLarger() => Property.Holds(Thresholds, drawn =>
    {
        (int majority, int minority, double product, double further) = drawn;
        MinorityCollapseThreshold first = MinorityCollapseThreshold.At(majority, minority, product), second = MinorityCollapseThreshold.At(majority, minority, product * further);
        Assert.True(first.LogRatio > 0);
        Assert.True(second.LogRatio > first.LogRatio, $"{second.LogRatio:R} at {product * further:R} is not above {first.LogRatio:R} at {product:R}");
        Assert.True(first.BudgetElasticity > 0);
    }, 2000);

    [Fact]
    public void Threshold_AtItsOwnRatio_IsThatOfItsBudgets() => Property.Holds(Thresholds, drawn =>
    {
        (int majority, int minority, double product, _) = drawn;
        MinorityCollapseThreshold threshold = MinorityCollapseThreshold.At(majority, minority, product);
        // One rounding of R is worth 1/(elasticity·log R) of the product.
        if (!threshold.ExceedsDoubleRange && threshold.LogRatio > 1e-3)
        {
            double back = MinorityCollapseThreshold.CriticalBudgetProduct(majority, minority, threshold.Ratio);
            Assertions.Near(product, back, Roundoff * (1 + (threshold.LogRatio / threshold.BudgetElasticity) + (1 / threshold.BudgetElasticity)), "E_W·E_H");
        }
    }, 2000);

    // The threshold in closed form, and the collapse law at the optimum of a solve
    [Fact]
    public void Solve_AtEitherSideOfTheThreshold_CollapsesAboveItAlone() => Property.Holds(TwoGroups, drawn =>
    {
        (int majority, int minority, double budget, _, double further) = drawn;
        double threshold = MinorityCollapseThreshold.At(majority, minority, budget).Ratio;
        // λ is known to about 1e-6, and moves less than R does.
        double away = 1 + (1e-4 * further);
        foreach ((double ratio, bool collapsed) in new[] { (threshold * away, true), (threshold / away, false) })
        {
            if (ratio > 1 && double.IsFinite(ratio))
            {
                LayerPeeledSolution solution = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassGroups([new(majority, ratio), new(minority, 1)], budget, 1)).EnsureOptimal();
                Assert.Equal(collapsed, solution.Groups[1].Collapsed);
            }
        }
    }, 40);

    private static Gen<(int Majority, int Minority, double Budget, double Ratio, double Further)> TwoGroups =>
        from majority in Gen.Choose(1, 8)
        from minority in Gen.Choose(2, 8)
        from budget in Draw.Power(-2, 1.5)
        from ratio in Draw.Power(0.001, 3)
        from further in Draw.Power(0.001, 1)
        select (majority, minority, budget, ratio, further);

    private static Gen<(int Majority, int Minority, double Product, double Further)> Thresholds =>
        from majority in Draw.Power(0, 6)
        from minority in Draw.Power(0.31, 6)
        from product in Draw.Power(-40, 20)
        from further in Draw.Power(-9, 3)
        select ((int)majority, (int)minority, product, 1 + further);

    private static LayerPeeledSolution Solve(RandomModel drawn) => new AutomaticSolver().Solve(drawn.Model);

    private static (double Factor, bool First) Change(RandomModel drawn)
    {
        var random = new Random(drawn.Seed);
        return (1 + Math.Pow(10, (5 * random.NextDouble()) - 4), random.Next(2) == 0);
    }
}
