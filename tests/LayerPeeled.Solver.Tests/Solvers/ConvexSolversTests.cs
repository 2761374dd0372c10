using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.Semidefinite;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Solvers;

/// <summary>The three methods on convex programs against each other, where there is no reference table.</summary>
public sealed class ConvexSolversTests
{
    private const double GapTolerance = 1e-9;

    // Cross-entropy is flat where a class is certain: √gap, with room.
    private const double LogitsTolerance = 1e-3;

    [Theory]
    [InlineData(0.5, 8.0, new double[] { 500, 300, 180, 100, 60, 40, 20, 10, 7, 5 })]
    [InlineData(1.0, 1.0, new double[] { 8, 8, 8, 2, 2, 1 })]
    [InlineData(3.0, 2.0, new double[] { 1000, 1 })]
    [InlineData(1.0, 4.0, new double[] { 30, 30, 5, 5, 0, 0, 0 })]
    [InlineData(1e-3, 2e-3, new double[] { 4, 3, 3, 2 })]
    public void Solve_ThreeMethodsAndBothPrograms_Agree(double classifierBudget, double featureBudget, double[] counts)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, classifierBudget, featureBudget);
        var nuclear = new NuclearNormSolver(new NuclearNormOptions { RelativeGapTolerance = GapTolerance });
        var conditional = new FrankWolfeSolver(new FrankWolfeOptions { RelativeGapTolerance = GapTolerance });
        LayerPeeledSolution reference = nuclear.Solve(NuclearNormProgram.ForClasses(model));
        LayerPeeledSolution[] others =
        [
            nuclear.Solve(NuclearNormProgram.ForGroups(model)),
            conditional.Solve(NuclearNormProgram.ForClasses(model)),
            conditional.Solve(NuclearNormProgram.ForGroups(model)),
            new SemidefiniteSolver(new SemidefiniteOptions { RelativeGapTolerance = GapTolerance }).Solve(model),
        ];
        Assert.Equal(SolverStatus.Optimal, reference.Status);
        Matrix<double> logits = reference.Logits();
        foreach (LayerPeeledSolution other in others)
        {
            Assert.Equal(SolverStatus.Optimal, other.Status);
            Assertions.Near(reference.Objective, other.Objective, 2 * GapTolerance, other.Method);
            Assert.True(other.Certificate.LowerBound <= reference.Objective);
            Assert.True((other.Logits() - logits).FrobeniusNorm() <= LogitsTolerance * logits.FrobeniusNorm(), other.Method);
        }
    }

    [Fact]
    public void Solve_LossesWhoseSquaresUnderflow_AreStillSolved()
    {
        // f* near 1.7e-183
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([9, 5, 2, 1], 1, 1e5);
        LayerPeeledSolution reference = new NuclearNormSolver().Solve(model);
        Assert.Equal(SolverStatus.Optimal, reference.Status);
        Assert.InRange(reference.Objective, 1e-183, 2e-183);
        foreach (ISolver solver in new ISolver[] { new FrankWolfeSolver(), new SemidefiniteSolver() })
        {
            LayerPeeledSolution solution = solver.Solve(model);
            Assert.Equal(SolverStatus.Optimal, solution.Status);
            Assertions.Near(reference.Objective, solution.Objective, 1e-8, solver.Name);
        }
    }
}
