using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis;

public sealed class MitigationAnalysisTests
{
    // In τ: 1e-6 in λ over the slope of log(ω_min/λ), at least a third.
    private const double MultiplierTolerance = 3e-6;

    private static readonly double[] TwoGroups = [100, 1, 100, 1, 100, 1, 100, 1, 100, 1];

    [Fact]
    public void Weights_EachRule_FollowsItsFormula()
    {
        double[] counts = [500, 20, 3.5];
        Assert.Equal([1, 1, 1], ReweightingRule.None.Weights(counts));
        AssertProportional(counts.Select(n => 1 / n), ReweightingRule.InverseFrequency.Weights(counts));
        AssertProportional(counts.Select(n => 1 / Math.Sqrt(n)), ReweightingRule.SquareRootInverse.Weights(counts));
        AssertProportional(counts.Select(n => Math.Pow(n, -0.3)), ReweightingRule.Power(0.3).Weights(counts));
        AssertProportional(counts.Select(n => (1 - 0.9) / (1 - Math.Pow(0.9, n))), ReweightingRule.EffectiveNumber(0.9).Weights(counts));
        AssertProportional(counts.Select(n => 1 / n), ReweightingRule.EffectiveNumber(1 - 1e-14).Weights(counts), 1e-10);
        AssertProportional(counts.Select(_ => 1.0), ReweightingRule.EffectiveNumber(0).Weights(counts));
        Assert.Equal([1, 1, 7], ReweightingRule.Oversampling(7, 20).Weights(counts));
        Assert.Equal([3, 2, 1], ReweightingRule.Custom("mine", [3, 2, 1]).Weights(counts));
        Assertions.Near(counts.Sum(), counts.Zip(ReweightingRule.InverseFrequency.Weights(counts), (n, w) => n * w).Sum(), 1e-14);
        Assert.All(ReweightingRule.InverseFrequency.Weights([5, 0]), w => Assert.True(double.IsFinite(w)));
        Assert.True(double.IsFinite(ReweightingRule.EffectiveNumber(0.5).Weights([1e6, 1])[0]));
    }

