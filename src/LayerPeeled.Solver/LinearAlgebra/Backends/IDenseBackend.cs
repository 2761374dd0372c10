namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>
/// The dense kernels the solvers are made of. All matrices are column-major with a leading dimension, as in
/// BLAS and Math.NET. Inputs and outputs must not overlap unless a method says that it works in place.
/// Implementations are thread-safe; inputs must be free of NaN for the decompositions.
/// </summary>
internal interface IDenseBackend
{
    /// <summary>Short name: <c>mkl</c>, <c>openblas</c>, <c>mathnet-mkl</c> or <c>managed</c>.</summary>
    string Name { get; }

    /// <summary>One line for people: the library, its version, and where it was found.</summary>
    string Description { get; }

    /// <summary>Threads one call may use. Setting it affects the whole process where a native library keeps one count.</summary>
    int Threads { get; set; }

    /// <summary>C ← α·op(A)·op(B) + β·C with op(A) m×k, op(B) k×n, C m×n. β = 0 overwrites C whatever it held.</summary>
    void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k,
        double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb,
        double beta, Span<double> c, int ldc);

    /// <summary>
    /// C ← α·A·Aᵀ + β·C (A n×k), or α·Aᵀ·A + β·C (A k×n) when <paramref name="transpose"/>. C is n×n; both triangles are written.
    /// With β ≠ 0 C must be symmetric: only its lower triangle need be read.
    /// </summary>
    void SymmetricProduct(bool transpose, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, double beta, Span<double> c, int ldc);

    /// <summary>
    /// Eigendecomposition of a symmetric n×n matrix (leading dimension n, in place): on return the columns of
    /// <paramref name="a"/> are orthonormal eigenvectors and <paramref name="values"/> holds the eigenvalues, ascending.
    /// </summary>
    /// <exception cref="DecompositionException">The iteration did not converge.</exception>
    void SymmetricEigen(int n, Span<double> a, Span<double> values);

    /// <summary>
    /// Thin singular value decomposition A = U·diag(s)·Vᵀ of an m×n matrix (leading dimension m, destroyed), q = min(m, n):
    /// <paramref name="u"/> m×q, <paramref name="s"/> descending, <paramref name="vt"/> q×n.
    /// </summary>
    /// <exception cref="DecompositionException">The iteration did not converge.</exception>
    void SingularValueDecomposition(int m, int n, Span<double> a, Span<double> u, Span<double> s, Span<double> vt);

    /// <summary>
    /// Cholesky factor of a symmetric n×n matrix (leading dimension n, lower triangle read, in place; the strict upper triangle is
    /// left as it was). Returns false, with <paramref name="a"/> destroyed, when the matrix is not numerically positive definite.
    /// </summary>
    bool TryCholesky(int n, Span<double> a);
}
