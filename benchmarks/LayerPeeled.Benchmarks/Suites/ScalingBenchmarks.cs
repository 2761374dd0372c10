using BenchmarkDotNet.Attributes;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Benchmarks.Suites;

/// <summary>How the reduced solver scales to a relative gap of 1e-8: with classes that all differ, and with groups of equal ones.</summary>
[MemoryDiagnoser]
public class ScalingBenchmarks
{
    private readonly ReducedSolver solver = new(new LowRankOptions { RelativeGapTolerance = 1e-8, GeometryErrorTolerance = 1 });

    [Benchmark]
    [Arguments(10)]
    [Arguments(30)]
    [Arguments(100)]
    [Arguments(300)]
    public LayerPeeledSolution DistinctClasses(int classes) => solver.Solve(Problems.DistinctWeights(classes));

    [Benchmark]
    [Arguments(2)]
    [Arguments(10)]
    [Arguments(50)]
    [Arguments(200)]
    public LayerPeeledSolution GroupsOfFour(int groups) => solver.Solve(Problems.Groups(groups));

    /// <summary>Two groups of equal classes: the number of classes costs nothing.</summary>
    [Benchmark]
    [Arguments(10)]
    [Arguments(1_000)]
    [Arguments(100_000)]
    public LayerPeeledSolution TwoGroups(int classes) => solver.Solve(Problems.TwoGroups(10, classes / 2, classes / 2));
}
