using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <content>Changes of the rank. φ does not change when both cores are rotated alike, and zero columns stay zero.</content>
internal sealed partial class FactorObjective
{
    // Columns that the gradient would grow, and those that are close to it, are added together.
    private const double NearlyGrowing = 0.98;
    private const double Growing = 1 + 1e-9;
    private const double NewColumnSize = 0.03;
    private const int MostGrowingPairs = 64;
    private const double IndependentColumn = 1e-12;

    // What a column takes from φ relative to the mean of all: below, it is roundoff.
    private const double NothingLeft = 1e-14;

    /// <summary>Columns of the cores.</summary>
    public int Rank => rank;

    /// <summary>
    /// x̂ without the columns, in any rotation, and the spreads that are small and dying. To first order φ falls when those go on whose span q has
    /// −⟨U·q, Γ·V·q⟩ &lt; λ·(‖U·q‖² + ‖V·q‖²)/2; left alone they shrink in proportion to their size, and quasi-Newton steps are long about it.
    /// </summary>
    /// <param name="scaled">x̂, the last evaluated point.</param>
    /// <param name="smallColumn">Only columns and spreads whose squared norm is smaller, relative to the largest column's, are looked at.</param>
    /// <param name="certainty">How much smaller than λ the pull has to be, 1 at an optimum: farther off Γ and λ are not final.</param>
    /// <param name="worthwhile">Columns are taken away, rather than set to zero, if at most this share of them stays; at 1 those that are zero go too.</param>
    /// <returns>Null if nothing is dying.</returns>
    public ShedPoint? WithoutDyingColumns(ReadOnlySpan<double> scaled, double smallColumn, double certainty, double worthwhile)
    {
        double[] basis = new double[MatrixShape.Length(rank, rank)], sizes = new double[rank];
        blas.SymmetricProduct(true, rank, n, classifierScale * classifierScale, Core(point, 0), n, 0, basis, rank);
        blas.SymmetricProduct(true, rank, n, featureScale * featureScale, Core(point, 1), n, 1, basis, rank);
        blas.SymmetricEigen(rank, basis, sizes);
        double small = smallColumn * sizes[rank - 1];
        int dying = PutDyingFirst(basis, sizes.AsSpan(0, sizes.Count(size => size < small)), certainty, worthwhile >= 1), kept = rank - dying;
        int keptRank = kept <= worthwhile * rank ? Math.Max(kept, 1) : rank;
        int half = MatrixShape.Length(n, keptRank + 1L);
        double[] result = new double[MatrixShape.Length(2, half) + (Dimension - (2 * Half))], removed = new double[MatrixShape.Length(2L * n, dying)];
        for (int i = 0; i < 2; i++)
        {
            ReadOnlySpan<double> source = scaled.Slice(i * Half, Half);
            Span<double> target = result.AsSpan(i * half, half), parts = removed.AsSpan(i * n * dying, n * dying);
            blas.Multiply(false, false, n, dying, rank, 1, source[n..], n, basis, rank, 0, parts, n);
            if (keptRank < rank)
            {
                source[..n].CopyTo(target);
                blas.Multiply(false, false, n, kept, rank, 1, source[n..], n, basis.AsSpan(dying * rank), rank, 0, target[n..], n);
                continue;
            }

            source.CopyTo(target);
            if (dying > 0)
            {
                // U ← U − U·Q·Qᵀ
                blas.Multiply(false, true, n, rank, dying, -1, parts, n, basis, rank, 1, target[n..], n);
            }
        }

        scaled[(2 * Half)..].CopyTo(result.AsSpan(2 * half));
        return ClearDyingSpreads(result, half, small, certainty) || dying > 0 ? new ShedPoint(result, keptRank, removed) : null;
    }

