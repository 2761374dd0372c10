using System.Buffers;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Programs;

/// <content>Value and gradient, column by column.</content>
public sealed partial class NuclearNormProgram
{
    // Columns are independent; from this many on, blocks of them are worth a thread.
    private const int LeastParallelGroups = 100;
    private const int ColumnBlock = 32;

    private double Evaluate(GroupedMatrix logits, GroupedMatrix? gradient)
    {
        int n = GroupCount, blocks = (n + ColumnBlock - 1) / ColumnBlock;
        double[] losses = ArrayPool<double>.Shared.Rent(n);
        int threads = n < LeastParallelGroups ? 1 : LinearAlgebraProvider.Backend.Threads;
        if (threads > 1)
        {
            EvaluateParallel(threads, blocks, logits, gradient, losses);
        }
        else
        {
            EvaluateColumns(0, n, logits, gradient, losses);
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

    private void EvaluateParallel(int threads, int blocks, GroupedMatrix logits, GroupedMatrix? gradient, double[] losses) =>
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, block =>
            EvaluateColumns(block * ColumnBlock, Math.Min(GroupCount, (block + 1) * ColumnBlock), logits, gradient, losses));

    // Loss and gradient of the columns from first to end − 1
    private void EvaluateColumns(int first, int end, GroupedMatrix logits, GroupedMatrix? gradient, double[] losses)
    {
        int n = GroupCount;
        ILoss loss = Model.Loss;
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

            multiplicities[h] -= 1;
            double own = ReadColumn(logits, h, column);
            if (gradient is null)
            {
                losses[h] = SizesArray[h] * WeightsArray[h] * loss.Value(own, column, multiplicities);
            }
            else
            {
                losses[h] = SizesArray[h] * WeightsArray[h] * loss.Gradient(own, column, multiplicities, out double ownGradient, derivative);
                WriteColumn(gradient, h, ownGradient, derivative);
            }

            multiplicities[h] += 1;
        }

        ArrayPool<double>.Shared.Return(rented);
    }
}
