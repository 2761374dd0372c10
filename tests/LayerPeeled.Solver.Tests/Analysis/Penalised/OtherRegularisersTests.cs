using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Tests.Analysis.Penalised;

/// <summary>What is said of budgets per class is either right of other regularisers, or refused.</summary>
public sealed class OtherRegularisersTests
{
    public static TheoryData<Regulariser> Regularisers =>
    [
        new Budgets(1, 5) { FeatureNorm = FeatureNorm.PerSample }, new Penalties(1e-3, 1e-3), new Penalties(1e-3, 1e-2) { FeatureNorm = FeatureNorm.PerClass, Bias = 0.1 },
    ];

    [Theory]
    [MemberData(nameof(Regularisers))]
    public void CollapseAnalysis_OfSolutionAndOfModel_SaysWhatTheSolutionSays(Regulariser regulariser)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(5, 1000), new(5, 100, 2), new(4, 10)], regulariser);
        LayerPeeledSolution solution = new AutomaticSolver().Solve(model).EnsureOptimal();
        foreach (CollapseAnalysis analysis in new[] { CollapseAnalysis.Of(solution), CollapseAnalysis.Of(model) })
        {
            Assert.Equal(solution.Objective, analysis.Solution.Objective, 1e-9);
            Assert.Equal(solution.CriticalClassSize, analysis.CriticalClassSize, 1e-6 * solution.CriticalClassSize);
            Assert.Equal(solution.Groups.Select(g => g.Collapsed), analysis.Groups.Select(g => g.Collapsed));
            Assert.Equal(solution.ClassesBelowCriticalSize, analysis.CollapsedClasses.Count);
            Assert.True(analysis.Clearance > 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Regularisers))]
    public void EtfOptimality_OtherRegularisers_AreRefused(Regulariser regulariser)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(4, 10)], regulariser);
        LayerPeeledSolution solution = new AutomaticSolver().Solve(model);
        Assert.Throws<ArgumentException>(() => EtfOptimality.Of(model, solution.Classifier, solution.ClassMeans));
    }

    [Theory]
    [MemberData(nameof(Regularisers))]
    public void MinorityCollapseThreshold_OtherRegularisers_AreRefused(Regulariser regulariser) =>
        Assert.Throws<ArgumentException>(() => MinorityCollapseThreshold.Of(LayerPeeledModel.FromClassGroups([new(5, 1000), new(5, 10)], regulariser)));
}
