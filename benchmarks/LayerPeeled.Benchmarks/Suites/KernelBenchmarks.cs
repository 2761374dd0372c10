using BenchmarkDotNet.Attributes;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Benchmarks.Suites;

/// <summary>What an iteration and a certificate are made of, at the optimum of a long tail, on the provider in use.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private IDenseBackend backend = null!;
    private NuclearNormProgram program = null!;
    private GroupedFactors optimum = null!;
    private GroupedMatrix logits = null!;
    private GroupedMatrix gradient = null!;
    private FactorObjective objective = null!;
    private double[] point = null!;
    private double[] slope = null!;
    private double[] product = null!;
    private double multiplier;

    /// <summary>K, with nearly as many groups.</summary>
    [Params(20, 100, 200)]
    public int Classes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        LayerPeeledModel model = Problems.LongTail(Classes, 50_000, 100);
        var solution = new ReducedSolver().Solve(model).EnsureOptimal();
        backend = LinearAlgebraProvider.Backend;
        optimum = solution.Factors;
        program = optimum.Program;
        multiplier = solution.Multiplier;
        logits = program.CreateMatrix();
        gradient = program.CreateMatrix();
        optimum.Product(logits);
        program.Gradient(logits, gradient);
        objective = new FactorObjective(program, program.GroupCount - 1);
        point = objective.FromFactors(optimum);
        slope = new double[point.Length];
        product = new double[logits.Core.Length];
    }

    [Benchmark(Baseline = true)]
    public void Product()
    {
        int n = program.GroupCount;
        backend.Multiply(false, false, n, n, n, 1, logits.Core, n, gradient.Core, n, 0, product, n);
    }

    /// <summary>Softmax and gradient in the logits.</summary>
    [Benchmark]
    public double LogitGradient() => program.Gradient(logits, gradient);

    /// <summary>One evaluation of the factor form: three products and a gradient in the logits.</summary>
    [Benchmark]
    public double FactorGradient() => objective.Evaluate(point, slope);

    [Benchmark]
    public double SpectralNormBound() => SpectralNorm.UpperBound(program.GroupCount, program.GroupCount, gradient.Core, multiplier);

    [Benchmark]
    public DualityCertificate Certificate() => DualityGap.Certify(optimum, 1e-10);
}
