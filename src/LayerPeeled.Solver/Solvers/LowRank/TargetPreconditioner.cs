using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.LinearAlgebra.Kernels;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>
/// A model of ∇²φ(x̂) where targets are distributions, whose curvature is spread over many tokens of each context. At x = (U, V) on the spheres the Hessian of the Lagrangian is
/// <code>
/// H = [[λI, Γ], [Γᵀ, λI]]  +  Jᵀ·D·J,   J(dU, dV) = dU·Vᵀ + U·dVᵀ,   D_h = ω_h·(diag p_h − p_h·p_hᵀ) for each context h
/// </code>
/// In common coordinates q that make the averages of v_h·v_hᵀ and of the covariances of the u_j nearly diagonal together, the second term is taken for its diagonal, α_jq of token j and
/// β_hq of context h. What is left is one matrix [[λ + α_q, Γ], [Γᵀ, λ + β_q]] for each coordinate, inverted by the Woodbury formula in the singular directions of Γ next to λ: the others
/// couple little and are left out.
/// </summary>
internal sealed partial class TargetPreconditioner : IFactorPreconditioner
{
    // Relative to λ
    private const double CouplingCut = 0.6;

    // Coupled directions beside as many as there are columns
    private const int MoreThanColumns = 30;

    // Relative to λ: the first term is singular along the active directions, and far from the optimum, where columns die or grow, the second says little there: so many times the
    // stationarity, within limits. On 300 words of a text 5 times takes half the conjugate-gradient steps of a constant 1e-3.
    private const double CurvatureOfStationarity = 5;
    private const double SmallestCurvature = 1e-3;
    private const double LargestCurvature = 0.3;
    private readonly NuclearNormProgram program;
    private readonly IDenseBackend blas = LinearAlgebraProvider.Backend;
    private readonly int n;
    private readonly int rank;

    // The rotation of the common coordinates, rank×rank; 1 + α/λ and 1 + β/λ, n×rank
    private readonly double[] rotation;
    private readonly double[] classifierCurvature;
    private readonly double[] featureCurvature;
    private readonly double[] rotated;
    private readonly double[] work;
    private readonly double[] inverseClassifierScaling;
    private readonly double[] inverseFeatureScaling;

    // Γ·v_i/σ_i and v_i of the coupled directions, and σ_i/λ; for each coordinate two inverses, coupled×coupled
    private double[] left = [];
    private double[] right = [];
    private double[] sigma = [];
    private double[] first = [];
    private double[] second = [];

    // Of one application: coupled×rank for each half, and a column of them
    private double[] upperInner = [];
    private double[] lowerInner = [];
    private double[] inverseInner = [];
    private double[] restInner = [];
    private int coupled;
    private double size;

    public TargetPreconditioner(NuclearNormProgram program, int rank)
    {
        (this.program, this.rank) = (program, rank);
        n = program.GroupCount;
        int length = MatrixShape.Length(n, rank);
        rotation = new double[MatrixShape.Length(rank, rank)];
        (classifierCurvature, featureCurvature) = (new double[length], new double[length]);
        (rotated, work) = (new double[MatrixShape.Length(2, length)], new double[MatrixShape.Length(2, length)]);
        (inverseClassifierScaling, inverseFeatureScaling) = (new double[n], new double[n]);
    }

    private int Length => n * rank;

