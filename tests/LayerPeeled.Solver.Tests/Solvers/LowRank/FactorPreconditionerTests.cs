using System.Numerics.Tensors;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers.LowRank;

public sealed class FactorPreconditionerTests
{
    // Groups of one and of several classes, as the certificate at 1e-4 leaves them
    private static readonly LayerPeeledModel Tail = LayerPeeledModel.FromClassCounts(
        Enumerable.Range(0, 90).Select(k => Math.Floor(500 * Math.Pow(100, -k / 89.0))), 1, 5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_NearAnOptimum_IsSymmetricAndPositiveDefinite(bool reduced)
    {
        (FactorObjective objective, double[] gradient, FactorPreconditioner preconditioner) = At(1e-4, reduced);
        double[] x = objective.Random(1), y = objective.Random(2);
        double[] mx = Apply(objective, preconditioner, x), my = Apply(objective, preconditioner, y), mg = Apply(objective, preconditioner, gradient);

        Assertions.Near(TensorPrimitives.Dot<double>(x, my), TensorPrimitives.Dot<double>(y, mx), 1e-10 * TensorPrimitives.Norm<double>(x) * TensorPrimitives.Norm<double>(my));
        Assert.True(TensorPrimitives.Dot<double>(x, mx) > 0);
        Assert.True(TensorPrimitives.Dot<double>(gradient, mg) > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_ToTheHessianOfATangent_GivesItBackWithinAFactor(bool reduced)
    {
        // d·H·d against d·M·d, through a direction d = M⁻¹·g: both are what a Newton step would gain.
        (FactorObjective objective, double[] gradient, FactorPreconditioner preconditioner) = At(1e-4, reduced);
        double[] direction = Apply(objective, preconditioner, gradient), product = new double[gradient.Length];
        objective.CurvatureProduct(gradient, direction, product);

        Assert.InRange(TensorPrimitives.Dot<double>(direction, product) / TensorPrimitives.Dot<double>(direction, gradient), 0.5, 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(30)]
    public void Solve_LongTail_TakesFewerIterationsThanAQuasiNewtonMethod(double featureBudget)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups(Tail.Groups.Select(g => new ClassGroup(g.Classes, g.Count)), 1, featureBudget);
        LayerPeeledSolution solution = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-12, GeometryErrorTolerance = 1e-7 }).Solve(model);

        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.True(solution.GeometryError <= 1e-7);
        Assert.InRange(solution.Iterations, 5, 60);
    }

    private static double[] Apply(FactorObjective objective, FactorPreconditioner preconditioner, double[] x)
    {
        var z = new double[x.Length];
        preconditioner.Apply(x, z, objective.Scale(0), objective.Scale(1));
        return z;
    }

    private static (FactorObjective Objective, double[] Gradient, FactorPreconditioner Preconditioner) At(double gap, bool reduced)
    {
        NuclearNormProgram program = reduced ? NuclearNormProgram.ForGroups(Tail) : NuclearNormProgram.ForClasses(Tail);
        var options = new LowRankOptions { RelativeGapTolerance = gap, GeometryErrorTolerance = 1 };
        GroupedFactors point = new LowRankSolver(options).Solve(program, null).Factors;
        var objective = new FactorObjective(program, point.Rank);
        double[] start = objective.FromFactors(point), gradient = new double[start.Length];
        objective.Evaluate(start, gradient);
        var preconditioner = new FactorPreconditioner(program, point.Rank);
        preconditioner.Update(objective);
        return (objective, gradient, preconditioner);
    }
}
