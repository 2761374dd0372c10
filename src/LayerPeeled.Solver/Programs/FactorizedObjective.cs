using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Losses;

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

    /// <summary>Logarithm of the unit of the last value: 0, or negative where a loss too small for a double was asked for in its own unit.</summary>
    public double LogUnit { get; private set; }

    /// <summary>f at a point. Leaves G = ∇f(Z) behind for <see cref="Gradient"/>.</summary>
    /// <param name="point">W, then H.</param>
    /// <param name="inOwnUnit">Whether f and G are to be in units of e^{<see cref="LogUnit"/>}, which is chosen here.</param>
    public double Evaluate(ReadOnlySpan<double> point, bool inOwnUnit = false)
    {
        int k = program.Model.ClassCount, p = program.FeatureDimension, n = program.ColumnCount;
        // Z = W·H
        LinearAlgebraProvider.Backend.Multiply(
            false, false, k, n, p, 1, point[..program.ClassifierLength], k, point[program.ClassifierLength..], p, 0, logits, k);
        ColumnLosses losses = program.Losses;
        LogUnit = inOwnUnit ? LargestLogUnit(losses) : 0;
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

            ILoss loss = losses[own].InUnit(LogUnit);
            int row = program.OwnRow(own);
            multiplicities[row] = 0;
            for (int c = 0; c < count; c++)
            {
                // z_c becomes g_c = β_c·∇L(z_c), both in the units of the stored numbers
                Span<double> column = columns.Slice(c * k, k);
                TensorPrimitives.Multiply(column, unit, column);
                sum += loss.Gradient(column[row], column, multiplicities, out double ownSlope, slopes);
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

    // The unit of the sum is that of its largest term.
    private double LargestLogUnit(ColumnLosses losses)
    {
        int k = program.Model.ClassCount;
        double largest = double.NegativeInfinity;
        for (int own = 0; own < k && largest < 0; own++)
        {
            double unit = program.LogitUnit(own);
            (int first, int count) = program.ColumnsOf(own);
            multiplicities[own] = 0;
            for (int c = first; c < first + count && program.LossWeights[own] > 0 && largest < 0; c++)
            {
                TensorPrimitives.Multiply(logits.AsSpan(c * k, k), unit, slopes);
                largest = Math.Max(largest, losses[own].LogUnit(slopes[own], slopes, multiplicities));
            }

            multiplicities[own] = 1;
        }

        return double.IsFinite(largest) ? largest : 0;
    }
}
