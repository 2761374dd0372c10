using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.Tests.LinearAlgebra.Backends;

public class ManagedBackendTests
{
    public static TheoryData<int> KernelWidths => [512, 256, 128];

    [Theory]
    [MemberData(nameof(KernelWidths))]
    public void Multiply_AllTransposesAndOddSizes_AgreesWithThreeLoopsAndTouchesNothingElse(int width) =>
        DenseBackendContract.Multiply(Backend(width));

    [Theory]
    [MemberData(nameof(KernelWidths))]
    public void SymmetricProduct_OddSizes_AgreesWithThreeLoopsAndIsSymmetric(int width) =>
        DenseBackendContract.SymmetricProduct(Backend(width));

    [Theory]
    [MemberData(nameof(KernelWidths))]
    public void TryCholesky_DefiniteAndIndefinite_FactorsOrRefuses(int width) =>
        DenseBackendContract.Cholesky(Backend(width));

    [Fact]
    public void SymmetricEigen_EasyAndDegenerateMatrices_GivesOrthonormalVectors() => DenseBackendContract.SymmetricEigen(new ManagedBackend());

    [Fact]
    public void SingularValueDecomposition_EasyAndDegenerateMatrices_GivesOrthonormalFactors() => DenseBackendContract.SingularValues(new ManagedBackend());

    [Fact]
    public void Decompositions_NonFiniteEntry_Throw() => DenseBackendContract.NonFinite(new ManagedBackend());

    [Fact]
    public void SymmetricEigen_SecondDifference_MatchesClosedForm()
    {
        const int N = 120;
        double[] a = TestMatrices.Filled(N, N, (i, j) => i == j ? 2 : Math.Abs(i - j) == 1 ? -1 : 0);
        var values = new double[N];
        new ManagedBackend().SymmetricEigen(N, a, values);
        for (int k = 0; k < N; k++)
        {
            Assert.Equal(2 - (2 * Math.Cos((k + 1) * Math.PI / (N + 1))), values[k], 1e-14);
        }
    }

    [Fact]
    public void SingularValueDecomposition_KahanMatrix_SmallValuesAreAccurateToRoundoffOfTheNorm()
    {
        // Kahan's triangular matrix hides one singular value far below its diagonal; the product of all is that of the diagonal.
        const int N = 20;
        double c = Math.Cos(1.2), s = Math.Sin(1.2);
        double[] a = TestMatrices.Filled(N, N, (i, j) => i == j ? Math.Pow(s, i) : i < j ? -c * Math.Pow(s, i) : 0);
        double expected = 0;
        for (int i = 0; i < N; i++)
        {
            expected += i * Math.Log(s);
        }

        double[] values = new double[N];
        new ManagedBackend().SingularValueDecomposition(N, N, a, new double[N * N], values, new double[N * N]);
        Assert.Equal(expected, values.Sum(Math.Log), 1e-10);
    }

    [Theory]
    [InlineData(300, 300, 300)]
    [InlineData(511, 233, 400)]
    [InlineData(90, 1200, 300)]
    public void Multiply_ManyThreads_IsBitwiseTheSerialResult(int m, int n, int k)
    {
        double[] a = TestMatrices.Random(m, k, 1), b = TestMatrices.Random(k, n, 2), serial = new double[m * n], parallel = new double[m * n];
        var backend = new ManagedBackend { Threads = 1 };
        backend.Multiply(false, false, m, n, k, 1, a, m, b, k, 0, serial, m);
        foreach (int threads in new[] { 2, 3, 7 })
        {
            backend.Threads = threads;
            backend.Multiply(false, false, m, n, k, 1, a, m, b, k, 0, parallel, m);
            Assert.Equal(serial, parallel);
        }
    }

    [Fact]
    public void Decompositions_ManyThreads_AreBitwiseTheSerialResult()
    {
        const int N = 300;
        double[] a = TestMatrices.Random(N, N, 1), symmetric = TestMatrices.Symmetrised(N, a);
        List<double[]> Run(int threads)
        {
            var backend = new ManagedBackend { Threads = threads };
            double[] product = new double[N * N], vectors = (double[])symmetric.Clone(), values = new double[N], factor;
            backend.SymmetricProduct(false, N, N, 1, a, N, 0, product, N);
            factor = (double[])product.Clone();
            backend.TryCholesky(N, factor);
            backend.SymmetricEigen(N, vectors, values);
            double[] u = new double[N * N], s = new double[N], vt = new double[N * N];
            backend.SingularValueDecomposition(N, N, (double[])a.Clone(), u, s, vt);
            return [product, factor, vectors, values, u, s, vt];
        }

        Assert.Equal(Run(1), Run(3));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(20)]
    [InlineData(60)]
    public void Kernels_SingleThreaded_AllocateNothing(int n)
    {
        var backend = new ManagedBackend { Threads = 1 };
        double[] a = TestMatrices.Random(n, n, 1), b = TestMatrices.Random(n, n, 2), c = new double[n * n], d = new double[n * n], e = new double[n];
        void Work()
        {
            backend.Multiply(false, false, n, n, n, 1, a, n, b, n, 0, c, n);
            backend.Multiply(true, true, n, n, n, 1, a, n, b, n, 1, c, n);
            backend.SymmetricProduct(true, n, n, 1, a, n, 0, c, n);
            backend.TryCholesky(n, c);
            a.CopyTo(c, 0);
            backend.SymmetricEigen(n, c, e);
            a.CopyTo(c, 0);
            backend.SingularValueDecomposition(n, n, c, b, e, d);
        }

        for (int i = 0; i < 5; i++)
        {
            Work();
        }

        // A collection in between may empty the pool the buffers come from: the cheapest of several runs counts.
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void Kernels_BufferTooShort_ThrowInsteadOfReadingPastTheEnd()
    {
        var backend = new ManagedBackend();
        Assert.Throws<ArgumentException>(() => backend.Multiply(false, false, 3, 3, 3, 1, new double[8], 3, new double[9], 3, 0, new double[9], 3));
        Assert.Throws<ArgumentException>(() => backend.Multiply(false, false, 3, 3, 3, 1, new double[9], 2, new double[9], 3, 0, new double[9], 3));
        Assert.Throws<ArgumentException>(() => backend.SymmetricEigen(3, new double[8], new double[3]));
        Assert.Throws<ArgumentException>(() => backend.SingularValueDecomposition(3, 2, new double[6], new double[6], new double[2], new double[3]));
        Assert.Throws<ArgumentException>(() => backend.TryCholesky(3, new double[8]));
    }

    [Fact]
    public void Kernels_EmptyMatrices_DoNothing()
    {
        var backend = new ManagedBackend();
        backend.Multiply(false, false, 0, 0, 0, 1, [], 0, [], 0, 0, [], 0);
        backend.SymmetricEigen(0, [], []);
        backend.SingularValueDecomposition(0, 4, [], [], [], []);
        Assert.True(backend.TryCholesky(0, []));
    }

    private static ManagedBackend Backend(int width) =>
        new(width == 512 ? MicroKernel.Wide : width == 256 ? MicroKernel.Medium : MicroKernel.Narrow);
}
