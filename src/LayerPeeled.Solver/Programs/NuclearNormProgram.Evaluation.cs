using System.Buffers;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <content>Value and gradient, column by column.</content>
public sealed partial class NuclearNormProgram
{
    // Columns are independent; from this many on, blocks of them are worth a thread.
    private const int LeastParallelGroups = 100;
    private const int ColumnBlock = 32;

    /// <summary>
    /// log u of the unit u in which f(Z) and its gradient are of order one where they are too small for a double: the largest of those of its columns,
    /// and 0 as soon as one of them is. Ordinary models pay for a single column.
    /// </summary>
    internal double LogUnit(GroupedMatrix logits)
    {
        if (Term is NuclearPenalty)
        {
            // The penalty has the unit 1, and keeps the losses that count in it.
            return 0;
        }

        int n = GroupCount;
        double[] rented = ArrayPool<double>.Shared.Rent(2 * n);
        Span<double> column = rented.AsSpan(0, n), multiplicities = rented.AsSpan(n, n);
        SizesArray.CopyTo(multiplicities);
        ColumnLosses losses = Losses(0);
        double largest = double.NegativeInfinity;
        for (int h = 0; h < n && largest < 0; h++)
        {
            if (WeightsArray[h] != 0)
            {
                int row = OwnRow(h);
                multiplicities[row] -= 1;
                double own = ReadColumn(logits, h, column);
                largest = Math.Max(largest, losses[h].LogUnit(own, column, multiplicities));
                multiplicities[row] += 1;
            }
        }

        ArrayPool<double>.Shared.Return(rented);
        return largest < 0 && double.IsFinite(largest) ? largest : 0;
    }

    /// <summary>f(Z)/u and its gradient, which may take the place of the logits.</summary>
    internal double GradientInUnit(GroupedMatrix logits, GroupedMatrix gradient, double logUnit) => Evaluate(logUnit, logits, gradient);

    private double Evaluate(double logUnit, GroupedMatrix logits, GroupedMatrix? gradient)
    {
        ColumnLosses loss = Losses(logUnit);
        int n = GroupCount, blocks = (n + ColumnBlock - 1) / ColumnBlock;
        double[] losses = ArrayPool<double>.Shared.Rent(n);
        int threads = n < LeastParallelGroups ? 1 : LinearAlgebraProvider.Backend.Threads;
        if (threads > 1)
        {
            EvaluateParallel(loss, threads, blocks, logits, gradient, losses);
        }
        else
        {
            EvaluateColumns(loss, 0, n, logits, gradient, losses);
        }

        // Column after column, whatever the number of threads
        double value = 0;
        for (int h = 0; h < n; h++)
        {
            value += losses[h];
        }

        ArrayPool<double>.Shared.Return(losses);
        return value;
    }

    private void EvaluateParallel(ColumnLosses loss, int threads, int blocks, GroupedMatrix logits, GroupedMatrix? gradient, double[] losses) =>
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, block =>
            EvaluateColumns(loss, block * ColumnBlock, Math.Min(GroupCount, (block + 1) * ColumnBlock), logits, gradient, losses));

    // Loss and gradient of the columns from first to end − 1
    private void EvaluateColumns(ColumnLosses loss, int first, int end, GroupedMatrix logits, GroupedMatrix? gradient, double[] losses)
    {
        int n = GroupCount;
        double[] rented = ArrayPool<double>.Shared.Rent(3 * n);
        Span<double> column = rented.AsSpan(0, n), derivative = rented.AsSpan(n, n), multiplicities = rented.AsSpan(2 * n, n);
        SizesArray.CopyTo(multiplicities);
        for (int h = first; h < end; h++)
        {
            losses[h] = 0;
            if (WeightsArray[h] == 0)
            {
                if (gradient is not null)
                {
                    gradient.Core.AsSpan(h * n, n).Clear();
                    gradient.Spread[h] = 0;
                }

                continue;
            }

            int row = OwnRow(h);
            multiplicities[row] -= 1;
            double own = ReadColumn(logits, h, column);
            if (gradient is null)
            {
                losses[h] = SizesArray[h] * WeightsArray[h] * loss[h].Value(own, column, multiplicities);
            }
            else
            {
                losses[h] = SizesArray[h] * WeightsArray[h] * loss[h].Gradient(own, column, multiplicities, out double ownGradient, derivative);
                WriteColumn(gradient, h, ownGradient, derivative);
            }

            multiplicities[row] += 1;
        }

        ArrayPool<double>.Shared.Return(rented);
    }
}
