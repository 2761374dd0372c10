using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Analysis;

public sealed class CollapseAnalysisTests
{
    internal static double[] LongTail() => File.ReadLines(ReferenceCases.PathOf("places_lt_counts.csv")).Skip(1)
        .Select(line => double.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture)).ToArray();

    [Fact]
    public void Of_RealLongTail_ListsTheClassesBelowTheKnownSize()
    {
        double[] counts = LongTail();
        CollapseAnalysis analysis = CollapseAnalysis.Of(
            LayerPeeledModel.FromClassCounts(counts, 1, 5), new AutomaticOptions { RelativeGapTolerance = 1e-6, GeometryErrorTolerance = 1 });
        Assert.Equal(SolverStatus.Optimal, analysis.Solution.Status);
        Assertions.Within(97.611, analysis.CriticalClassSize, 0.05);
        Assert.Equal(226, analysis.CollapsedClasses.Count);
        Assert.Equal(Enumerable.Range(0, counts.Length).Where(k => counts[k] <= 97), analysis.CollapsedClasses);
        Assert.Equal(226, analysis.Groups.Where(g => g.Collapsed).Sum(g => g.Group.Classes));
        Assertions.Within((98 / 97.611) - 1, analysis.Clearance, 1e-3);
    }

    [Fact]
    public void Of_ReferenceSolutions_AgreesWithTheThreshold()
    {
        foreach (ReferenceCase c in ReferenceCases.All)
        {
            CollapseAnalysis analysis = CollapseAnalysis.Of(new ReducedSolver().Solve(c.Model()).EnsureOptimal());
            Assert.Equal(c.Collapsed ? Enumerable.Range(c.Majority, c.Minority) : [], analysis.CollapsedClasses);
            Assertions.Near(c.Multiplier, analysis.Multiplier, 1e-7);
            Assert.Equal(c.Collapsed, MinorityCollapseThreshold.Of(c.Model()).Collapses(c.Ratio));
        }
    }

    [Fact]
    public void Of_DifferentCountsOfEqualEffect_AreOneGroup()
    {
        // 0.1·3 and 0.3 differ in the last bit; the classes are equal in the model and collapse together.
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([100, 0.1, 100, 0.3, 0.3], 1, 5, lossWeights: [1, 3, 1, 1, 1]);
        Assert.Equal(3, model.Groups.Count);
        CollapseAnalysis analysis = CollapseAnalysis.Of(model);
        Assert.Equal(SolverStatus.Optimal, analysis.Solution.Status);
        Assert.Equal(2, analysis.Solution.Model.Groups.Count);
        Assert.Equal([1, 3, 4], analysis.CollapsedClasses);
        Assertions.Within(1, analysis.Solution.Groups[1].ClassifierCosine, 1e-7);
        Assert.Equal((2, 3), (MinorityCollapseThreshold.Of(model).MajorityClasses, MinorityCollapseThreshold.Of(model).MinorityClasses));
    }
}
