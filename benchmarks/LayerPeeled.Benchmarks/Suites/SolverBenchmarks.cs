using BenchmarkDotNet.Attributes;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Solvers.Semidefinite;

namespace LayerPeeled.Benchmarks.Suites;

/// <summary>Every method on the same two problems, to a relative gap of 1e-6 that the certificate proves.</summary>
[MemoryDiagnoser]
public class SolverBenchmarks
{
    private const double Tolerance = 1e-6;
    private LayerPeeledModel model = null!;

    public enum Problem
    {
        /// <summary>5 classes of 100 and 5 of 10.</summary>
        TwoGroups,

        /// <summary>20 classes with 500 to 5 examples.</summary>
        LongTail,
    }

    [ParamsAllValues]
    public Problem Model { get; set; }

    [GlobalSetup]
    public void SetUp() => model = Model == Problem.TwoGroups ? Problems.TwoGroups(10) : Problems.LongTail(20, 500, 100);

    [Benchmark(Baseline = true)]
    public LayerPeeledSolution Reduced() => Solve(new ReducedSolver(new LowRankOptions { RelativeGapTolerance = Tolerance, GeometryErrorTolerance = 1 }));

    [Benchmark]
    public LayerPeeledSolution LowRank() => Solve(new LowRankSolver(new LowRankOptions { RelativeGapTolerance = Tolerance, GeometryErrorTolerance = 1 }));

    [Benchmark]
    public LayerPeeledSolution NuclearNorm() => Solve(new NuclearNormSolver(new NuclearNormOptions { RelativeGapTolerance = Tolerance }));

    [Benchmark]
    public LayerPeeledSolution FrankWolfe() => Solve(new FrankWolfeSolver(new FrankWolfeOptions { RelativeGapTolerance = Tolerance }));

    [Benchmark]
    public LayerPeeledSolution Semidefinite() => Solve(new SemidefiniteSolver(new SemidefiniteOptions { RelativeGapTolerance = Tolerance }));

    [Benchmark]
    public LayerPeeledSolution ProjectedGradientConstant() => ProjectedGradient(StepRule.Constant);

    [Benchmark]
    public LayerPeeledSolution ProjectedGradientArmijo() => ProjectedGradient(StepRule.Armijo);

    [Benchmark]
    public LayerPeeledSolution ProjectedGradientBarzilaiBorwein() => ProjectedGradient(StepRule.BarzilaiBorwein);

    [Benchmark]
    public LayerPeeledSolution ProjectedGradientNesterov() => ProjectedGradient(StepRule.Nesterov);

    private LayerPeeledSolution ProjectedGradient(StepRule rule) =>
        Solve(new ProjectedGradientSolver(new ProjectedGradientOptions { RelativeGapTolerance = Tolerance, StepRule = rule }));

    private LayerPeeledSolution Solve(ISolver solver) => solver.Solve(model);
}
