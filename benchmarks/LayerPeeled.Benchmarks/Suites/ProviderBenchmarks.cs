using BenchmarkDotNet.Attributes;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;

namespace LayerPeeled.Benchmarks.Suites;

/// <summary>Dense kernels of every provider that this machine has, each with its own products; one that is broken is left out.</summary>
public class ProviderBenchmarks
{
    private IDenseBackend backend = null!;
    private double[] matrix = null!;
    private double[] symmetric = null!;
    private double[] definite = null!;
    private double[] work = null!;
    private double[] left = null!;
    private double[] right = null!;
    private double[] values = null!;

    [Params(50, 200, 500)]
    public int Order { get; set; }

    [ParamsSource(nameof(Installed))]
    public string Provider { get; set; } = "";

    public static IEnumerable<string> Installed =>
        Enum.GetValues<LinearAlgebraProviderKind>()
            .Where(kind => kind != LinearAlgebraProviderKind.Auto && ProviderSelection.Load(kind).Backend is not null)
            .Select(kind => kind.ToString());

    [GlobalSetup]
    public void SetUp()
    {
        IDenseBackend loaded = ProviderSelection.Load(Enum.Parse<LinearAlgebraProviderKind>(Provider)).Backend!;
        backend = loaded is NativeBackend native ? native.WithOwnProducts() : loaded;
        int n = Order;
        var random = new Random(1);
        matrix = Enumerable.Range(0, n * n).Select(_ => random.NextDouble() - 0.5).ToArray();
        symmetric = new double[n * n];
        work = new double[n * n];
        left = new double[n * n];
        right = new double[n * n];
        values = new double[n];
        backend.SymmetricProduct(false, n, n, 1, matrix, n, 0, symmetric, n);
        definite = (double[])symmetric.Clone();
        for (int i = 0; i < n; i++)
        {
            definite[i + (i * n)] += 1;
        }
    }

    [Benchmark(Baseline = true)]
    public void Product() => backend.Multiply(false, false, Order, Order, Order, 1, matrix, Order, symmetric, Order, 0, work, Order);

    [Benchmark]
    public void SymmetricProduct() => backend.SymmetricProduct(true, Order, Order, 1, matrix, Order, 0, work, Order);

    [Benchmark]
    public void SingularValueDecomposition()
    {
        matrix.CopyTo(work, 0);
        backend.SingularValueDecomposition(Order, Order, work, left, values, right);
    }

    [Benchmark]
    public void SymmetricEigen()
    {
        symmetric.CopyTo(work, 0);
        backend.SymmetricEigen(Order, work, values);
    }

    [Benchmark]
    public bool Cholesky()
    {
        definite.CopyTo(work, 0);
        return backend.TryCholesky(Order, work);
    }
}
