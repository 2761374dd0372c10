using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>
/// Math.NET's own native provider, when the host application has switched it on. Its interface takes whole arrays without leading
/// dimensions, so every operand would have to be copied: that is nothing beside a decomposition, but more than a product by it gains over one by
/// <see cref="ManagedBackend"/>, which does the products.
/// </summary>
internal sealed class MathNetBackend : IDenseBackend
{
    private readonly ILinearAlgebraProvider _provider;
    private readonly ManagedBackend _managed = new();

    internal MathNetBackend(ILinearAlgebraProvider provider)
    {
        _provider = provider;
        string type = provider.GetType().Name;
        Name = type.Contains("Mkl", StringComparison.OrdinalIgnoreCase) ? "mathnet-mkl"
            : type.Contains("OpenBlas", StringComparison.OrdinalIgnoreCase) ? "mathnet-openblas"
            : "mathnet";
        _managed.Threads = Threads;
        Description = $"{Name}: {provider}; products managed, since its own take copies of all operands";
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
        double beta, Span<double> c, int ldc) =>
        _managed.Multiply(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);

    public void SymmetricProduct(bool transpose, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, double beta, Span<double> c, int ldc) =>
        _managed.SymmetricProduct(transpose, n, k, alpha, a, lda, beta, c, ldc);

    public void SymmetricEigen(int n, Span<double> a, Span<double> values)
    {
        if (n < NativeBackend.EigenThreshold)
        {
            _managed.SymmetricEigen(n, a, values);
            return;
        }

        MatrixShape.Require(n, n, a.Length, n);
        MatrixShape.Require(n, 1, values.Length, n);
        Span<double> matrix = a[..(n * n)];
        MatrixShape.RequireFinite(matrix);
        var vectors = new double[MatrixShape.Length(n, n)];
        var spectrum = new Complex[n];
        try
        {
            _provider.EigenDecomp(true, n, matrix.ToArray(), vectors, spectrum, new double[MatrixShape.Length(n, n)]);
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
        if (q < NativeBackend.SingularValueThreshold || Math.Max(m, n) > 2 * q)
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
        double[] values = new double[q], left = new double[MatrixShape.Length(m, m)], right = new double[MatrixShape.Length(n, n)];
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
}
