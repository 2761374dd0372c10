using LayerPeeled.Solver.Analysis.Comparison;
using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Analysis;

public sealed class FamilyComparisonTests
{
    private static LayerPeeledModel Model(ILoss? loss = null) => LayerPeeledModel.FromClassGroups([new(3, 60), new(4, 6)], 1, 4, loss: loss);

    public static TheoryData<FamilyMemberKind> Kinds => [.. Enum.GetValues<FamilyMemberKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_EveryMember_IsCertifiedAndHasCosines(FamilyMemberKind kind)
    {
        ComparedMember member = FamilyComparison.Of(Model(), kind);
        Assert.Null(member.Refusal);
        Assert.Equal(SolverStatus.Optimal, member.Status);
        Assert.InRange(member.RelativeGap, 0, 1e-8);
        Assert.InRange(member.Feature.MajorityCosine, -1, 1);
        Assert.Equal(kind == FamilyMemberKind.MaxMargin, double.IsNaN(member.Objective));
        Assert.Equal(kind == FamilyMemberKind.Contrastive, member.Classifier == ComparedSide.None);
    }

    // The numbers are those of each member's own solver.
    [Fact]
    public void Of_Members_AgreeWithTheirSolvers()
    {
        LayerPeeledModel model = Model();
        LayerPeeledSolution solution = LayerPeeledSolver.Solve(model);
        ComparedMember lpm = FamilyComparison.Of(model, FamilyMemberKind.LayerPeeled);
        Assert.Equal(solution.Objective, lpm.Objective);
        Assert.Equal(solution.ClassifierCosines[1, 1], lpm.Classifier.MinorityCosine);
        Assert.Equal(solution.Groups[0].FeatureNorm2 / solution.Groups[1].FeatureNorm2, lpm.Feature.NormRatio);
        RectifiedFrame frame = RectifiedFrame.Of(model);
        Assert.Equal(frame.Objective, FamilyComparison.Of(model, FamilyMemberKind.Rectified).Objective);
        ContrastiveSolution contrast = new ContrastiveSolver().Solve(ContrastiveModel.FromClassGroups(model.Groups, 4));
        Assertions.Near(contrast.Objective, FamilyComparison.Of(model, FamilyMemberKind.Contrastive).Objective, 1e-12);
    }

    [Fact]
    public void Of_ReluWithAnotherLoss_IsRefusedInItsPlace()
    {
        ComparedMember member = FamilyComparison.Of(Model(LossCatalog.Parse("ovr")), FamilyMemberKind.Rectified);
        Assert.NotNull(member.Refusal);
        Assert.NotEqual(SolverStatus.Optimal, member.Status);
    }

    [Fact]
    public void Of_Penalties_AreRefused() =>
        Assert.Throws<ArgumentException>(() => FamilyComparison.Of(Model().WithRegulariser(new Penalties(1e-3, 1e-3)), FamilyMemberKind.LayerPeeled));

    [Fact]
    public void Of_OneGroup_HasNoCrossCosine()
    {
        ComparedMember member = FamilyComparison.Of(LayerPeeledModel.FromClassGroups([new(5, 10)], 1, 4), FamilyMemberKind.LayerPeeled);
        Assertions.Within(-0.25, member.Classifier.MajorityCosine, 1e-9);
        Assert.True(double.IsNaN(member.Classifier.CrossCosine));
    }
}