    /// <summary>Whether any of the columns taken out would grow from nothing at the last evaluated point: −⟨u, Γ·v⟩ ≥ certainty·λ·(‖u‖² + ‖v‖²)/2.</summary>
    /// <param name="removed"><see cref="ShedPoint.Removed"/>.</param>
    /// <param name="certainty">As there.</param>
    public bool WouldGrow(double[] removed, double certainty)
    {
        int length = removed.Length / 2, count = length / n;
        double[] scaledBack = new double[removed.Length], pulled = new double[length];
        for (int i = 0; i < 2 * count; i++)
        {
            RowScaling.Scale(Scale(i / count), Scaling(i / count), removed.AsSpan(i * n, n), scaledBack.AsSpan(i * n, n));
        }

        blas.Multiply(false, false, n, count, n, 1, gradient.Core, n, scaledBack.AsSpan(length), n, 0, pulled, n);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<double> u = scaledBack.AsSpan(i * n, n), v = scaledBack.AsSpan(length + (i * n), n);
            double size = TensorPrimitives.SumOfSquares(u) + TensorPrimitives.SumOfSquares(v);
            if (-TensorPrimitives.Dot(u, pulled.AsSpan(i * n, n)) >= 0.5 * certainty * Multiplier * size && size > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// x̂ with columns added along the singular pairs of −Γ outside the spans of U and V whose singular values exceed λ, and with the spreads
    /// that have died out and would grow: the directions in which a point that is stationary without them still decreases. Null if there are none.
    /// </summary>
    /// <param name="scaled">x̂, the last evaluated point.</param>
    /// <param name="largestRank">Columns there may be in all.</param>
    /// <param name="extendedRank">Columns that the cores have now.</param>
    public double[]? Extend(ReadOnlySpan<double> scaled, int largestRank, out int extendedRank)
    {
        // ‖x‖² = r on each side: columns have the squared norm r/rank on average
        double size = NewColumnSize * Math.Sqrt(Radius / Math.Max(rank, 1));
        double[] u = [], vt = [];
        int added = rank < largestRank ? Math.Min(GrowingPairs(out u, out vt), largestRank - rank) : 0;
        extendedRank = rank + added;
        int rows = vt.Length / n;
        int half = MatrixShape.Length(n, extendedRank + 1L);
        var extended = new double[MatrixShape.Length(2, half) + (Dimension - (2 * Half))];
        scaled[..Half].CopyTo(extended);
        scaled[Half..(2 * Half)].CopyTo(extended.AsSpan(half));
        scaled[(2 * Half)..].CopyTo(extended.AsSpan(2 * half));
        bool spreads = false;
        for (int g = 0; g < n; g++)
        {
            if (program.Weights[g] == 0 && !program.HasTargets)
            {
                continue;
            }

            double classifier = size / (classifierScale * classifierScaling[g]), feature = size / (featureScale * featureScaling[g]);
            if (inverseMultiplicity[g] > 0 && -gradient.Spread[g] > Growing * Multiplier && Math.Abs(scaled[g] * scaled[Half + g]) < classifier * feature)
            {
                (extended[g], extended[half + g]) = (classifier, feature);
                spreads = true;
            }

            for (int j = 0; j < added; j++)
            {
                int column = n * (rank + j + 1);
                extended[column + g] = -classifier * u[g + (j * n)];
                extended[half + column + g] = program.Weights[g] == 0 ? 0 : feature * vt[j + (g * rows)];
            }
        }

        return added > 0 || spreads ? extended : null;
    }

    // Rotates the first columns of the basis, those with the given sizes, so that the dying ones come first; returns how many they are.
    private int PutDyingFirst(double[] basis, ReadOnlySpan<double> sizes, double certainty, bool truncate)
    {
        int m = sizes.Length;
        if (m == 0)
        {
            return 0;
        }

        // −Qᵀ(UᵀΓV)Q − certainty·λ·Qᵀ(UᵀU + VᵀV)Q/2: its negative eigenvectors
        double[] left = new double[MatrixShape.Length(n, m)], right = new double[MatrixShape.Length(n, m)], growth = new double[MatrixShape.Length(m, m)], rates = new double[m];
        blas.Multiply(false, false, n, m, rank, 1, Core(point, 0), n, basis, rank, 0, left, n);
        blas.Multiply(false, false, n, m, rank, 1, Core(image, 0), n, basis, rank, 0, right, n);
        blas.Multiply(true, false, m, m, n, -classifierScale * featureScale, left, n, right, n, 0, growth, m);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < i; j++)
            {
                growth[i + (j * m)] = growth[j + (i * m)] = 0.5 * (growth[i + (j * m)] + growth[j + (i * m)]);
            }

            growth[i * (m + 1)] -= 0.5 * certainty * Multiplier * sizes[i];
        }

        blas.SymmetricEigen(m, growth, rates);
        double[] rotated = new double[MatrixShape.Length(rank, m)];
        blas.Multiply(false, false, rank, m, m, 1, basis, rank, growth, m, 0, rotated, rank);
        rotated.CopyTo(basis, 0);
        double nothing = NothingLeft * Radius * Multiplier / rank;
        return rates.Count(rate => rate < (truncate ? nothing : -nothing));
    }

