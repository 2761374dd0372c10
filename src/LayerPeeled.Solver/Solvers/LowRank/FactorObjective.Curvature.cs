using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.Solvers.LowRank;

// Second derivatives.
internal sealed partial class FactorObjective
{
    /// <summary>∇²φ(x̂)·d at the last evaluated point.</summary>
    /// <param name="slope">∇φ(x̂), from <see cref="Evaluate"/>.</param>
    /// <param name="scaledDirection">d.</param>
    /// <param name="product">Receives the product.</param>
    public void CurvatureProduct(ReadOnlySpan<double> slope, ReadOnlySpan<double> scaledDirection, Span<double> product)
    {
        direction ??= new double[2 * Half];
        logitDirection ??= program.CreateMatrix();
        gradientDirection ??= program.HasTargets ? logitDirection : program.CreateMatrix();
        // ξ = c·D·d, made tangent to the spheres at x = c·D·x̂; c is left out until the products take it in
        RowScaling.Scale(classifierScaling, scaledDirection[..Half], direction.AsSpan(0, Half));
        RowScaling.Scale(featureScaling, scaledDirection[Half..(2 * Half)], direction.AsSpan(Half));
        for (int half = 0; half < 2 && onSpheres; half++)
        {
            Span<double> part = direction.AsSpan(half * Half, Half);
            TensorPrimitives.MultiplyAdd(point.AsSpan(half * Half, Half), -AlongNormal(part, half), part, part);
        }

        // dZ = ξ_L·x_Rᵀ + x_L·ξ_Rᵀ
        double scale = classifierScale * featureScale;
        for (int g = 0; g < n; g++)
        {
            logitDirection.Spread[g] = inverseMultiplicity[g] * scale * ((direction[g] * point[Half + g]) + (point[g] * direction[Half + g]));
        }

        blas.Multiply(false, true, n, n, rank, scale, Core(direction, 0), n, Core(point, 1), n, 0, logitDirection.Core, n);
        blas.Multiply(false, true, n, n, rank, scale, Core(point, 0), n, Core(direction, 1), n, 1, logitDirection.Core, n);
        if (shifted is not null)
        {
            program.AddBias(logitDirection, scaledDirection[(2 * Half)..]);
        }

        program.CurvatureProductInUnit(gradient, logitDirection, gradientDirection, LogUnit, AllLogits);
        // Hessian on the spheres: P(dG·x + G·ξ + λξ)
        ApplyGradient(gradientDirection, point, featureScale, classifierScale, 0, image);
        ApplyGradient(gradient, direction, featureScale, classifierScale, 1, image);
        for (int half = 0; half < 2; half++)
        {
            Span<double> part = image.AsSpan(half * Half, Half);
            TensorPrimitives.MultiplyAdd(direction.AsSpan(half * Half, Half), Multiplier * Scale(half), part, part);
            RowScaling.CombineAndScale(
                Scaling(half), 1, part, -AlongNormal(part, half), point.AsSpan(half * Half, Half), Scale(half) / Value, product.Slice(half * Half, Half));
        }

        if (program.Bias is { } bias)
        {
            Span<double> tail = product[(2 * Half)..];
            program.BiasGradient(gradientDirection, tail);
            TensorPrimitives.MultiplyAdd(scaledDirection[(2 * Half)..], bias.Penalty, tail, tail);
            TensorPrimitives.Divide(tail, Value, tail);
        }

        // of the logarithm: H/f − ∇φ∇φᵀ
        TensorPrimitives.MultiplyAdd(slope, -TensorPrimitives.Dot(slope, scaledDirection), product, product);
    }
}