    /// <inheritdoc/>
    public void Update(FactorObjective objective)
    {
        TensorPrimitives.Reciprocal(objective.Scaling(0), inverseClassifierScaling);
        TensorPrimitives.Reciprocal(objective.Scaling(1), inverseFeatureScaling);
        size = objective.Value / objective.Multiplier;
        Span<double> classifier = work.AsSpan(0, Length), feature = work.AsSpan(Length);
        TensorPrimitives.Multiply(objective.Point(0)[n..], objective.Scale(0), classifier);
        TensorPrimitives.Multiply(objective.Point(1)[n..], objective.Scale(1), feature);
        Rotate(classifier, feature);
        Curvatures(objective.Gradient, objective.Multiplier, 1 + Math.Clamp(CurvatureOfStationarity * objective.Stationarity, SmallestCurvature, LargestCurvature));
        Couple(objective.Gradient, feature, objective.Multiplier);
        for (int q = 0; q < rank; q++)
        {
            Invert(q);
        }
    }

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> x, Span<double> z, double classifierScale, double featureScale)
    {
        int half = Length + n;
        z[..n].Clear();
        z.Slice(half, n).Clear();
        Span<double> upper = z.Slice(n, Length), lower = z.Slice(half + n, Length);
        RowScaling.Scale(inverseClassifierScaling, x.Slice(n, Length), upper);
        RowScaling.Scale(inverseFeatureScaling, x.Slice(half + n, Length), lower);
        Span<double> classifier = rotated.AsSpan(0, Length), feature = rotated.AsSpan(Length);
        blas.Multiply(false, false, n, rank, rank, size / classifierScale, upper, n, rotation, rank, 0, classifier, n);
        blas.Multiply(false, false, n, rank, rank, size / featureScale, lower, n, rotation, rank, 0, feature, n);
        SolveCoupled(classifier, feature);
        blas.Multiply(false, true, n, rank, rank, 1 / classifierScale, classifier, n, rotation, rank, 0, upper, n);
        blas.Multiply(false, true, n, rank, rank, 1 / featureScale, feature, n, rotation, rank, 0, lower, n);
        RowScaling.Scale(inverseClassifierScaling, upper, upper);
        RowScaling.Scale(inverseFeatureScaling, lower, lower);
    }

    private void Couple(GroupedMatrix gradient, ReadOnlySpan<double> feature, double multiplier)
    {
        var leading = LeadingSingularValues.Of(n, gradient.Core, feature, rank + MoreThanColumns);
        coupled = leading.Values.Count(value => value > CouplingCut * multiplier);
        right = leading.Vectors[^(coupled * n)..];
        left = new double[right.Length];
        sigma = new double[coupled];
        blas.Multiply(false, false, n, coupled, n, 1, gradient.Core, n, right, n, 0, left, n);
        for (int i = 0; i < coupled; i++)
        {
            double value = leading.Values[leading.Values.Length - coupled + i];
            TensorPrimitives.Divide(left.AsSpan(i * n, n), value, left.AsSpan(i * n, n));
            sigma[i] = Math.Min(1, value / multiplier);
        }

        int length = MatrixShape.Length((long)coupled * coupled, rank);
        if (first.Length < length)
        {
            (first, second) = (new double[length], new double[length]);
        }

        length = MatrixShape.Length(coupled, rank);
        if (upperInner.Length < length)
        {
            (upperInner, lowerInner) = (new double[length], new double[length]);
            (inverseInner, restInner) = (new double[coupled], new double[coupled]);
        }
    }

    // With F = Lᵀ·α⁻¹·L and G = Rᵀ·β⁻¹·R of one coordinate: F⁻¹ and (F⁻¹ − Σ·G·Σ)⁻¹
    private void Invert(int q)
    {
        int square = coupled * coupled;
        Span<double> inverse = first.AsSpan(q * square, square), rest = second.AsSpan(q * square, square);
        double[] scaled = new double[left.Length], roots = new double[n], factor = new double[square];
        Gram(left, classifierCurvature, inverse);
        InvertDefinite(inverse, factor);
        Gram(right, featureCurvature, rest);
        for (int j = 0; j < coupled; j++)
        {
            for (int i = 0; i < coupled; i++)
            {
                ref double entry = ref rest[i + (j * coupled)];
                entry = inverse[i + (j * coupled)] - (sigma[i] * sigma[j] * entry);
            }
        }

        InvertDefinite(rest, factor);

        void Gram(double[] directions, double[] curvature, Span<double> target)
        {
            for (int i = 0; i < n; i++)
            {
                roots[i] = 1 / Math.Sqrt(curvature[i + (q * n)]);
            }

            RowScaling.Scale(roots, directions, scaled);
            blas.SymmetricProduct(true, coupled, n, 1, scaled, n, 0, target, coupled);
        }
    }

    // A ← A⁻¹ = XᵀX with X = L⁻¹ of A = L·Lᵀ
    private void InvertDefinite(Span<double> a, double[] inverseFactor)
    {
        if (!blas.TryCholesky(coupled, a))
        {
            throw new DecompositionException("The preconditioner of the Newton step is not positive definite.");
        }

        Array.Clear(inverseFactor);
        for (int j = 0; j < coupled; j++)
        {
            Span<double> column = inverseFactor.AsSpan(j * coupled, coupled);
            column[j] = 1;
            for (int i = j; i < coupled; i++)
            {
                ReadOnlySpan<double> l = a.Slice(i * coupled, coupled);
                column[i] /= l[i];
                TensorPrimitives.MultiplyAdd(l[(i + 1)..], -column[i], column[(i + 1)..], column[(i + 1)..]);
            }
        }

        blas.SymmetricProduct(true, coupled, coupled, 1, inverseFactor, coupled, 0, a, coupled);
    }

    // [[α, L·Σ·Rᵀ], [R·Σ·Lᵀ, β]]⁻¹ in each coordinate: with f = Lᵀ·α⁻¹·x and g = Rᵀ·β⁻¹·y, t = F⁻¹·f and w = (F⁻¹ − Σ·G·Σ)⁻¹·(t − Σ·g),
    // x ← α⁻¹·(x − L·(t − F⁻¹·w)), y ← β⁻¹·(y − R·Σ·w)
    private void SolveCoupled(Span<double> x, Span<double> y)
    {
        TensorPrimitives.Divide(x, classifierCurvature, x);
        TensorPrimitives.Divide(y, featureCurvature, y);
        if (coupled == 0)
        {
            return;
        }

        Span<double> f = upperInner.AsSpan(0, coupled * rank), g = lowerInner.AsSpan(0, coupled * rank), t = inverseInner.AsSpan(0, coupled), w = restInner.AsSpan(0, coupled);
        blas.Multiply(true, false, coupled, rank, n, 1, left, n, x, n, 0, f, coupled);
        blas.Multiply(true, false, coupled, rank, n, 1, right, n, y, n, 0, g, coupled);
        int square = coupled * coupled;
        for (int q = 0; q < rank; q++)
        {
            Span<double> upper = f.Slice(q * coupled, coupled), lower = g.Slice(q * coupled, coupled);
            ReadOnlySpan<double> inverse = first.AsSpan(q * square, square), rest = second.AsSpan(q * square, square);
            blas.Multiply(false, false, coupled, 1, coupled, 1, inverse, coupled, upper, coupled, 0, t, coupled);
            TensorPrimitives.Multiply(lower, sigma, lower);
            TensorPrimitives.Subtract(t, lower, upper);
            blas.Multiply(false, false, coupled, 1, coupled, 1, rest, coupled, upper, coupled, 0, w, coupled);
            t.CopyTo(upper);
            blas.Multiply(false, false, coupled, 1, coupled, -1, inverse, coupled, w, coupled, 1, upper, coupled);
            TensorPrimitives.Multiply(w, sigma, lower);
        }

        Span<double> correction = work.AsSpan(0, Length);
        blas.Multiply(false, false, n, rank, coupled, 1, left, n, f, coupled, 0, correction, n);
        TensorPrimitives.Divide(correction, classifierCurvature, correction);
        TensorPrimitives.Subtract(x, correction, x);
        blas.Multiply(false, false, n, rank, coupled, 1, right, n, g, coupled, 0, correction, n);
        TensorPrimitives.Divide(correction, featureCurvature, correction);
        TensorPrimitives.Subtract(y, correction, y);
    }
}
