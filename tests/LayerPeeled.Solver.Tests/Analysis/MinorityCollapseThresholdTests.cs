using System.Globalization;
using System.Text.Json;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Analysis;

public sealed class MinorityCollapseThresholdTests
{
    private const double Roundoff = 1e-13;

    // At the threshold itself the minority angle moves with the square root of the error, norms and λ with the error.
    private const double SolverTolerance = 1e-5;

    public static TheoryData<int, int, double, double> Table
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(ReferenceCases.PathOf("thresholds.json")));
            var data = new TheoryData<int, int, double, double>();
            foreach (JsonElement c in document.RootElement.GetProperty("cases").EnumerateArray())
            {
                data.Add(
                    c.GetProperty("K_A").GetInt32(), c.GetProperty("K_B").GetInt32(), c.GetProperty("E_W_times_E_H").GetDouble(),
                    double.Parse(c.GetProperty("R0").GetString()!, CultureInfo.InvariantCulture));
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void At_ReferenceCase_MatchesTwentyDigits(int majority, int minority, double budgetProduct, double expected)
    {
        MinorityCollapseThreshold threshold = MinorityCollapseThreshold.At(majority, minority, budgetProduct);
        Assertions.Near(expected, threshold.Ratio, Roundoff);
        Assertions.Near(Math.Log(expected), threshold.LogRatio, Roundoff);
        Assert.False(threshold.ExceedsDoubleRange);
    }

    // log R_0 by nested bisection on the KKT system in 60-digit arithmetic, without the closed form.
    [Theory]
    [InlineData(5, 5, 1e-14, 2.222222418381355464488e-8)]
    [InlineData(1_000_000, 2, 5, 8.356480153389798575447e-6)]
    [InlineData(5, 5, 5, 2.500816668246203487244)]
    [InlineData(5, 5, 1e6, 2122.251306480862760679)]
    [InlineData(2, 1000, 1000, 15843.88339855442230177)]
    public void At_ExtremeThreshold_MatchesTwentyDigits(int majority, int minority, double budgetProduct, double expected) =>
        Assertions.Near(expected, MinorityCollapseThreshold.At(majority, minority, budgetProduct).LogRatio, Roundoff);

    [Theory]
    [InlineData(5, 5, 5)]
    [InlineData(3, 7, 5)]
    [InlineData(90, 10, 5)]
    [InlineData(2, 2, 5)]
    [InlineData(500, 500, 5)]
    [InlineData(1, 3, 2)]
    [InlineData(4, 6, 1e-3)]
    public void At_SolvedAroundTheThreshold_CollapsesExactlyThere(int majority, int minority, double budgetProduct)
    {
        MinorityCollapseThreshold threshold = MinorityCollapseThreshold.At(majority, minority, budgetProduct);
        LayerPeeledSolution Solve(double factor)
        {
            // R_0 − 1 is the scale near balance
            double ratio = 1 + ((threshold.Ratio - 1) * factor);
            LayerPeeledSolution solution = new ReducedSolver().Solve(LayerPeeledModel.FromClassGroups([new(majority, ratio), new(minority, 1)], 1, budgetProduct));
            Assert.Equal(SolverStatus.Optimal, solution.Status);
            return solution;
        }

        Assert.InRange(Solve(0.999).Groups[1].ClassifierCosine, -1, 1 - 1e-4);
        Assert.InRange(Solve(1.001).Groups[1].ClassifierCosine, 1 - 1e-7, 1);

        LayerPeeledSolution at = Solve(1);
        Assertions.Near(threshold.CriticalShare, at.Multiplier, SolverTolerance, "λ = ω_B");
        Assertions.Near(threshold.Objective, at.Objective, 1e-10, "objective");
        Assertions.Within(1, at.Groups[1].ClassifierCosine, 1e-2, "minority cosine");
        Assertions.Near(threshold.MinorityNorm2Ratio, at.Groups[1].ClassifierNorm2 / at.Groups[0].ClassifierNorm2, 1e-2, "norm ratio");
        Assertions.Within(threshold.CrossCosine, at.ClassifierCosines[0, 1], 1e-3, "cos AB");
        if (majority > 1)
        {
            Assertions.Within(threshold.MajorityCosine, at.Groups[0].ClassifierCosine, SolverTolerance, "cos AA");
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void At_ReferenceCase_PredictionsSatisfyTheThresholdEquation(int majority, int minority, double budgetProduct, double expected)
    {
        MinorityCollapseThreshold threshold = MinorityCollapseThreshold.At(majority, minority, budgetProduct);
        ClassProbabilities a = threshold.Majority, b = threshold.Minority;
        Assertions.Near(1, a.Own + ((majority - 1) * a.Sibling) + (minority * a.Other), Roundoff, "sum A");
        Assertions.Near(1, (minority * b.Own) + (majority * b.Other), Roundoff, "sum B");
        Assert.Equal(b.Own, b.Sibling);
        // 1 − p_own without cancellation: the sum of the others
        Assertions.Near(1 / expected, (majority * a.Sibling) + (minority * a.Other), Roundoff, "1/R_0");
        Assertions.Near(1 / ((majority * expected) + minority), threshold.CriticalShare, Roundoff, "share");
        Assert.True(threshold.MinorityNorm2Ratio > 0, "the minority vectors meet before they vanish");
    }

    [Fact]
    public void At_SmallBudgets_IsProportionalToTheirRoot()
    {
        // log R_0 = c·√(E_W·E_H) to first order: full relative precision although R_0 − 1 is lost in R_0
        double slope = MinorityCollapseThreshold.At(5, 5, 1e-30).LogRatio / 1e-15;
        foreach (double budget in new[] { 1e-300, 1e-100, 1e-20 })
        {
            Assertions.Near(slope, MinorityCollapseThreshold.At(5, 5, budget).LogRatio / Math.Sqrt(budget), 1e-9);
        }

        Assert.InRange(MinorityCollapseThreshold.At(5, 5, 2e-13).Ratio, 1 + 0.9e-7, 1 + 1.1e-7);
    }

    [Fact]
    public void At_LargeBudgets_SaysThatTheRatioExceedsDouble()
    {
        MinorityCollapseThreshold threshold = MinorityCollapseThreshold.At(5, 5, 1e6);
        Assert.True(threshold.ExceedsDoubleRange);
        Assert.Equal(double.PositiveInfinity, threshold.Ratio);
        Assert.InRange(threshold.LogRatio, 2000, 2200);
        Assert.Equal(0, threshold.CriticalShare);
        // log R_0 ~ √(E_W·E_H) again
        Assertions.Within(0.5, threshold.BudgetElasticity / threshold.LogRatio, 1e-2);
        Assert.False(threshold.Collapses(1e300));
        Assert.True(threshold.Collapses(double.PositiveInfinity));
        Assert.Equal(Math.Exp(690 - threshold.LogRatio), threshold.EscapingOversamplingRate(Math.Exp(690)), 1e-300);
        MinorityCollapseThreshold huge = MinorityCollapseThreshold.At(2, 1_000_000, 1e300);
        Assert.True(double.IsFinite(huge.LogRatio) && double.IsFinite(huge.BudgetElasticity));
    }

    [Theory]
    [InlineData(5, 5, 1e-6)]
    [InlineData(5, 5, 5)]
    [InlineData(1, 4, 3)]
    [InlineData(10, 90, 5)]
    [InlineData(1000, 3, 0.2)]
    [InlineData(3, 7, 400)]
    public void BudgetElasticity_AnySize_MatchesFiniteDifference(int majority, int minority, double budget)
    {
        const double Step = 1e-4;
        double Log(double factor) => MinorityCollapseThreshold.At(majority, minority, budget * Math.Exp(factor * Step)).LogRatio;
        // central difference of fourth order
        double expected = ((8 * (Log(1) - Log(-1))) - (Log(2) - Log(-2))) / (12 * Step);
        Assertions.Near(expected, MinorityCollapseThreshold.At(majority, minority, budget).BudgetElasticity, 1e-9);
    }

    [Fact]
    public void CriticalBudgetProduct_OfTheThreshold_IsTheBudget()
    {
        foreach ((int majority, int minority) in new[] { (5, 5), (1, 2), (2, 98), (700, 300) })
        {
            double last = 0;
            foreach (double budget in new[] { 1e-8, 1e-3, 0.1, 1, 5, 20, 300 })
            {
                MinorityCollapseThreshold threshold = MinorityCollapseThreshold.At(majority, minority, budget);
                Assert.True(threshold.LogRatio > last, "a larger budget raises the threshold");
                last = threshold.LogRatio;
                if (!threshold.ExceedsDoubleRange)
                {
                    // near R = 1 the ratio itself holds fewer digits of R − 1
                    double tolerance = Roundoff + (4e-16 / threshold.LogRatio);
                    Assertions.Near(budget, MinorityCollapseThreshold.CriticalBudgetProduct(majority, minority, threshold.Ratio), tolerance, $"{majority}+{minority}");
                }
            }
        }

        Assertions.Near(12.5, MinorityCollapseThreshold.AtRatio(6, 6, 12.5).Ratio, Roundoff);
    }

    [Fact]
    public void Of_ModelWithLossWeights_UsesEffectiveCounts()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([3, 60, 60, 3, 60], 2, 1.5, lossWeights: [2, 1, 1, 2, 1]);
        MinorityCollapseThreshold threshold = MinorityCollapseThreshold.Of(model);
        Assert.Equal((3, 2, 3.0), (threshold.MajorityClasses, threshold.MinorityClasses, threshold.BudgetProduct));
        Assert.Equal(10, MinorityCollapseThreshold.EffectiveRatio(model));
        // Weights that swap the roles
        LayerPeeledModel swapped = LayerPeeledModel.FromClassCounts([3, 60, 60, 3, 60], 2, 1.5, lossWeights: [100, 1, 1, 100, 1]);
        Assert.Equal((2, 3), (MinorityCollapseThreshold.Of(swapped).MajorityClasses, MinorityCollapseThreshold.Of(swapped).MinorityClasses));
    }

    [Fact]
    public void EscapingOversamplingRate_UsedAsWeight_IsTheEdgeOfCollapse()
    {
        MinorityCollapseThreshold threshold = MinorityCollapseThreshold.At(5, 5, 5);
        double rate = threshold.EscapingOversamplingRate(100);
        Assertions.Near(100 / threshold.Ratio, rate, Roundoff);
        double Cosine(double weight) =>
            new ReducedSolver().Solve(LayerPeeledModel.FromClassGroups([new(5, 100), new(5, 1, weight)], 1, 5)).EnsureOptimal().Groups[1].ClassifierCosine;
        Assert.InRange(Cosine(rate * 0.999), 1 - 1e-7, 1);
        Assert.InRange(Cosine(rate * 1.001), -1, 1 - 1e-4);
        Assert.True(threshold.Collapses(threshold.Ratio));
        Assert.False(threshold.Collapses(Math.BitDecrement(threshold.Ratio)));
    }

    [Fact]
    public void At_BadArguments_ThrowsNamingThem()
    {
        Assert.Equal("majorityClasses", Assert.Throws<ArgumentOutOfRangeException>(() => MinorityCollapseThreshold.At(0, 5, 1)).ParamName);
        ArgumentOutOfRangeException single = Assert.Throws<ArgumentOutOfRangeException>(() => MinorityCollapseThreshold.At(5, 1, 1));
        Assert.Contains("no other to collapse with", single.Message, StringComparison.Ordinal);
        foreach (double bad in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => MinorityCollapseThreshold.At(5, 5, bad));
        }

        foreach (double bad in new[] { 1, 0.5, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => MinorityCollapseThreshold.AtRatio(5, 5, bad));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => MinorityCollapseThreshold.At(5, 5, 1).Collapses(0.5));
        Assert.ThrowsAny<ArgumentException>(() => MinorityCollapseThreshold.Of(LayerPeeledModel.FromClassCounts([3, 2, 1], 1, 1)));
        Assert.ThrowsAny<ArgumentException>(() => MinorityCollapseThreshold.Of(LayerPeeledModel.FromClassCounts([3, 3, 1], 1, 1)));
    }

    [Fact]
    public void ThresholdDiagram_Grid_HoldsTheThresholdOfEachEntry()
    {
        ThresholdDiagram diagram = ThresholdDiagram.Compute(10, [1, 3, 8], [1, 5]);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                int majority = diagram.MajorityClasses[i];
                Assert.Equal(MinorityCollapseThreshold.At(majority, 10 - majority, diagram.BudgetProducts[j]).LogRatio, diagram[i, j].LogRatio);
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => ThresholdDiagram.Compute(10, [9], [1.0]));
    }
}
