using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Kernels;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>
/// A model of ∇²φ(x̂) that is inverted by a handful of products. At x = (s, U; t, V) on the spheres the Hessian of the Lagrangian is
/// <code>
/// H = [[λI, Γ], [Γᵀ, λI]]  +  Σ_k d_k·q_k·q_kᵀ  +  what the other logits add
/// </code>
/// with the gradient Γ, and for the own logit of each group k its curvature d_k and its derivative q_k = (row k of (t, V); row k of (s, U)).
/// The first term is singular on the active directions, along which U and V grow alike, and the last is small against λ and even: its mean
/// c stands for it. The singular vectors of Γ then invert the first term plus c, and the Woodbury formula, with a matrix of the order of the
/// groups, adds the second. Singular values of Γ well below λ couple little and are left out.
/// </summary>
internal sealed partial class FactorPreconditioner : IFactorPreconditioner
{
    // Relative to λ. On long tails of 85 to 300 groups 0.5 takes no more conjugate-gradient steps than 0, 0.8 half as many again.
    private const double CouplingCut = 0.6;
    private const double SmallestRest = 1e-3;
    private readonly NuclearNormProgram program;
    private readonly IDenseBackend blas = LinearAlgebraProvider.Backend;
    private readonly int n;
    private readonly int rank;

    // U and V at the point, n×rank; Γ·v_i/σ_i and v_i of the coupled directions, n×coupled
    private readonly double[] classifier;
    private readonly double[] feature;
    private readonly double[] left;
    private readonly double[] right;
    private readonly double[] diagonal;
    private readonly double[] coupling;
    private readonly double[] woodbury;
    private readonly double[] rootCurvature;
    private readonly double[] spreadDiagonal;
    private readonly double[] spreadCoupling;
    private readonly double[] work;
    private readonly double[] image;
    private readonly double[] along;
    private readonly double[] inverseClassifierScaling;
    private readonly double[] inverseFeatureScaling;
    private readonly double[] biasCurvature;
    private int coupled;
    private double shift;
    private double size;

    public FactorPreconditioner(NuclearNormProgram program, int rank)
    {
        this.program = program;
        this.rank = rank;
        n = program.GroupCount;
        int square = MatrixShape.Length(n, n);
        classifier = new double[Half];
        feature = new double[Half];
        (left, right) = (new double[square], new double[square]);
        (diagonal, coupling) = (new double[n], new double[n]);
        woodbury = new double[square];
        rootCurvature = new double[n];
        (spreadDiagonal, spreadCoupling) = (new double[n], new double[n]);
        work = new double[MatrixShape.Length(2, Half)];
        image = new double[MatrixShape.Length(2, square)];
        along = new double[n];
        biasCurvature = program.Bias is null ? [] : new double[n];
        (inverseClassifierScaling, inverseFeatureScaling) = (new double[n], new double[n]);
    }

    private int Half => MatrixShape.Length(n, rank + 1L);

