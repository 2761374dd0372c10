using System.Runtime.CompilerServices;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <content>What is done column by column, with numbers of the class of each.</content>
internal sealed unsafe partial class SampleHistory
{
    private double* SlopesOf(AlignedArray slope, int b) => slope.Pointer + ((nint)b * rows * block);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FetchSlopes(int b)
    {
        nint length = (nint)rows * block;
        ColumnScaling.Fetch(SlopesOf(trialSlopes, b), length);
        for (int j = 0; moving && j <= Steps; j++)
        {
            ColumnScaling.Fetch(SlopesOf(slopes[j], b), length);
        }
    }

    // Classes and runs of the columns of a block. Columns beyond the last belong to no run.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindRuns(Chunk chunk, int b)
    {
        Span<int> classes = chunk.Classes;
        classes.Clear();
        int column = b * block, end = Math.Min(column + block, program.ColumnCount), runs = 0;
        for (int k = ClassOf(column); column < end; k++)
        {
            (int first, int count) = program.ColumnsOf(k);
            int length = Math.Min(first + count, end) - column;
            if (length > 0)
            {
                chunk.Runs[runs++] = (k, column - (b * block), length);
                classes.Slice(column - (b * block), length).Fill(k);
                column += length;
            }
        }

        chunk.RunCount = runs;
    }

    // The number of its class for each column.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(Chunk chunk, double[] ofClass, double* target)
    {
        for (int run = 0; run < chunk.RunCount; run++)
        {
            (int k, int first, int count) = chunk.Runs[run];
            ColumnScaling.Fill(target + first, count, ofClass[k]);
        }
    }

    // γ_jk·g_j of the columns of a block, times a scale if there is one: steps from, …, to − 1 one after another.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GatherFactors(Chunk chunk, int b, int from, int to, double[]? scale)
    {
        double* target = chunk.Factors.Pointer, weight = chunk.Weights.Pointer;
        for (int j = from; j < to; j++, target += (nint)rows * block)
        {
            for (int run = 0; run < chunk.RunCount; run++)
            {
                (int k, int first, int count) = chunk.Runs[run];
                ColumnScaling.Fill(chunk.Weights.Pointer + first, count, factors[(j * classCount) + k] * (scale == null ? 1 : scale[k]));
            }

            ColumnScaling.Scale(rows, block, block, SlopesOf(slopes[j], b), weight, target);
        }
    }

    // z = S⁺·(logits + step) becomes g.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EvaluateLosses(Chunk chunk, double* slope)
    {
        double* weight = chunk.Weights.Pointer, losses = chunk.Sums.Pointer, logits = chunk.Derivatives.Pointer;
        for (int run = 0; run < chunk.RunCount; run++)
        {
            (int k, int first, int count) = chunk.Runs[run];
            ColumnScaling.Fill(chunk.Weights.Pointer + first, count, (moving ? trialScale[k] : 1) * program.LogitUnit(k));
        }

        ColumnScaling.ScaleSum(rows, block, block, chunk.Logits.Pointer, chunk.Step.Pointer, weight, logits);
        // z_K = 0 where only differences to it count
        ColumnScaling.Fill(logits + ((nint)rows * block), (classCount - rows) * block, 0);
        loss.Gradients(classCount, block, chunk.Classes, logits, block, losses);
        ColumnScaling.Fill(weight, block, 0);
        for (int run = 0; run < chunk.RunCount; run++)
        {
            (int k, int first, int count) = chunk.Runs[run];
            ColumnScaling.Fill(chunk.Weights.Pointer + first, count, program.LossWeights[k] * program.LogitUnit(k));
        }

        ColumnScaling.Scale(rows, block, block, logits, weight, slope);
        for (int run = 0; run < chunk.RunCount; run++)
        {
            (int k, int first, int count) = chunk.Runs[run];
            if (program.LossWeights[k] != 0)
            {
                chunk.ClassSums[(State.Losses * classCount) + k] += ColumnScaling.Sum(chunk.Sums.Pointer + first, count);
                continue;
            }

            // whatever the loss is there
            for (int i = 0; i < rows; i++)
            {
                ColumnScaling.Fill(slope + ((nint)i * block) + first, count, 0);
            }
        }
    }

    // The sums of each class; leaves S⁺·g in the place of the logits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumSlopes(Chunk chunk, double* slope)
    {
        double* logits = chunk.Logits.Pointer, sums = chunk.Sums.Pointer;
        ColumnScaling.Dots(rows, block, block, slope, logits, sums);
        Collect(chunk, State.OldLogits, moving ? scales.AsSpan(Steps * classCount, classCount) : []);
        if (moving)
        {
            ColumnScaling.Dots(rows, block, block, slope, chunk.Step.Pointer, sums);
            Collect(chunk, State.StepLogits, trialScale);
        }

        ColumnScaling.Dots(rows, block, block, slope, chunk.Images.Pointer, sums);
        Collect(chunk, State.Gram, []);
        ColumnScaling.Fill(chunk.Weights.Pointer, block, 1);
        if (moving)
        {
            Spread(chunk, trialScale, chunk.Weights.Pointer);
        }

        ColumnScaling.Scale(rows, block, block, slope, chunk.Weights.Pointer, logits);
    }

    // Adds the sums of the columns to those of their classes, times a scale of the class if there is one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(Chunk chunk, int place, ReadOnlySpan<double> scale)
    {
        for (int run = 0; run < chunk.RunCount; run++)
        {
            (int k, int first, int count) = chunk.Runs[run];
            double sum = ColumnScaling.Sum(chunk.Sums.Pointer + first, count);
            chunk.ClassSums[(place * classCount) + k] += scale.IsEmpty ? sum : scale[k] * sum;
        }
    }

    // The class of a column: the last that begins there or before it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ClassOf(int column)
    {
        int low = 0, high = classCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = program.ColumnsOf(middle).First <= column ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
