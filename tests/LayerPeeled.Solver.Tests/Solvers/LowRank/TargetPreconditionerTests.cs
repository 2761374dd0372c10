using System.Numerics.Tensors;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Solvers.Targets;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers.LowRank;

public sealed class TargetPreconditionerTests
{
    [Theory]
    [InlineData(60, 60)]
    [InlineData(70, 40)]
    public void Apply_NearAnOptimum_IsSymmetricAndPositiveDefinite(int tokens, int contexts)
    {
        (FactorObjective objective, double[] gradient, TargetPreconditioner preconditioner) = At(tokens, contexts);
        double[] x = objective.Random(1), y = objective.Random(2);
        double[] mx = Apply(objective, preconditioner, x), my = Apply(objective, preconditioner, y), mg = Apply(objective, preconditioner, gradient);

        Assertions.Near(TensorPrimitives.Dot<double>(x, my), TensorPrimitives.Dot<double>(y, mx), 1e-10 * TensorPrimitives.Norm<double>(x) * TensorPrimitives.Norm<double>(my));
        Assert.True(TensorPrimitives.Dot<double>(x, mx) > 0);
        Assert.True(TensorPrimitives.Dot<double>(gradient, mg) > 0);
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(70, 40)]
    public void Apply_ToTheHessianOfATangent_GivesItBackWithinAFactor(int tokens, int contexts)
    {
        // d·H·d against d·M·d, through a direction d = M⁻¹·g: both are what a Newton step would gain.
        (FactorObjective objective, double[] gradient, TargetPreconditioner preconditioner) = At(tokens, contexts);
        double[] direction = Apply(objective, preconditioner, gradient), product = new double[gradient.Length];
        objective.CurvatureProduct(gradient, direction, product);

        Assert.InRange(TensorPrimitives.Dot<double>(direction, product) / TensorPrimitives.Dot<double>(direction, gradient), 0.25, 4);
    }

    private static double[] Apply(FactorObjective objective, TargetPreconditioner preconditioner, double[] x)
    {
        var z = new double[x.Length];
        preconditioner.Apply(x, z, objective.Scale(0), objective.Scale(1));
        return z;
    }

    private static (FactorObjective Objective, double[] Gradient, TargetPreconditioner Preconditioner) At(int tokens, int contexts)
    {
        var model = new SoftTargetModel(SoftTargets.From(SoftTargetCases.RandomCounts(tokens, contexts, 11)), 1, 4);
        NuclearNormProgram program = NuclearNormProgram.ForClasses(new SoftTargetProgram(model, merge: false).Square);
        GroupedFactors point = new LowRankSolver(new LowRankOptions { RelativeGapTolerance = 1e-4 }).Solve(program, null).Factors;
        var objective = new FactorObjective(program, point.Rank);
        double[] start = objective.FromFactors(point), gradient = new double[start.Length];
        objective.Evaluate(start, gradient);
        var preconditioner = new TargetPreconditioner(program, point.Rank);
        preconditioner.Update(objective);
        return (objective, gradient, preconditioner);
    }
}
