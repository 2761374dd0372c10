using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Solvers.Semidefinite;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Properties;

/// <summary>Bounds of all methods against the points of all methods, and what methods that share no step find for the same model.</summary>
public sealed class DualityTests
{
    private const double LooseGap = 1e-6;

    // A constant step needs to know more of a loss.
    private static readonly StepRule[] Steps = [StepRule.Armijo, StepRule.BarzilaiBorwein, StepRule.Nesterov];

    // Enough for small models; what is not reached by then has to be said.
    private const int Iterations = 3000;

    [Fact]
    public void Solve_EveryMethod_BoundsThePointsOfAllOthers() => Property.Holds(Draw.Any, drawn =>
    {
        LayerPeeledModel model = drawn.Model;
        LayerPeeledSolution[] solutions = [.. Methods(drawn).Select(method => Attempt(method, model)).OfType<LayerPeeledSolution>()];
        Assert.Contains(solutions, s => s.Method is "reduced" or "low-rank");
        Assert.All(solutions, Intervals.AreHonest);
        DualityCertificate[] points = [.. solutions.Select(s => s.Certificate), .. RandomPoints(model, new Random(drawn.Seed)).Select(p => DualityGap.Certify(model, p.Classifier, p.ClassMeans, p.Bias))];
        foreach (DualityCertificate bound in points)
        {
            Assert.All(points, point => Intervals.NotAbove(bound, point));
        }
    }, 25, m => m.Simpler());

    [Fact]
    public void Solve_ConvexLossAndEnoughDimensions_IsOptimalByTheFactorForms() => Property.Holds(Draw.CrossEntropy, drawn =>
    {
        LayerPeeledModel model = drawn.Model;
        foreach (ISolver solver in new ISolver[] { new AutomaticSolver(), new ReducedSolver(), new LowRankSolver() })
        {
            LayerPeeledSolution solution = solver.Solve(model);
            Intervals.AreHonest(solution);
            Assert.True(solution.Status == SolverStatus.Optimal, $"{solver.Name}: {solution.Status}, gap {solution.Certificate.RelativeGap:g3}");
            Assert.True(solution.Certificate.IsProof);
        }
    }, 40, m => m.Simpler());

    // Groups of equal classes against every class on its own
    [Fact]
    public void Solve_GroupsAndClassByClass_HaveOneGeometry() => Property.Holds(Draw.CrossEntropy, drawn =>
    {
        LayerPeeledSolution reduced = new ReducedSolver().Solve(drawn.Model).EnsureOptimal(), full = new LowRankSolver().Solve(drawn.Model).EnsureOptimal();
        Intervals.Meet(reduced.Certificate, full.Certificate);
        GeometryDistance distance = GeometryDistance.Between(reduced.Factors, full.Factors);
        double known = reduced.GeometryError + full.GeometryError;
        Assert.True(!(known < 1e-6) || distance.Logits <= 1e-5, $"{distance} apart, errors estimated at {known}");
    }, 40, m => m.Simpler());

    // The optimum of a relaxation does not know p: no p has a smaller one.
    [Fact]
    public void LowerBound_OfManyDimensions_HoldsInFewer() => Property.Holds(Draw.Any, drawn =>
    {
        DualityCertificate few = new AutomaticSolver().Solve(drawn.Model).Certificate, many = new AutomaticSolver().Solve((drawn with { Dimension = null }).Model).Certificate;
        Intervals.NotAbove(many, few);
        // Both bounds are of the relaxation.
        Intervals.NotAbove(few, many);
    }, 30, m => m.Simpler());

    private static ISolver[] Methods(RandomModel drawn) =>
    [
        new ReducedSolver(new LowRankOptions { MaxIterations = Iterations }),
        new LowRankSolver(new LowRankOptions { MaxIterations = Iterations }),
        SolverCatalog.Find("merged")!.Create(new LowRankOptions { MaxIterations = Iterations }),
        new NuclearNormSolver(new NuclearNormOptions { MaxIterations = Iterations, RelativeGapTolerance = LooseGap }),
        new FrankWolfeSolver(new FrankWolfeOptions { MaxIterations = 200, RelativeGapTolerance = LooseGap }),
        new SemidefiniteSolver(new SemidefiniteOptions { MaxIterations = 500, RelativeGapTolerance = LooseGap }),
        new ProjectedGradientSolver(new ProjectedGradientOptions { MaxIterations = 500, RelativeGapTolerance = LooseGap, Seed = drawn.Seed, StepRule = Steps[drawn.Seed % Steps.Length] }),
    ];

    // Null where the method is not for the model, which it has to say.
    private static LayerPeeledSolution? Attempt(ISolver method, LayerPeeledModel model)
    {
        try
        {
            return method.Solve(model);
        }
        catch (ArgumentException refusal) when (refusal.ParamName == "model")
        {
            return null;
        }
    }

    // Within budgets, and of any size with penalties
    private static IEnumerable<(Matrix<double> Classifier, Matrix<double> ClassMeans, Vector<double>? Bias)> RandomPoints(LayerPeeledModel model, Random random)
    {
        int k = model.ClassCount, p = model.FeatureDimension;
        for (int point = 0; point < 4; point++)
        {
            double size = Math.Pow(10, (2 * random.NextDouble()) - 1);
            Matrix<double> w = Matrix<double>.Build.Dense(k, p, (_, _) => size * Support.RandomPoints.Normal(random)), h = Matrix<double>.Build.Dense(p, k, (_, _) => Support.RandomPoints.Normal(random) / size);
            // Certificates scale points back into the budgets.
            yield return (w, h, model.Regulariser is Penalties { Bias: not null } ? Vector<double>.Build.Dense(k, _ => Support.RandomPoints.Normal(random)) : null);
        }
    }
}
