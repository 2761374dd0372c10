using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <content>Changes of the rank. φ does not change when both cores are rotated alike, and zero columns stay zero.</content>
internal sealed partial class FactorObjective
{
    // Columns that the gradient would grow, and those that are close to it, are added together.
    private const double NearlyGrowing = 0.98;
    private const double Growing = 1 + 1e-9;
    private const double NewColumnSize = 0.1;
    private const double IndependentColumn = 1e-12;

    /// <summary>Columns of the cores.</summary>
    public int Rank => rank;

    /// <summary>
    /// x̂ with the cores rotated to the eigenvectors of UᵀU + VᵀV, without the columns that carry least: on the way to a collapsed solution they
    /// die out, at the cost of all the others.
    /// </summary>
    /// <param name="scaled">x̂.</param>
    /// <param name="tolerance">Eigenvalues to leave out, relative to the largest.</param>
    /// <param name="kept">Columns that are left, at least one.</param>
    public double[] Truncate(ReadOnlySpan<double> scaled, double tolerance, out int kept)
    {
        Load(scaled);
        double[] vectors = new double[rank * rank], values = new double[rank];
        blas.SymmetricProduct(true, rank, n, classifierScale * classifierScale, Core(point, 0), n, 0, vectors, rank);
        blas.SymmetricProduct(true, rank, n, featureScale * featureScale, Core(point, 1), n, 1, vectors, rank);
        blas.SymmetricEigen(rank, vectors, values);
        int first = 0;
        while (first < rank - 1 && !(values[first] > tolerance * values[rank - 1]))
        {
            first++;
        }

        kept = rank - first;
        int half = n * (kept + 1);
        var truncated = new double[2 * half];
        for (int i = 0; i < 2; i++)
        {
            ReadOnlySpan<double> source = scaled.Slice(i * Half, Half);
            Span<double> target = truncated.AsSpan(i * half, half);
            source[..n].CopyTo(target);
            blas.Multiply(false, false, n, kept, rank, 1, source[n..], n, vectors.AsSpan(first * rank), rank, 0, target[n..], n);
        }

        return truncated;
    }

    /// <summary>
    /// x̂ with columns added along the singular pairs of −Γ outside the spans of U and V whose singular values exceed λ: the directions in which a
    /// point that is stationary at its rank still decreases. Null if there are none.
    /// </summary>
    /// <param name="scaled">x̂, the last evaluated point.</param>
    /// <param name="largestRank">Columns there may be in all.</param>
    /// <param name="extendedRank">Columns that the cores have now.</param>
    public double[]? Extend(ReadOnlySpan<double> scaled, int largestRank, out int extendedRank)
    {
        extendedRank = rank;
        double[] outside = (double[])gradient.Core.Clone();
        Deflate(outside, 0);
        Deflate(outside, 1);
        if (rank >= largestRank || SpectralNorm.UpperBound(n, n, outside, Multiplier) <= Growing * Multiplier)
        {
            return null;
        }

        double[] u = new double[n * n], values = new double[n], vt = new double[n * n];
        blas.SingularValueDecomposition(n, n, outside, u, values, vt);
        int added = Math.Min(values.Count(value => value > NearlyGrowing * Multiplier), largestRank - rank), half = n * (rank + added + 1);
        var extended = new double[2 * half];
        scaled[..Half].CopyTo(extended);
        scaled[Half..].CopyTo(extended.AsSpan(half));
        // ‖x‖² = r on each side: columns have the squared norm r/rank on average
        double size = NewColumnSize * Math.Sqrt(program.Radius / rank);
        for (int j = 0; j < added; j++)
        {
            int column = n * (rank + j + 1);
            for (int g = 0; g < n; g++)
            {
                extended[column + g] = -size * u[g + (j * n)] / (classifierScale * scaling[g]);
                extended[half + column + g] = program.Weights[g] == 0 ? 0 : size * vt[j + (g * n)] / (featureScale * scaling[g]);
            }
        }

        extendedRank = rank + added;
        return extended;
    }

    // Γ ← (I − QQᵀ)Γ with Q a basis of the span of U; Γ(I − QQᵀ) with one of V
    private void Deflate(double[] matrix, int half)
    {
        double[] vectors = new double[rank * rank], values = new double[rank];
        blas.SymmetricProduct(true, rank, n, 1, Core(point, half), n, 0, vectors, rank);
        blas.SymmetricEigen(rank, vectors, values);
        int first = 0;
        while (first < rank && !(values[first] > IndependentColumn * values[rank - 1]))
        {
            first++;
        }

        int kept = rank - first;
        if (kept == 0)
        {
            return;
        }

        for (int j = first; j < rank; j++)
        {
            Span<double> column = vectors.AsSpan(j * rank, rank);
            TensorPrimitives.Divide(column, Math.Sqrt(values[j]), column);
        }

        double[] basis = new double[n * kept], coefficients = new double[n * kept];
        blas.Multiply(false, false, n, kept, rank, 1, Core(point, half), n, vectors.AsSpan(first * rank), rank, 0, basis, n);
        if (half == 0)
        {
            blas.Multiply(true, false, kept, n, n, 1, basis, n, matrix, n, 0, coefficients, kept);
            blas.Multiply(false, false, n, n, kept, -1, basis, n, coefficients, kept, 1, matrix, n);
        }
        else
        {
            blas.Multiply(false, false, n, kept, n, 1, matrix, n, basis, n, 0, coefficients, n);
            blas.Multiply(false, true, n, n, kept, -1, coefficients, n, basis, n, 1, matrix, n);
        }
    }
}
