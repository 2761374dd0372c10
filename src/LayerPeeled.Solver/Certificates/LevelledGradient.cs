using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// Dual points from the singular values of the gradient: at an optimum the active ones all equal λ, so those within τ of λ are set to λ and
/// larger ones cut down to it. Angles are left as they are, which costs the gap only to second order; entries change in proportion to the
/// rows and columns they stand in, so that tiny probabilities stay positive. Only singular values near the largest matter, and for those the
/// eigenvalues of ΓᵀΓ are as accurate as a singular value decomposition, at half its cost; of a large matrix only those are computed.
/// </summary>
internal sealed class LevelledGradient
{
    private const int MaximumCandidates = 6;
    private const double SmallestTolerance = 1e-9;

    // Singular values that are looked at beside those of the directions that a point uses
    private const int MoreThanActive = 50;
    private readonly NuclearNormProgram program;
    private readonly GroupedMatrix gradient;
    private readonly double[] vectors;

    // The largest singular values or all of them, ascending
    private readonly double[] values;

    /// <param name="program">The program.</param>
    /// <param name="gradient">Γ.</param>
    /// <param name="directions">Columns that span about the active right singular vectors, for where not all are computed; empty if none are known.</param>
    public LevelledGradient(NuclearNormProgram program, GroupedMatrix gradient, ReadOnlySpan<double> directions = default)
    {
        this.program = program;
        this.gradient = gradient;
        int n = program.GroupCount;
        if (n > LeadingSingularValues.LargestFull && program.HasTargets)
        {
            var leading = LeadingSingularValues.Of(n, gradient.Core, directions, (directions.Length / n) + MoreThanActive);
            (values, vectors) = (leading.Values, leading.Vectors);
            return;
        }

        vectors = new double[MatrixShape.Length(n, n)];
        values = new double[n];
        // Squares must neither overflow nor underflow; a power of two changes no digit.
        double scale = MatrixShape.PowerOfTwoScale(gradient.Core);
        double[] scaled = new double[MatrixShape.Length(n, n)];
        TensorPrimitives.Multiply(gradient.Core, scale, scaled);
        LinearAlgebraProvider.Backend.SymmetricProduct(true, n, n, 1, scaled, n, 0, vectors, n);
        LinearAlgebraProvider.Backend.SymmetricEigen(n, vectors, values);
        for (int i = 0; i < n; i++)
        {
            values[i] = Math.Sqrt(Math.Max(0, values[i])) / scale;
        }
    }

    /// <summary>σ_max of the gradient, to rounding.</summary>
    public double LargestValue => Math.Max(values[^1], GroupedSpectrum.LargestSpread(gradient));

    /// <summary>
    /// Values of τ worth a try: which singular values count as active is not always clear near a collapse threshold, so the widest relative
    /// jumps of 1 − σ/λ come first.
    /// </summary>
    public IEnumerable<double> CandidateTolerances(double multiplier)
    {
        double[] distances = values.Concat(GroupedSpectrum.Spreads(gradient)).Where(value => value < multiplier)
            .Select(value => Math.Max(1 - (value / multiplier), SmallestTolerance)).Append(SmallestTolerance).Order().ToArray();
        return Enumerable.Range(0, distances.Length - 1)
            .Where(i => distances[i + 1] > 1.2 * distances[i])
            .OrderByDescending(i => distances[i + 1] / distances[i])
            .Take(MaximumCandidates)
            .Select(i => Math.Sqrt(distances[i] * distances[i + 1]))
            .DefaultIfEmpty(SmallestTolerance);
    }

    /// <summary>Y for one τ: singular values and spreads of at least λ(1 − τ) become λ.</summary>
    public GroupedMatrix Dual(double multiplier, double tolerance)
    {
        int n = program.GroupCount;
        GroupedMatrix dual = gradient.Clone();
        for (int g = 0; g < n; g++)
        {
            dual.Spread[g] = program.Sizes[g] == 1 ? 0 : Level(Math.Abs(gradient.Spread[g])) * Math.Sign(gradient.Spread[g]);
        }

        // Y = Γ + Σ_i (level(σ_i)/σ_i − 1)·Γ·v_i·v_iᵀ over the values that change, which are the largest
        int first = values.Length;
        while (first > 0 && Level(values[first - 1]) != values[first - 1])
        {
            first--;
        }

        int changed = values.Length - first;
        if (changed > 0)
        {
            IDenseBackend blas = LinearAlgebraProvider.Backend;
            double[] images = new double[MatrixShape.Length(n, changed)];
            blas.Multiply(false, false, n, changed, n, 1, gradient.Core, n, vectors.AsSpan(first * n), n, 0, images, n);
            for (int i = 0; i < changed; i++)
            {
                Span<double> image = images.AsSpan(i * n, n);
                TensorPrimitives.Multiply(image, (Level(values[first + i]) / values[first + i]) - 1, image);
            }

            blas.Multiply(false, true, n, n, changed, 1, images, n, vectors.AsSpan(first * n), n, 1, dual.Core, n);
        }

        return dual;

        double Level(double value) => value >= (1 - tolerance) * multiplier ? multiplier : value;
    }
}