    [Fact]
    public void Rules_BadArguments_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ReweightingRule.EffectiveNumber(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReweightingRule.Power(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReweightingRule.Oversampling(0, 5));
        Assert.Throws<ArgumentException>(() => ReweightingRule.Custom("mine", [1, 2]).Weights([1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MitigationAnalysis([1, 2, 3], 1, 1, minorityClasses: 1));
        Assert.Throws<ArgumentException>(() => new MitigationAnalysis([1, -2, 3], 1, 1));
    }

    [Fact]
    public void Compare_TwoGroups_MatchesReferenceAndTheSimplexEtf()
    {
        var analysis = new MitigationAnalysis(TwoGroups, 1, 5);
        IReadOnlyList<MitigationOutcome> outcomes = analysis.Compare(
            [ReweightingRule.None, ReweightingRule.SquareRootInverse, ReweightingRule.InverseFrequency, ReweightingRule.Oversampling(100, 100)]);
        Assert.All(outcomes, o => Assert.Equal(SolverStatus.Optimal, o.Solution.Status));
        Assert.Equal([1, 3, 5, 7, 9], analysis.MinorityClasses);

        ReferenceCase none = ReferenceCases.All.Single(c => c.ToString() == "5+5 R=100 E=1x5");
        Assertions.Near(none.Objective, outcomes[0].Solution.Objective, 1e-11);
        Assertions.Within(1, outcomes[0].MinorityCosine, 1e-7);
        Assertions.Within(1, outcomes[0].CollapsedCosine, 1e-7);
        Assertions.Within(none.Classifier.Norm2B, outcomes[0].MinorityNorm2, 1e-7);
        Assertions.Within(none.Classifier.Norm2A, outcomes[0].LargestNorm2, 1e-7);
        Assert.Equal(5, outcomes[0].ClassesBelowCriticalSize);
        Assert.Contains(outcomes[0].WorstClass, analysis.MinorityClasses);
        Assert.True(outcomes[0].WorstMargin <= 1e-7);

        // weights n^{−1/2} turn R = 100 into R = 10
        ReferenceCase root = ReferenceCases.All.Single(c => c.ToString() == "5+5 R=10 E=1x5");
        Assertions.Near(root.Objective, outcomes[1].Solution.Objective, 1e-11);
        Assertions.Within(root.Classifier.CosBB, outcomes[1].MinorityCosine, 1e-7);
        Assert.True(double.IsNaN(outcomes[1].CollapsedCosine), "no class has collapsed");

        foreach (MitigationOutcome balanced in outcomes.Skip(2))
        {
            // α = K√(E_W·E_H)/(K − 1) is the margin of the simplex ETF
            Assertions.Within(-1.0 / 9, balanced.MinorityCosine, 1e-9);
            Assertions.Near(10 * Math.Sqrt(5) / 9, balanced.WorstMargin, 1e-9);
            Assertions.Near(SimplexEtf.BalancedObjective(balanced.Solution.Model), balanced.BalancedLoss, 1e-11);
            Assert.Equal(0, balanced.ClassesBelowCriticalSize);
        }
    }

    [Fact]
    public void Apply_LongTail_MarginCosinesAndLossComeFromTheFullMatrices()
    {
        double[] counts = [300, 200, 200, 40, 8, 8, 8, 2, 1, 0];
        var analysis = new MitigationAnalysis(counts, 1, 3, minorityClasses: 4);
        MitigationOutcome outcome = analysis.Apply(ReweightingRule.SquareRootInverse);
        Assert.Equal(SolverStatus.Optimal, outcome.Solution.Status);
        Assert.Equal([4, 5, 6, 7, 8, 9], analysis.MinorityClasses);

        // classes of the solution stand in the order of decreasing count, as here
        Matrix<double> z = outcome.Solution.Logits(), w = outcome.Solution.Classifier;
        double worst = double.PositiveInfinity, loss = 0;
        for (int k = 0; k < 9; k++)
        {
            double[] column = z.Column(k).ToArray();
            worst = Math.Min(worst, column[k] - column.Where((_, j) => j != k).Max());
            loss += Math.Log(column.Sum(Math.Exp)) - column[k];
        }

        Assertions.Within(worst, outcome.WorstMargin, 1e-12);
        Assertions.Near(loss / 9, outcome.BalancedLoss, 1e-12);
        double sum = 0;
        for (int j = 4; j < 10; j++)
        {
            for (int k = 4; k < j; k++)
            {
                sum += w.Row(j) * w.Row(k) / (w.Row(j).L2Norm() * w.Row(k).L2Norm());
            }
        }

        Assertions.Within(sum / 15, outcome.MinorityCosine, 1e-9);
        Assertions.Near(w.RowNorms(2).Min() * w.RowNorms(2).Min(), outcome.SmallestNorm2, 1e-9);
    }

    [Fact]
    public void Apply_InverseFrequencyOnRealLongTail_IsOneBalancedGroup()
    {
        double[] counts = CollapseAnalysisTests.LongTail();
        MitigationOutcome outcome = new MitigationAnalysis(counts, 1, 5).Apply(ReweightingRule.InverseFrequency);
        Assert.Equal(SolverStatus.Optimal, outcome.Solution.Status);
        Assert.Single(outcome.Solution.Model.Groups);
        Assert.Equal(0, outcome.ClassesBelowCriticalSize);
        Assertions.Within(-1.0 / (counts.Length - 1), outcome.MinorityCosine, 1e-9);
    }

    [Fact]
    public void FindWeakestPower_TwoGroups_MatchesTheExactThreshold()
    {
        // weights n^{−τ} turn R into R^{1−τ}, so τ = 1 − log R_0/log R
        var analysis = new MitigationAnalysis(TwoGroups, 1, 5);
        MinorityCollapseThreshold threshold = MinorityCollapseThreshold.At(5, 5, 5);
        WeakestReweighting weakest = analysis.FindWeakestPower(1e-5);
        Assert.True(weakest.IsCertified);
        Assert.Equal(SolverStatus.Optimal, weakest.Outcome.Solution.Status);
        Assert.Equal(0, weakest.Outcome.ClassesBelowCriticalSize);
        double expected = 1 - (threshold.LogRatio / Math.Log(100));
        Assert.InRange(expected, weakest.TooWeakExponent - MultiplierTolerance, weakest.Exponent);
        Assert.InRange(weakest.Exponent - weakest.TooWeakExponent, 0, 1e-5);
        Assert.Equal(threshold.EscapingOversamplingRate(100), analysis.EscapingOversamplingRate);
    }

    [Fact]
    public void FindWeakestPower_NothingCollapses_IsZero()
    {
        WeakestReweighting weakest = new MitigationAnalysis([4, 3, 4, 3], 1, 5).FindWeakestPower();
        Assert.True(weakest.IsCertified);
        Assert.Equal(0, weakest.Exponent);
        Assert.True(double.IsNaN(weakest.TooWeakExponent));
    }

    [Fact]
    public void FindWeakestPower_LongTail_BracketsTheEdge()
    {
        double[] counts = [500, 350, 200, 120, 70, 40, 25, 12, 12, 12, 5, 5];
        var analysis = new MitigationAnalysis(counts, 1, 2);
        Assert.Null(analysis.EscapingOversamplingRate);
        WeakestReweighting weakest = analysis.FindWeakestPower(1e-4);
        Assert.True(weakest.IsCertified);
        Assert.Equal(0, weakest.Outcome.ClassesBelowCriticalSize);
        Assert.True(analysis.Apply(ReweightingRule.Power(weakest.TooWeakExponent)).ClassesBelowCriticalSize > 0);
        Assert.True(weakest.Solves <= 20, $"{weakest.Solves} solves");
    }

    [Theory]
    [InlineData(60, 400, 0.93, 2)]
    [InlineData(40, 3000, 1.3, 5)]
    [InlineData(80, 100, 0.5, 1)]
    public void FindWeakestPower_PowerLawCounts_ClosesTheBracketInFewSolves(int classes, double largest, double exponent, double featureBudget)
    {
        double[] counts = Enumerable.Range(1, classes).Select(k => Math.Max(1, Math.Round(largest * Math.Pow(k, -exponent)))).ToArray();
        AssertEdge(counts, featureBudget, 12);
    }

    [Fact]
    public void FindWeakestPower_ExponentialCounts_ClosesTheBracketInFewSolves() =>
        AssertEdge(Enumerable.Range(0, 50).Select(k => Math.Round(500 * Math.Pow(0.01, k / 49.0))).ToArray(), 3, 12);

    [Fact]
    public void FindWeakestPower_AfterTheRules_BeginsFromThem()
    {
        double[] counts = [500, 350, 200, 120, 70, 40, 25, 12, 12, 12, 5, 5];
        var analysis = new MitigationAnalysis(counts, 1, 2);
        WeakestReweighting fresh = analysis.FindWeakestPower(1e-4);
        analysis.Compare([ReweightingRule.None, ReweightingRule.SquareRootInverse, ReweightingRule.InverseFrequency]);
        WeakestReweighting later = analysis.FindWeakestPower(1e-4);
        Assert.True(later.IsCertified);
        Assert.InRange(later.Exponent, fresh.TooWeakExponent, fresh.Exponent + 1e-4);
        Assert.InRange(fresh.Exponent, later.TooWeakExponent, later.Exponent + 1e-4);
    }

    [Fact]
    public void FindWeakestPower_Cancelled_SaysThatItIsNotCertified()
    {
        WeakestReweighting weakest = new MitigationAnalysis(TwoGroups, 1, 5).FindWeakestPower(1e-6, cancellationToken: new CancellationToken(canceled: true));
        Assert.False(weakest.IsCertified);
        Assert.Empty(new MitigationAnalysis(TwoGroups, 1, 5).Compare([ReweightingRule.None], cancellationToken: new CancellationToken(canceled: true)));
    }

    private static void AssertEdge(double[] counts, double featureBudget, int mostSolves)
    {
        var analysis = new MitigationAnalysis(counts, 1, featureBudget);
        WeakestReweighting weakest = analysis.FindWeakestPower(1e-5);
        Assert.True(weakest.IsCertified);
        Assert.InRange(weakest.Exponent, 1e-5, 1);
        Assert.InRange(weakest.Exponent - weakest.TooWeakExponent, 0, 1e-5);
        Assert.Equal(0, weakest.Outcome.ClassesBelowCriticalSize);
        Assert.True(weakest.Solves <= mostSolves, $"{weakest.Solves} solves");

        // On the too weak side by as much as λ may be wrong a class is below the critical size.
        MitigationOutcome weak = analysis.Apply(ReweightingRule.Power(weakest.TooWeakExponent));
        double smallest = weak.Solution.Model.Groups.Min(g => g.EffectiveCount);
        Assert.True(smallest <= weak.CriticalClassSize * (1 + (2 * MultiplierTolerance)), $"{smallest} is clear of {weak.CriticalClassSize}");
    }

    private static void AssertProportional(IEnumerable<double> expected, double[] actual, double tolerance = 1e-13)
    {
        double[] e = expected.ToArray();
        for (int k = 0; k < e.Length; k++)
        {
            Assertions.Near(e[k] / e[0], actual[k] / actual[0], tolerance);
        }
    }
}
