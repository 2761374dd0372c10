using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Family.DeepFeatures;
using LayerPeeled.Solver.Family.Rectified;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Tests.Family;

/// <summary>Solvers of the family tell of their iterations as those of the model do.</summary>
public sealed class FamilyProgressTests
{
    private static readonly ClassGroup[] Groups = [new(3, 40), new(3, 4)];

    [Fact]
    public void Contrastive_Solve_ReportsEveryIteration() => AssertReports(progress =>
    {
        ContrastiveSolution solution = new ContrastiveSolver().Solve(ContrastiveModel.FromClassGroups(Groups, 3), progress);
        return (solution.Iterations, solution.Objective);
    });

    [Fact]
    public void Spherical_SolveFromOneStart_ReportsEveryIteration() => AssertReports(progress =>
    {
        SphericalSolution solution = new SphericalSolver(new SphericalOptions { Starts = 1 }).Solve(
            SphericalModel.FromClassGroups(Groups, new FixedNorms(1), new FixedNorms(1), 6), progress);
        return (solution.Iterations, solution.Objective);
    });

    [Fact]
    public void Rectified_SolveFromOneStart_ReportsEveryIteration() => AssertReports(progress =>
    {
        RectifiedSolution solution = new RectifiedSolver(new RectifiedOptions { Starts = 1 }).Solve(LayerPeeledModel.FromClassGroups(Groups, 1, 5), progress);
        return (solution.Iterations, solution.Objective);
    });

    [Fact]
    public void DeepFeatures_SolveFromOneStart_ReportsEveryIteration() => AssertReports(progress =>
    {
        var program = new DeepProgram(LayerPeeledModel.FromClassGroups(Groups, new Penalties(1e-3, 1e-3)), 2);
        DeepFeaturesSolution solution = new DeepFeaturesSolver(new DeepFeaturesOptions { Starts = 1 }).Solve(program, progress);
        return (solution.Iterations, solution.Objective);
    });

    private static void AssertReports(Func<IProgress<IterationReport>, (int Iterations, double Objective)> solve)
    {
        var recorder = new Recorder();
        (int iterations, double objective) = solve(recorder);
        Assert.True(iterations > 0);
        Assert.Equal(Enumerable.Range(1, iterations), recorder.Reports.Select(report => report.Iteration));
        // What is reported last is the objective to what scaling into budgets and certificates change of it.
        Assert.Equal(objective, recorder.Reports[^1].Objective, 1e-9);
    }

    private sealed class Recorder : IProgress<IterationReport>
    {
        public List<IterationReport> Reports { get; } = [];

        public void Report(IterationReport value) => Reports.Add(value);
    }
}
