using BenchmarkDotNet.Attributes;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.ProjectedGradient;

namespace LayerPeeled.Benchmarks;

/// <summary>An iteration of sample-level projected gradient beside a copy of the features.</summary>
public class SampleLevelBenchmarks
{
    private readonly IterationControl control = new(new ProjectedGradientOptions(), CancellationToken.None);
    private FusedConstantRun run = null!;
    private double[] source = null!;
    private double[] target = null!;

    /// <summary>K.</summary>
    [Params(10, 100)]
    public int Classes { get; set; }

    /// <summary>p.</summary>
    [Params(64, 512)]
    public int Dimension { get; set; }

    /// <summary>N.</summary>
    [Params(50_000)]
    public int Examples { get; set; }

    /// <summary>Random features on the budgets, and two arrays of their size.</summary>
    [GlobalSetup]
    public void Setup()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(Classes, Examples / Classes)], 1, 5, Dimension);
        FactorizedProgram program = FactorizedProgram.SampleLevel(model);
        run = new FusedConstantRun(program, new ProjectedGradientOptions(), program.RandomPoint(0).Values.ToArray(), 1);
        source = new double[Dimension * Examples];
        Array.Fill(source, 1); // pages that were never written are all one page of zeros, which stays in cache
        target = new double[Dimension * Examples];
    }

    /// <summary>Reads the features once and writes them once.</summary>
    [Benchmark(Baseline = true)]
    public void Copy() => SampleLevelMeasure.Copy(source, target);

    /// <summary>One step, which is one pass: the same work for every step rule.</summary>
    [Benchmark]
    public void Iteration() => run.Iterate(control);
}
