using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Certificates;

/// <summary>Bounds that contradict each other, that are missing, and that are below zero.</summary>
public sealed class BoundTests
{
    private static readonly ClassGroup[] Groups = [new(3, 100), new(4, 10)];

    [Fact]
    public void WithBound_BoundAboveTheValue_IsAContradictionAndNoGapCloses()
    {
        // The bound is that of smaller budgets: no certificate of the same model can be so.
        DualityCertificate point = Solved(4).Certificate, bound = Solved(1).Certificate;
        DualityCertificate both = DualityGap.WithBound(point, bound);
        Assert.NotNull(both.Contradiction);
        Assert.True(double.IsNaN(both.RelativeGap));
        Assert.False(both.Closes(1));
        Assert.Equal(point.PrimalValue, both.PrimalValue);
        // and stays one, whatever it is combined with
        Assert.NotNull(DualityGap.WithBound(point, both).Contradiction);
        Assert.NotNull(DualityGap.WithBound(both, point).Contradiction);
    }

    [Fact]
    public void WithBound_BoundAboveATinyValueInAnotherUnit_IsAContradiction() =>
        Assert.NotNull(DualityGap.WithBound(Solved(1e6).Certificate, Solved(1).Certificate).Contradiction);

    [Fact]
    public void WithBound_TinyBoundInAnotherUnit_LeavesAnOrdinaryPointAsItIs()
    {
        LayerPeeledSolution tiny = Solved(1e6);
        NuclearNormProgram program = NuclearNormProgram.ForGroups(tiny.Model);
        DualityCertificate point = DualityGap.Certify(program, program.CreateMatrix());
        Assert.Same(point, DualityGap.WithBound(point, tiny.Certificate));
    }

    [Fact]
    public void WithBound_BoundAboveTheValueByRounding_KeepsTheAllowance()
    {
        // as of a loss that gives no bounds of its own
        DualityCertificate proof = Solved(1).Certificate, point = proof with { IsProof = false, Upper = proof.Primal, Allowance = 1e-15 * proof.Primal };
        DualityCertificate bound = point with { Bound = point.Primal * (1 + 4e-16), Gap = 0 };
        DualityCertificate both = DualityGap.WithBound(point with { Gap = 1e-6, Bound = point.Primal - 1e-6 }, bound);
        Assert.Null(both.Contradiction);
        Assert.True(both.AbsoluteGap > 0);
        Assert.True(both.LowerBound < both.PrimalValue);
        Assert.True(both.Closes(1e-14));
    }

    [Fact]
    public void WithBound_ProofAboveAProofByOneBit_IsAContradiction()
    {
        DualityCertificate point = Solved(1).Certificate, bound = point with { Bound = Math.BitIncrement(point.Upper) };
        Assert.True(point.IsProof);
        Assert.NotNull(DualityGap.WithBound(point, bound).Contradiction);
        Assert.Null(DualityGap.WithBound(point, point with { Bound = point.Upper }).Contradiction);
    }

    [Fact]
    public void Then_ContradictingStages_EndAsNumericalErrorWithTheReason()
    {
        LayerPeeledSolution first = Solved(1), second = Solved(4);
        foreach (IterationOutcome outcome in new[] { first.Outcome.Then(second.Outcome, 1e-10), second.Outcome.Then(first.Outcome, 1e-10) })
        {
            var solution = new LayerPeeledSolution("both", 1e-10, outcome);
            Assert.Equal(SolverStatus.NumericalError, solution.Status);
            Assert.Contains("contradict", solution.Reason, StringComparison.Ordinal);
            Assert.Throws<NotOptimalException>(solution.EnsureOptimal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Solve_CustomLossWithoutFiniteConjugate_HasNoBoundButWhatItsSignGives(bool isNonNegative)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups(Groups, 1, 4, loss: new CustomLoss(isNonNegative));
        foreach ((ISolver solver, SolverStatus status) in new (ISolver, SolverStatus)[]
        {
            (new ReducedSolver(), SolverStatus.Stalled), (new NuclearNormSolver(new NuclearNormOptions { MaxIterations = 200 }), SolverStatus.Stationary),
        })
        {
            LayerPeeledSolution solution = solver.Solve(model);
            Assert.Equal(status, solution.Status);
            Assertions.Near(Solved(4).Objective, solution.Objective, 1e-6);
            Assert.Equal(isNonNegative ? 0 : double.NegativeInfinity, solution.Certificate.LowerBound);
            Assert.Equal(isNonNegative ? 1 : double.PositiveInfinity, solution.Certificate.RelativeGap);
            Assert.Equal(DualKind.None, solution.Certificate.Kind);
            Assert.Contains("'custom'", solution.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Solve_CustomLossWithManyGroups_HasNoBoundEither()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Enumerable.Range(1, 80).Select(k => (double)k), 1, 4, loss: new CustomLoss(false));
        LayerPeeledSolution solution = new ReducedSolver(new LowRankOptions { MaxIterations = 30 }).Solve(model);
        Assert.Equal(double.PositiveInfinity, solution.Certificate.AbsoluteGap);
    }

    [Fact]
    public void Certify_FarFromTheOptimum_IsNeverBelowZero()
    {
        NuclearNormProgram program = NuclearNormProgram.ForClasses(LayerPeeledModel.FromClassGroups(Groups, 2, 4));
        for (int seed = 0; seed < 20; seed++)
        {
            GroupedMatrix point = RandomPoints.Draw(program, new Random(seed));
            new NuclearNormProjection(program.SizesArray).Project(point, program.Radius);
            DualityCertificate certificate = DualityGap.Certify(program, point);
            Assert.InRange(certificate.LowerBound, 0, certificate.PrimalValue);
            Assert.InRange(certificate.RelativeGap, 0, 1);
        }
    }

    private static LayerPeeledSolution Solved(double product) =>
        LayerPeeledSolver.Solve(LayerPeeledModel.FromClassGroups(Groups, Math.Sqrt(product), Math.Sqrt(product)));
}
