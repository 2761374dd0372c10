using BenchmarkDotNet.Attributes;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Benchmarks.Suites;

/// <summary>The 41 imbalance ratios of figure 3 to a relative gap of 1e-10, one after another.</summary>
[MemoryDiagnoser]
public class SweepBenchmarks
{
    private readonly ReducedSolver solver = new(new LowRankOptions { RelativeGapTolerance = 1e-10, GeometryErrorTolerance = 1 });
    private readonly LayerPeeledModel[] models = Problems.Figure3Ratios.Select(r => Problems.TwoGroups(r)).ToArray();

    /// <summary>Each ratio from the solution of the one before, or from the centred identity.</summary>
    [Params(true, false)]
    public bool WarmStart { get; set; }

    [Benchmark]
    public double Figure3()
    {
        double gap = 0;
        GroupedFactors? start = null;
        foreach (LayerPeeledModel model in models)
        {
            LayerPeeledSolution solution = solver.Solve(model, start?.Program.GroupCount == model.Groups.Count ? start : null);
            start = WarmStart ? solution.Factors : null;
            gap = Math.Max(gap, solution.Certificate.RelativeGap);
        }

        return gap;
    }
}
