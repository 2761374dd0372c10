using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Analysis;

public sealed class LossMitigationTests
{
    private const double SameDirection = 1e-6;
    private static readonly double[] TwoGroups = [100, 1, 100, 1, 100, 1, 100, 1, 100, 1];

    [Theory]
    [InlineData("ldt", 5)]
    [InlineData("cdt", 5)]
    [InlineData("vs", 5)]
    [InlineData("ldam", 5)]
    [InlineData("smoothing", 5)]
    [InlineData("smoothing", 1)]
    public void FindWeakest_TwoGroups_SeparatesTheAnglesThereAndNotBefore(string family, double budget)
    {
        WeakestLoss weakest = new LossMitigation(TwoGroups, 1, budget).FindWeakest(family);
        Assert.True(weakest.IsCertified);
        Assert.Equal(weakest.Separates, weakest.Outcome.ClassesBelowCriticalSize == 0);
        string Text(double value) => FormattableString.Invariant($"{family}:{weakest.Parameter}={value}{(family == "vs" ? ",tau=1" : "")}");
        double width = 0.02 * weakest.Value;
        if (weakest.Separates)
        {
            Assert.True(Cosine(Text(weakest.Value + width)) < 1 - SameDirection, $"{weakest.Value}");
            Assert.InRange(Math.Abs(weakest.Value - weakest.TooWeakValue), 0, 3e-3);
        }

        Assert.False(Cosine(Text(weakest.Value - width)) < 1 - SameDirection, $"{weakest.Value}");

        double Cosine(string loss) => new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-10 })
            .Solve(LayerPeeledModel.FromClassGroups([new(5, 100), new(5, 1)], 1, budget, loss: LossCatalog.Parse(loss))).Groups[1].ClassifierCosine;
    }

    [Fact]
    public void FindWeakest_NoCollapse_NeedsNothing()
    {
        WeakestLoss weakest = new LossMitigation([10, 10, 8, 8], 1, 5).FindWeakest("ldt");
        Assert.Equal((0, true, true), (weakest.Value, weakest.Separates, weakest.IsCertified));
        Assert.True(double.IsNaN(weakest.TooWeakValue));
    }

    // Adjustments of all logits: the threshold in λ is where it was, ω_B, whatever τ.
    [Fact]
    public void Apply_Adjustments_LeaveTheThresholdInTheMultiplier()
    {
        foreach (double tau in new[] { -1, 0.5, 1, 3 })
        {
            MitigationOutcome outcome = new LossMitigation(TwoGroups, 1, 5).Apply(LogitAdjustedLoss.LogitAdjustment(tau));
            Assert.Equal(SolverStatus.Optimal, outcome.Solution.Status);
            Assert.Equal(FormattableString.Invariant($"la:tau={tau}"), outcome.Name);
            bool collapsed = 1 / 505.0 <= outcome.Solution.Multiplier;
            Assert.Equal(collapsed ? 5 : 0, outcome.ClassesBelowCriticalSize);
            Assert.Equal(collapsed, !(outcome.MinorityCosine < 1 - SameDirection));
        }
    }

    [Fact]
    public void Apply_CrossEntropy_IsTheOutcomeWithoutRule()
    {
        MitigationOutcome plain = new MitigationAnalysis(TwoGroups, 1, 5).Apply(ReweightingRule.None), same = new LossMitigation(TwoGroups, 1, 5).Apply(CrossEntropyLoss.Instance);
        Assert.Equal((plain.Name, plain.ClassesBelowCriticalSize), (same.Name, same.ClassesBelowCriticalSize));
        Assertions.Near(plain.BalancedLoss, same.BalancedLoss, 1e-12);
    }

    [Fact]
    public void FindWeakest_BadArguments_Throw()
    {
        var analysis = new LossMitigation([3, 3, 1, 1], 1, 1);
        Assert.Contains("one of ldt, cdt, vs, ldam, smoothing", Assert.Throws<ArgumentException>(() => analysis.FindWeakest("la")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => analysis.FindWeakest("ldt", 0));
        Assert.Contains("examples of every class", Assert.Throws<ArgumentException>(() => new LossMitigation([3, 3, 0, 0], 1, 1).FindWeakest("ldt")).Message, StringComparison.Ordinal);
    }
}
