using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// f(W, H) = Σ_c β_c·L(W·h_c, class of c) and its gradient, with the buffers of one solve. Points are one array: W (K×p, column-major),
/// then H (p×N, column-major). Allocates nothing after construction; not thread-safe.
/// </summary>
internal sealed class FactorizedObjective
{
    private readonly FactorizedProgram program;
    private readonly double[] logits;
    private readonly double[] slopes;
    private readonly double[] multiplicities;

    public FactorizedObjective(FactorizedProgram program)
    {
        this.program = program;
        int k = program.Model.ClassCount;
        logits = new double[MatrixShape.Length(k, program.ColumnCount)];
        slopes = new double[k];
        multiplicities = new double[k];
        Array.Fill(multiplicities, 1);
    }

    /// <summary>f at a point. Leaves G = ∇f(Z) behind for <see cref="Gradient"/>.</summary>
    public double Evaluate(ReadOnlySpan<double> point)
    {
        int k = program.Model.ClassCount, p = program.FeatureDimension, n = program.ColumnCount;
        // Z = W·H
        LinearAlgebraProvider.Backend.Multiply(
            false, false, k, n, p, 1, point[..program.ClassifierLength], k, point[program.ClassifierLength..], p, 0, logits, k);
        ColumnLosses losses = program.Losses;
        double value = 0;
        for (int own = 0; own < k; own++)
        {
            double weight = program.LossWeights[own], unit = program.LogitUnit(own), sum = 0;
            (int first, int count) = program.ColumnsOf(own);
            Span<double> columns = logits.AsSpan(first * k, count * k);
            if (weight == 0)
            {
                columns.Clear();
                continue;
            }

            int row = program.OwnRow(own);
            multiplicities[row] = 0;
            for (int c = 0; c < count; c++)
            {
                // z_c becomes g_c = β_c·∇L(z_c), both in the units of the stored numbers
                Span<double> column = columns.Slice(c * k, k);
                TensorPrimitives.Multiply(column, unit, column);
                sum += losses[own].Gradient(column[row], column, multiplicities, out double ownSlope, slopes);
                TensorPrimitives.Multiply(slopes, weight * unit, column);
                column[row] = weight * unit * ownSlope;
            }

            multiplicities[row] = 1;
            value += weight * sum;
        }

        return value;
    }

    /// <summary>scale·∇f at the point that was last evaluated: ∇_W = G·Hᵀ, ∇_H = Wᵀ·G.</summary>
    public void Gradient(ReadOnlySpan<double> point, double scale, Span<double> gradient)
    {
        int k = program.Model.ClassCount, p = program.FeatureDimension, n = program.ColumnCount;
        ReadOnlySpan<double> classifier = point[..program.ClassifierLength], features = point[program.ClassifierLength..];
        LinearAlgebraProvider.Backend.Multiply(false, true, k, p, n, scale, logits, k, features, p, 0, gradient[..program.ClassifierLength], k);
        LinearAlgebraProvider.Backend.Multiply(true, false, p, n, k, scale, classifier, k, logits, k, 0, gradient[program.ClassifierLength..], p);
    }
}
