using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.LinearAlgebra.Backends;

public class NativeBackendTests
{
    [NativeBlasFact]
    public void Multiply_AllTransposesAndOddSizes_AgreesWithThreeLoopsAndTouchesNothingElse() => OnEach(DenseBackendContract.Multiply);

    [NativeBlasFact]
    public void SymmetricProduct_OddSizes_AgreesWithThreeLoopsAndIsSymmetric() => OnEach(DenseBackendContract.SymmetricProduct);

    [NativeBlasFact]
    public void TryCholesky_DefiniteAndIndefinite_FactorsOrRefuses() => OnEach(DenseBackendContract.Cholesky);

    [NativeBlasFact]
    public void SymmetricEigen_EasyAndDegenerateMatrices_GivesOrthonormalVectors() => OnEach(DenseBackendContract.SymmetricEigen);

    [NativeBlasFact]
    public void SingularValueDecomposition_EasyAndDegenerateMatrices_GivesOrthonormalFactors() => OnEach(DenseBackendContract.SingularValues);

    [NativeBlasFact]
    public void Decompositions_NonFiniteEntry_Throw() => OnEach(DenseBackendContract.NonFinite);

    [NativeBlasFact]
    public void Description_LoadedLibrary_NamesLibraryAndFile() => OnEach(backend =>
    {
        Assert.StartsWith(backend.Name, backend.Description, StringComparison.Ordinal);
        Assert.True(backend.Threads >= 1);
    });

    [NativeBlasFact]
    public void Decompositions_OneAndTwoThreads_AgreeUpToRounding() => OnEach(backend =>
    {
        const int N = 200;
        double[] symmetric = TestMatrices.Symmetrised(N, TestMatrices.Random(N, N, 1));
        int before = backend.Threads;
        double[][] results = new[] { 1, 2 }.Select(threads =>
        {
            backend.Threads = threads;
            double[] vectors = (double[])symmetric.Clone(), values = new double[N], product = new double[N * N];
            backend.SymmetricEigen(N, vectors, values);
            backend.Multiply(false, true, N, N, N, 1, symmetric, N, symmetric, N, 0, product, N);
            return (double[])[.. values, .. product];
        }).ToArray();
        backend.Threads = before;
        Assert.Equal(before, backend.Threads);
        Assert.All(results[0].Zip(results[1]), pair => Assert.Equal(pair.First, pair.Second, 1e-11));
    });

    [NativeBlasFact]
    public void Calls_SameInputTwice_GiveTheSameBits() => OnEach(backend =>
    {
        const int N = 160;
        double[] Run()
        {
            double[] a = TestMatrices.Random(N, N, 3), product = new double[N * N], u = new double[N * N], s = new double[N], vt = new double[N * N];
            backend.Multiply(true, false, N, N, N, 1, a, N, a, N, 0, product, N);
            backend.SingularValueDecomposition(N, N, a, u, s, vt);
            double[] vectors = (double[])product.Clone(), values = new double[N];
            backend.SymmetricEigen(N, vectors, values);
            return [.. product, .. u, .. s, .. vt, .. vectors, .. values];
        }

        Assert.Equal(Run(), Run());
    });

    [NativeBlasFact]
    public void Limit_ParallelRegion_CapsTheLibraryAndRestoresItsCount() => OnEach(backend =>
    {
        int before = backend.Threads;
        var budget = new ThreadBudget();
        budget.Attach(backend);
        Parallel.For(0, 100, _ =>
        {
            using (budget.Limit(backend, 1))
            {
                Assert.Equal(1, backend.Threads);
            }
        });
        Assert.Equal(before, backend.Threads);
    });

    [Fact]
    public void TryLoad_TextFileNamedLikeALibrary_IsRefusedWithAReason()
    {
        string file = Path.Combine(Path.GetTempPath(), $"libopenblas-{Guid.NewGuid():N}.so.0");
        File.WriteAllText(file, "not a library");
        try
        {
            Assert.False(NativeBackend.TryLoad("openblas", file, out NativeBackend? backend, out string reason));
            Assert.Null(backend);
            Assert.Contains(file, reason, StringComparison.Ordinal);
            Assert.Contains("does not load", reason, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void TryLoad_LibraryWithoutBlas_IsRefusedWithTheMissingName()
    {
        // The run-time library is a real shared library without BLAS in it.
        string file = Path.Combine(
            Path.GetDirectoryName(typeof(object).Assembly.Location)!,
            OperatingSystem.IsWindows() ? "coreclr.dll" : OperatingSystem.IsMacOS() ? "libcoreclr.dylib" : "libcoreclr.so");
        Assert.False(NativeBackend.TryLoad("openblas", file, out _, out string reason));
        Assert.Contains("cblas_dgemm", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryLoad_MissingFile_IsRefusedWithAReason()
    {
        Assert.False(NativeBackend.TryLoad("mkl", "no-such-library-anywhere", out _, out string reason));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void MathNetBackend_AnyProvider_SatisfiesTheContract()
    {
        var backend = new MathNetBackend(ManagedLinearAlgebraProvider.Instance);
        DenseBackendContract.Multiply(backend);
        DenseBackendContract.SymmetricProduct(backend);
        DenseBackendContract.Cholesky(backend);
        DenseBackendContract.NonFinite(backend);
    }

    [Fact]
    public void MathNetBackend_Decompositions_GiveBackTheMatrix()
    {
        const int M = NativeBackend.EigenThreshold + 10, N = NativeBackend.EigenThreshold;
        var backend = new MathNetBackend(ManagedLinearAlgebraProvider.Instance);
        double[] a = TestMatrices.Random(M, N, 1), u = new double[M * N], s = new double[N], vt = new double[N * N];
        backend.SingularValueDecomposition(M, N, (double[])a.Clone(), u, s, vt);
        double[] symmetric = TestMatrices.Symmetrised(N, TestMatrices.Random(N, N, 2)), q = (double[])symmetric.Clone(), values = new double[N];
        backend.SymmetricEigen(N, q, values);
        for (int j = 0; j < N; j++)
        {
            for (int i = 0; i < M; i++)
            {
                double sum = 0, square = 0;
                for (int l = 0; l < N; l++)
                {
                    sum += u[i + (l * M)] * s[l] * vt[l + (j * N)];
                    square += i < N ? q[i + (l * N)] * values[l] * q[j + (l * N)] : 0;
                }

                Assert.Equal(a[i + (j * M)], sum, 1e-12);
                Assert.Equal(i < N ? symmetric[i + (j * N)] : 0, square, 1e-12);
            }
        }
    }

    private static void OnEach(Action<IDenseBackend> check)
    {
        foreach (IDenseBackend backend in NativeBlas.Installed)
        {
            check(backend);
            if (backend is NativeBackend native)
            {
                check(native.WithOwnProducts());
            }
        }
    }
}