    /// <inheritdoc/>
    public void Update(FactorObjective objective)
    {
        double multiplier = objective.Multiplier;
        TensorPrimitives.Multiply(objective.Point(0), objective.Scale(0), classifier);
        TensorPrimitives.Multiply(objective.Point(1), objective.Scale(1), feature);
        TensorPrimitives.Reciprocal(objective.Scaling(0), inverseClassifierScaling);
        TensorPrimitives.Reciprocal(objective.Scaling(1), inverseFeatureScaling);
        size = objective.Value / multiplier;
        GroupedMatrix gradient = objective.Gradient;
        OwnCurvature(objective, multiplier);
        double largestRest = program.Model.Loss.ConstantCurvature is null ? 1 : double.PositiveInfinity;
        shift = 1 + Math.Clamp(OtherCurvature(gradient, multiplier), SmallestRest, largestRest);
        Decouple(gradient, multiplier);
        Woodbury(objective.Logits);
    }

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> x, Span<double> z, double classifierScale, double featureScale)
    {
        Unscale(x[..Half], size / classifierScale, inverseClassifierScaling, z[..Half]);
        Unscale(x[Half..(2 * Half)], size / featureScale, inverseFeatureScaling, z[Half..(2 * Half)]);
        SolveCoupled(z);
        // M⁻¹ = H₀⁻¹ − H₀⁻¹·Q·(1/d + Qᵀ·H₀⁻¹·Q)⁻¹·Qᵀ·H₀⁻¹
        Array.Clear(along);
        for (int i = 0; i <= rank; i++)
        {
            TensorPrimitives.MultiplyAdd(feature.AsSpan(i * n, n), z.Slice(i * n, n), along, along);
            TensorPrimitives.MultiplyAdd(classifier.AsSpan(i * n, n), z.Slice(Half + (i * n), n), along, along);
        }

        TensorPrimitives.Multiply(along, rootCurvature, along);
        SolveTriangular();
        TensorPrimitives.Multiply(along, rootCurvature, along);
        for (int i = 0; i <= rank; i++)
        {
            TensorPrimitives.Multiply(feature.AsSpan(i * n, n), along, work.AsSpan(i * n, n));
            TensorPrimitives.Multiply(classifier.AsSpan(i * n, n), along, work.AsSpan(Half + (i * n), n));
        }

        SolveCoupled(work);
        RowScaling.CombineAndScale(inverseClassifierScaling, 1, z[..Half], -1, work.AsSpan(0, Half), 1 / classifierScale, z[..Half]);
        Span<double> lower = z[Half..(2 * Half)];
        RowScaling.CombineAndScale(inverseFeatureScaling, 1, lower, -1, work.AsSpan(Half), 1 / featureScale, lower);
        for (int g = 0; g < biasCurvature.Length; g++)
        {
            z[(2 * Half) + g] = x[(2 * Half) + g] * size / biasCurvature[g];
        }
    }

    private void Unscale(ReadOnlySpan<double> x, double factor, double[] inverseScaling, Span<double> y)
    {
        for (int i = 0; i <= rank; i++)
        {
            RowScaling.Scale(factor, inverseScaling, x.Slice(i * n, n), y.Slice(i * n, n));
        }
    }

    // [[λ + c, Γ], [Γᵀ, λ + c]]⁻¹ in units of 1/λ: on a pair (û, v) with singular value σ it is [[a, −σ], [−σ, a]]/(a² − σ²), a = 1 + c
    private void Decouple(GroupedMatrix gradient, double multiplier)
    {
        var vectors = new double[n * n];
        var values = new double[n];
        TensorPrimitives.Multiply(gradient.Core, 1 / multiplier, left);
        blas.SymmetricProduct(true, n, n, 1, left, n, 0, vectors, n);
        blas.SymmetricEigen(n, vectors, values);
        int first = n;
        while (first > 0 && values[first - 1] > CouplingCut * CouplingCut)
        {
            first--;
        }

        coupled = n - first;
        vectors.AsSpan(first * n, coupled * n).CopyTo(right);
        blas.Multiply(false, false, n, coupled, n, 1, left, n, right, n, 0, image, n);
        for (int i = 0; i < coupled; i++)
        {
            double value = Math.Sqrt(values[first + i]), sigma = Math.Min(value, 1), determinant = (shift * shift) - (sigma * sigma);
            TensorPrimitives.Divide(image.AsSpan(i * n, n), value, left.AsSpan(i * n, n));
            diagonal[i] = sigma * sigma / (shift * determinant);
            coupling[i] = -sigma / determinant;
        }

        for (int g = 0; g < n; g++)
        {
            double alpha = program.Sizes[g] > 1 ? Math.Clamp(gradient.Spread[g] / multiplier, -1, 1) : 0, determinant = (shift * shift) - (alpha * alpha);
            spreadDiagonal[g] = shift / determinant;
            spreadCoupling[g] = -alpha / determinant;
        }
    }

    // Cholesky factor of I + √d·Qᵀ·H₀⁻¹·Q·√d. Entry (k, l): H₀⁻¹ between rows k and l, times the inner product of what stands there in q_k and q_l.
    private void Woodbury(GroupedMatrix logits)
    {
        double[] block = new double[n * n], inner = new double[n * n], scaled = new double[n * coupled];
        Gram(right, diagonal, classifier, woodbury);
        Gram(left, diagonal, feature, block);
        TensorPrimitives.Add(woodbury, block, woodbury);
        // û·diag·vᵀ between U and V, whose inner products are those of Zᵀ
        ScaleColumns(left, coupling, scaled);
        blas.Multiply(false, true, n, n, coupled, 1, scaled, n, right, n, 0, block, n);
        for (int l = 0; l < n; l++)
        {
            for (int k = 0; k <= l; k++)
            {
                double upper = block[k + (l * n)] * logits.Core[l + (k * n)], lower = block[l + (k * n)] * logits.Core[k + (l * n)];
                woodbury[k + (l * n)] += upper + lower;
                woodbury[l + (k * n)] = woodbury[k + (l * n)];
            }
        }

        for (int g = 0; g < n; g++)
        {
            double s = classifier[g], t = feature[g];
            woodbury[g * (n + 1)] += (spreadDiagonal[g] * ((s * s) + (t * t))) + (2 * spreadCoupling[g] * s * t);
        }

        for (int l = 0; l < n; l++)
        {
            RowScaling.Scale(rootCurvature[l], rootCurvature, woodbury.AsSpan(l * n, n), woodbury.AsSpan(l * n, n));
            woodbury[l * (n + 1)] += 1;
        }

        if (!blas.TryCholesky(n, woodbury))
        {
            throw new DecompositionException("The preconditioner of the Newton step is not positive definite.");
        }

        // (I/a + B·diag·Bᵀ) ∘ (X·Xᵀ)
        void Gram(double[] basis, double[] weights, double[] factor, double[] target)
        {
            ScaleColumns(basis, weights, scaled);
            blas.Multiply(false, true, n, n, coupled, 1, scaled, n, basis, n, 0, target, n);
            for (int g = 0; g < n; g++)
            {
                target[g * (n + 1)] += 1 / shift;
            }

            blas.SymmetricProduct(false, n, rank, 1, factor.AsSpan(n, n * rank), n, 0, inner, n);
            TensorPrimitives.Multiply(target, inner, target);
        }
    }

    private void ScaleColumns(double[] source, double[] factors, double[] target)
    {
        for (int i = 0; i < coupled; i++)
        {
            TensorPrimitives.Multiply(source.AsSpan(i * n, n), factors[i], target.AsSpan(i * n, n));
        }
    }

    // x ← H₀⁻¹·x, both halves
    private void SolveCoupled(Span<double> x)
    {
        for (int g = 0; g < n; g++)
        {
            double s = x[g], t = x[Half + g];
            x[g] = (spreadDiagonal[g] * s) + (spreadCoupling[g] * t);
            x[Half + g] = (spreadCoupling[g] * s) + (spreadDiagonal[g] * t);
        }

        Span<double> upper = x.Slice(n, n * rank), lower = x.Slice(Half + n, n * rank);
        Span<double> first = image.AsSpan(0, coupled * rank), second = image.AsSpan(coupled * rank, coupled * rank);
        blas.Multiply(true, false, coupled, rank, n, 1, left, n, upper, n, 0, first, coupled);
        blas.Multiply(true, false, coupled, rank, n, 1, right, n, lower, n, 0, second, coupled);
        for (int j = 0; j < rank; j++)
        {
            Span<double> a = first.Slice(j * coupled, coupled), b = second.Slice(j * coupled, coupled);
            for (int i = 0; i < coupled; i++)
            {
                (a[i], b[i]) = ((diagonal[i] * a[i]) + (coupling[i] * b[i]), (coupling[i] * a[i]) + (diagonal[i] * b[i]));
            }
        }

        blas.Multiply(false, false, n, rank, coupled, 1, left, n, first, coupled, 1 / shift, upper, n);
        blas.Multiply(false, false, n, rank, coupled, 1, right, n, second, coupled, 1 / shift, lower, n);
    }

    // along ← (L·Lᵀ)⁻¹·along
    private void SolveTriangular()
    {
        for (int j = 0; j < n; j++)
        {
            along[j] /= woodbury[j * (n + 1)];
            int below = (j * (n + 1)) + 1, count = n - j - 1;
            TensorPrimitives.MultiplyAdd(woodbury.AsSpan(below, count), -along[j], along.AsSpan(j + 1), along.AsSpan(j + 1));
        }

        for (int j = n - 1; j >= 0; j--)
        {
            int below = (j * (n + 1)) + 1, count = n - j - 1;
            along[j] = (along[j] - TensorPrimitives.Dot<double>(woodbury.AsSpan(below, count), along.AsSpan(j + 1))) / woodbury[j * (n + 1)];
        }
    }
}