    private bool ClearDyingSpreads(double[] scaled, int half, double small, double certainty)
    {
        bool cleared = false;
        double cross = classifierScale * featureScale;
        for (int g = 0; g < n; g++)
        {
            double classifier = classifierScale * point[g], feature = featureScale * point[Half + g], size = (classifier * classifier) + (feature * feature);
            if (size > 0 && size < small && -cross * point[g] * image[g] < 0.5 * certainty * Multiplier * size)
            {
                scaled[g] = scaled[half + g] = 0;
                cleared = true;
            }
        }

        return cleared;
    }

    // Singular pairs of the part of Γ outside the spans of U and V: how many of them to add, leading ones first.
    private int GrowingPairs(out double[] u, out double[] vt)
    {
        (u, vt) = ([], []);
        if (n > LeadingSingularValues.LargestFull && program.HasTargets)
        {
            return LeadingGrowingPairs(out u, out vt);
        }

        if (SpectralNorm.UpperBound(n, n, gradient.Core, Growing * Multiplier) <= Growing * Multiplier)
        {
            return 0;
        }

        double[] outside = (double[])gradient.Core.Clone();
        Deflate(outside, 0);
        Deflate(outside, 1);
        if (SpectralNorm.UpperBound(n, n, outside, Multiplier) <= Growing * Multiplier)
        {
            return 0;
        }

        (u, vt) = (new double[MatrixShape.Length(n, n)], new double[MatrixShape.Length(n, n)]);
        var values = new double[n];
        blas.SingularValueDecomposition(n, n, outside, u, values, vt);
        return values.Count(value => value > NearlyGrowing * Multiplier);
    }

    // The same without a whole decomposition: as many of them as are added at a time
    private int LeadingGrowingPairs(out double[] u, out double[] vt)
    {
        double[] outside = (double[])gradient.Core.Clone();
        Deflate(outside, 0);
        Deflate(outside, 1);
        var leading = LeadingSingularValues.Of(n, outside, [], MostGrowingPairs);
        int count = leading.Largest > Growing * Multiplier ? leading.Values.Count(value => value > NearlyGrowing * Multiplier) : 0;
        (u, vt) = (new double[MatrixShape.Length(n, count)], new double[MatrixShape.Length(count, n)]);
        double[] right = new double[u.Length];
        for (int j = 0; j < count; j++)
        {
            // Largest first
            int i = leading.Values.Length - 1 - j;
            TensorPrimitives.Divide(leading.Vectors.AsSpan(i * n, n), leading.Values[i], right.AsSpan(j * n, n));
            for (int g = 0; g < n; g++)
            {
                vt[j + (g * count)] = leading.Vectors[g + (i * n)];
            }
        }

        blas.Multiply(false, false, n, count, n, 1, outside, n, right, n, 0, u, n);
        return count;
    }

    // Γ ← (I − QQᵀ)Γ with Q a basis of the span of U; Γ(I − QQᵀ) with one of V
    private void Deflate(double[] matrix, int half)
    {
        double[] vectors = new double[MatrixShape.Length(rank, rank)], values = new double[rank];
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

        double[] basis = new double[MatrixShape.Length(n, kept)], coefficients = new double[MatrixShape.Length(n, kept)];
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
