using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Kernels;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.LowRank;

// The common coordinates, and the diagonal of the curvature in them.
internal sealed partial class TargetPreconditioner
{
    // Contexts whose probabilities are held at a time
    private const int Block = 128;

    // Eigenvectors of Σ_h ω_h·v_h·v_hᵀ and the covariance of the u_j under the shares of the tokens, each with trace 1, summed; U and V are left in those coordinates in `rotated`.
    private void Rotate(ReadOnlySpan<double> classifier, ReadOnlySpan<double> feature)
    {
        double[] shares = program.RowWeights(), weights = program.Weights.ToArray(), contexts = new double[rank * rank], tokens = new double[rank * rank], mean = new double[rank];
        for (int h = 0; h < n; h++)
        {
            weights[h] = Math.Sqrt(weights[h]) / program.FeatureRoots[h];
        }

        for (int i = 0; i < rank; i++)
        {
            ReadOnlySpan<double> column = classifier.Slice(i * n, n);
            mean[i] = TensorPrimitives.Dot<double>(column, shares);
        }

        double[] roots = Array.ConvertAll(shares, Math.Sqrt);
        RowScaling.Scale(weights, feature, rotated.AsSpan(0, Length));
        blas.SymmetricProduct(true, rank, n, 1, rotated.AsSpan(0, Length), n, 0, contexts, rank);
        RowScaling.Scale(roots, classifier, rotated.AsSpan(0, Length));
        blas.SymmetricProduct(true, rank, n, 1, rotated.AsSpan(0, Length), n, 0, tokens, rank);
        blas.Multiply(false, true, rank, rank, 1, -1, mean, rank, mean, rank, 1, tokens, rank);
        double contextTrace = 0, tokenTrace = 0;
        for (int i = 0; i < rank; i++)
        {
            contextTrace += contexts[i * (rank + 1)];
            tokenTrace += tokens[i * (rank + 1)];
        }

        TensorPrimitives.Multiply(contexts, 1 / contextTrace, contexts);
        TensorPrimitives.MultiplyAdd(tokens, 1 / tokenTrace, contexts, rotation);
        blas.SymmetricEigen(rank, rotation, mean);
        blas.Multiply(false, false, n, rank, rank, 1, classifier, n, rotation, rank, 0, rotated.AsSpan(0, Length), n);
        blas.Multiply(false, false, n, rank, rank, 1, feature, n, rotation, rank, 0, rotated.AsSpan(Length), n);
    }

    // α_jq = Σ_h ω_h·p_jh·(1 − p_jh)·v_hq² and β_hq = ω_h·(Σ_j p_jh·u_jq² − (Σ_j p_jh·u_jq)²), by blocks of contexts
    private void Curvatures(GroupedMatrix gradient, double multiplier, double least)
    {
        double[] block = new double[MatrixShape.Length(n, Math.Min(n, Block))], means = new double[MatrixShape.Length(Block, rank)], squares = new double[means.Length];
        double[] target = new double[n], classifierSquares = new double[Length], featureSquares = new double[Length];
        Span<double> classifier = rotated.AsSpan(0, Length), feature = rotated.AsSpan(Length);
        TensorPrimitives.Multiply(classifier, classifier, classifierSquares);
        TensorPrimitives.Multiply(feature, feature, featureSquares);
        Array.Fill(classifierCurvature, least);
        Array.Fill(featureCurvature, least);
        for (int start = 0; start < n; start += Block)
        {
            int width = Math.Min(Block, n - start);
            for (int c = 0; c < width; c++)
            {
                int h = start + c;
                Span<double> p = block.AsSpan(c * n, n);
                if (program.Weights[h] == 0)
                {
                    p.Clear();
                    continue;
                }

                // p = Γ·√ρ/ω + t
                program.Target(h, target);
                TensorPrimitives.MultiplyAdd(gradient.Core.AsSpan(h * n, n), program.FeatureRoots[h] / program.Weights[h], target, p);
                TensorPrimitives.Max(p, 0.0, p);
            }

            blas.Multiply(true, false, width, rank, n, 1, block, n, classifier, n, 0, means, width);
            blas.Multiply(true, false, width, rank, n, 1, block, n, classifierSquares, n, 0, squares, width);
            for (int c = 0; c < width; c++)
            {
                int h = start + c;
                double weight = program.Weights[h] / (program.FeatureRoots[h] * program.FeatureRoots[h] * multiplier);
                for (int q = 0; q < rank; q++)
                {
                    double mean = means[c + (q * width)];
                    featureCurvature[h + (q * n)] += weight * Math.Max(0, squares[c + (q * width)] - (mean * mean));
                }

                // p·(1 − p)·ω/λ
                Span<double> p = block.AsSpan(c * n, n);
                for (int j = 0; j < n; j++)
                {
                    p[j] *= weight * Math.Max(0, 1 - p[j]);
                }
            }

            blas.Multiply(false, false, n, rank, width, 1, block, n, featureSquares.AsSpan(start), n, 1, classifierCurvature, n);
        }
    }
}
