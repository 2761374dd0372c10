using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>
/// Math.NET's own native provider, when the host application has switched it on. Its interface takes whole arrays without leading
/// dimensions, so operands are copied; small and strided work goes to <see cref="ManagedBackend"/>.
/// </summary>
internal sealed unsafe class MathNetBackend : IDenseBackend
{
    private const int DecompositionThreshold = 30;

    private readonly ILinearAlgebraProvider _provider;
    private readonly ManagedBackend _managed = new();

    internal MathNetBackend(ILinearAlgebraProvider provider)
    {
        _provider = provider;
        string type = provider.GetType().Name;
        Name = type.Contains("Mkl", StringComparison.OrdinalIgnoreCase) ? "mathnet-mkl"
            : type.Contains("OpenBlas", StringComparison.OrdinalIgnoreCase) ? "mathnet-openblas"
            : "mathnet";
        Description = $"{Name}: {provider}";
    }

    public string Name { get; }

    public string Description { get; }

    public int Threads
    {
        get => Control.MaxDegreeOfParallelism;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _managed.Threads = value;
            Control.MaxDegreeOfParallelism = value;
        }
    }

    /// <summary>Takes Math.NET's current provider if it is a native one. The process-wide switch itself is never touched.</summary>
    public static bool TryCreate([NotNullWhen(true)] out MathNetBackend? backend, out string reason)
    {
        ILinearAlgebraProvider provider = LinearAlgebraControl.Provider;
        if (provider.GetType().Name.Contains("Managed", StringComparison.Ordinal))
        {
            backend = null;
            reason = "the application has not switched Math.NET to a native provider (MathNet.Numerics.Control.UseNativeMKL())";
            return false;
        }

        backend = new MathNetBackend(provider);
        reason = "";
        return true;
    }

    public void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k,
        double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb,
        double beta, Span<double> c, int ldc)
    {
        if ((long)m * n * k <= SmallProduct.MaximumWork || m == 1 || n == 1 || k == 1 || alpha == 0)
        {
            _managed.Multiply(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
            return;
        }

        int rowsA = transposeA ? k : m, columnsA = transposeA ? m : k, rowsB = transposeB ? n : k, columnsB = transposeB ? k : n;
        MatrixShape.Require(rowsA, columnsA, a.Length, lda);
        MatrixShape.Require(rowsB, columnsB, b.Length, ldb);
        MatrixShape.Require(m, n, c.Length, ldc);
        double[] product = beta == 0 ? new double[m * n] : Gather(m, n, c, ldc);
        _provider.MatrixMultiplyWithUpdate(
            transposeA ? Transpose.Transpose : Transpose.DontTranspose, transposeB ? Transpose.Transpose : Transpose.DontTranspose,
            alpha, Gather(rowsA, columnsA, a, lda), rowsA, columnsA, Gather(rowsB, columnsB, b, ldb), rowsB, columnsB, beta, product);
        for (int j = 0; j < n; j++)
        {
            product.AsSpan(j * m, m).CopyTo(c[(j * ldc)..]);
        }
    }

    public void SymmetricProduct(bool transpose, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, double beta, Span<double> c, int ldc)
    {
        Multiply(transpose, !transpose, n, n, k, alpha, a, lda, a, lda, beta, c, ldc);
        fixed (double* pc = c)
        {
            MatrixShape.MirrorLower(n, pc, ldc);
        }
    }

    public void SymmetricEigen(int n, Span<double> a, Span<double> values)
    {
        if (n < DecompositionThreshold)
        {
            _managed.SymmetricEigen(n, a, values);
            return;
        }

        MatrixShape.Require(n, n, a.Length, n);
        MatrixShape.Require(n, 1, values.Length, n);
        Span<double> matrix = a[..(n * n)];
        MatrixShape.RequireFinite(matrix);
        var vectors = new double[n * n];
        var spectrum = new Complex[n];
        try
        {
            _provider.EigenDecomp(true, n, matrix.ToArray(), vectors, spectrum, new double[n * n]);
        }
        catch (NonConvergenceException)
        {
            _managed.SymmetricEigen(n, a, values);
            return;
        }

        vectors.CopyTo(matrix);
        for (int i = 0; i < n; i++)
        {
            values[i] = spectrum[i].Real;
        }
    }

    public void SingularValueDecomposition(int m, int n, Span<double> a, Span<double> u, Span<double> s, Span<double> vt)
    {
        int q = Math.Min(m, n);
        // The provider computes square U and V: thin problems would pay for the missing columns.
        if (q < DecompositionThreshold || Math.Max(m, n) > 2 * q)
        {
            _managed.SingularValueDecomposition(m, n, a, u, s, vt);
            return;
        }

        MatrixShape.Require(m, n, a.Length, m);
        MatrixShape.Require(m, q, u.Length, m);
        MatrixShape.Require(q, 1, s.Length, q);
        MatrixShape.Require(q, n, vt.Length, q);
        Span<double> matrix = a[..(m * n)];
        MatrixShape.RequireFinite(matrix);
        double[] values = new double[q], left = new double[m * m], right = new double[n * n];
        try
        {
            _provider.SingularValueDecomposition(true, matrix.ToArray(), m, n, values, left, right);
        }
        catch (NonConvergenceException)
        {
            _managed.SingularValueDecomposition(m, n, a, u, s, vt);
            return;
        }

        values.CopyTo(s);
        left.AsSpan(0, m * q).CopyTo(u);
        for (int j = 0; j < n; j++)
        {
            right.AsSpan(j * n, q).CopyTo(vt[(j * q)..]);
        }
    }

    // The provider reports an indefinite matrix by an exception; a test that often fails should not.
    public bool TryCholesky(int n, Span<double> a) => _managed.TryCholesky(n, a);

    private static double[] Gather(int rows, int columns, ReadOnlySpan<double> source, int ld)
    {
        var packed = new double[rows * columns];
        for (int j = 0; j < columns; j++)
        {
            source.Slice(j * ld, rows).CopyTo(packed.AsSpan(j * rows));
        }

        return packed;
    }
}
