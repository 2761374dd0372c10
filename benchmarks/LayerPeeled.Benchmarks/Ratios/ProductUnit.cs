using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;

namespace LayerPeeled.Benchmarks.Ratios;

/// <summary>
/// The unit of the dense problems: one n×n by n×n product in double precision by the fastest backend of this machine, on all cores. Sampled
/// between the solves, so that whatever else the machine does slows both.
/// </summary>
internal sealed class ProductUnit
{
    private const double BatchSeconds = 0.02;

    // A library's threads go on waiting actively after a call, OpenBLAS's for some 30 ms, and what is measured next would have to share its cores with
    // them. The managed product comes last, so that no thread is awake when the solve begins.
    private const double UnmeasuredSeconds = 0.06;

    private static readonly LinearAlgebraProviderKind[] Kinds =
        [LinearAlgebraProviderKind.Mkl, LinearAlgebraProviderKind.OpenBlas, LinearAlgebraProviderKind.MathNet, LinearAlgebraProviderKind.Managed];

    private readonly List<(IDenseBackend Backend, List<double> Seconds)> backends = [];
    private readonly int n;
    private readonly double[] a;
    private readonly double[] b;
    private readonly double[] c;

    public ProductUnit(int n)
    {
        this.n = n;
        var random = new Random(1);
        a = Enumerable.Range(0, n * n).Select(_ => random.NextDouble()).ToArray();
        b = Enumerable.Range(0, n * n).Select(_ => random.NextDouble()).ToArray();
        c = new double[n * n];
        foreach (LinearAlgebraProviderKind kind in Kinds)
        {
            if (ProviderSelection.Load(kind).Backend is { } loaded)
            {
                IDenseBackend backend = loaded is NativeBackend native ? native.WithOwnProducts() : loaded;
                backends.Add((backend, []));
                Sample.WarmUp(() => Multiply(backend));
            }
        }
    }

    /// <summary>Adds one sample of each backend.</summary>
    public void Measure()
    {
        foreach ((IDenseBackend backend, List<double> seconds) in backends)
        {
            Sample.Seconds(() => Multiply(backend), UnmeasuredSeconds);
            seconds.Add(Sample.Seconds(() => Multiply(backend), BatchSeconds));
        }
    }

    /// <summary>Median seconds of the fastest backend.</summary>
    public double Seconds => backends.Min(entry => Sample.Median(entry.Seconds));

    /// <summary>The medians of all of them.</summary>
    public string Description => $"dgemm {n}: " + string.Join(", ", backends.Select(entry => $"{entry.Backend.Name} {1e3 * Sample.Median(entry.Seconds):G3} ms"));

    private void Multiply(IDenseBackend backend)
    {
        int before = backend.Threads;
        backend.Threads = Environment.ProcessorCount;
        backend.Multiply(false, false, n, n, n, 1, a, n, b, n, 0, c, n);
        backend.Threads = before;
    }
}
