using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <content>What is done column by column, with numbers of the class of each.</content>
internal sealed unsafe partial class SampleHistory
{
    private double* SlopesOf(AlignedArray slope, int b) => slope.Pointer + ((nint)b * classCount * block);

    // Classes and runs of the columns of a block. Columns beyond the last belong to no run.
    private void FindRuns(Chunk chunk, int b)
    {
        chunk.Runs.Clear();
        Array.Clear(chunk.Classes);
        int column = b * block, end = Math.Min(column + block, program.ColumnCount);
        for (int k = ClassOf(column); column < end; k++)
        {
            (int first, int count) = program.ColumnsOf(k);
            int length = Math.Min(first + count, end) - column;
            if (length > 0)
            {
                chunk.Runs.Add((k, column - (b * block), length));
                Array.Fill(chunk.Classes, k, column - (b * block), length);
                column += length;
            }
        }
    }

    // The number of its class for each column.
    private static void Spread(Chunk chunk, ReadOnlySpan<double> ofClass, Span<double> target)
    {
        foreach ((int k, int first, int count) in chunk.Runs)
        {
            target.Slice(first, count).Fill(ofClass[k]);
        }
    }

    // γ_jk·g_j of the columns of a block, times a scale if there is one: steps from, …, to − 1 one after another.
    private void GatherFactors(Chunk chunk, int b, int from, int to, double[]? scale)
    {
        double* target = chunk.Factors.Pointer, weight = chunk.Weights.Pointer;
        for (int j = from; j < to; j++, target += (nint)classCount * block)
        {
            foreach ((int k, int first, int count) in chunk.Runs)
            {
                chunk.Weights.Span.Slice(first, count).Fill(factors[(j * classCount) + k] * (scale == null ? 1 : scale[k]));
            }

            ColumnScaling.Scale(classCount, block, block, SlopesOf(slopes[j], b), weight, target);
        }
    }

    // z = S⁺·(logits + step) becomes g.
    private void EvaluateLosses(Chunk chunk, double* slope)
    {
        double* weight = chunk.Weights.Pointer, losses = chunk.Sums.Pointer;
        foreach ((int k, int first, int count) in chunk.Runs)
        {
            chunk.Weights.Span.Slice(first, count).Fill((moving ? trialScale[k] : 1) * program.LogitUnit(k));
        }

        ColumnScaling.ScaleSum(classCount, block, block, chunk.Logits.Pointer, chunk.Step.Pointer, weight, slope);
        loss.Gradients(classCount, block, chunk.Classes, slope, block, losses);
        chunk.Weights.Span.Clear();
        foreach ((int k, int first, int count) in chunk.Runs)
        {
            chunk.Weights.Span.Slice(first, count).Fill(program.LossWeights[k] * program.LogitUnit(k));
        }

        ColumnScaling.Scale(classCount, block, block, slope, weight, slope);
        foreach ((int k, int first, int count) in chunk.Runs)
        {
            if (program.LossWeights[k] != 0)
            {
                chunk.ClassSums[(State.Losses * classCount) + k] += TensorPrimitives.Sum<double>(chunk.Sums.Span.Slice(first, count));
                continue;
            }

            // whatever the loss is there
            for (int i = 0; i < classCount; i++)
            {
                new Span<double>(slope + ((nint)i * block) + first, count).Clear();
            }
        }
    }

    // The sums of each class; leaves S⁺·g in the place of the logits.
    private void SumSlopes(Chunk chunk, double* slope)
    {
        double* logits = chunk.Logits.Pointer, sums = chunk.Sums.Pointer;
        ColumnScaling.Dots(classCount, block, block, slope, logits, sums);
        Collect(chunk, State.OldLogits, moving ? scales.AsSpan(Steps * classCount, classCount) : []);
        if (moving)
        {
            ColumnScaling.Dots(classCount, block, block, slope, chunk.Step.Pointer, sums);
            Collect(chunk, State.StepLogits, trialScale);
        }

        ColumnScaling.Dots(classCount, block, block, slope, chunk.Images.Pointer, sums);
        Collect(chunk, State.Gram, []);
        chunk.Weights.Span.Fill(1);
        if (moving)
        {
            Spread(chunk, trialScale, chunk.Weights.Span);
        }

        ColumnScaling.Scale(classCount, block, block, slope, chunk.Weights.Pointer, logits);
    }

    // Adds the sums of the columns to those of their classes, times a scale of the class if there is one.
    private void Collect(Chunk chunk, int place, ReadOnlySpan<double> scale)
    {
        foreach ((int k, int first, int count) in chunk.Runs)
        {
            double sum = TensorPrimitives.Sum<double>(chunk.Sums.Span.Slice(first, count));
            chunk.ClassSums[(place * classCount) + k] += scale.IsEmpty ? sum : scale[k] * sum;
        }
    }

    // The class of a column: the last that begins there or before it.
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
