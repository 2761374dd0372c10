using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <content>The pass over the features.</content>
internal sealed unsafe partial class SampleHistory
{
    private void Sweep()
    {
        int pending = moving ? (Steps + 1 - packed) * rows : 0;
        double* stack = classifiers.Pointer + ((nint)packed * rows * stride), trial = trialClassifier.Pointer;
        TakeClassifier();
        // W_j·W⁺ᵀ and W⁺·W⁺ᵀ
        ThinProduct.Dots(dimension, pending, stack, stride, rows, trial, stride, products.Pointer, classStride);
        ThinProduct.Dots(dimension, rows, trial, stride, rows, trial, stride, gram.Pointer, classStride);
        int threads = Math.Min(LinearAlgebraProvider.Threads, Environment.ProcessorCount);
        if (threads > 1)
        {
            Parallel.For(0, chunks.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, sweepChunk);
        }
        else
        {
            for (int i = 0; i < chunks.Length; i++)
            {
                SweepChunk(i);
            }
        }

        Collect(pending);
        Passes = packed > 0 ? (Passes.Reads, Passes.Writes + 1) : (Passes.Reads + 1, Passes.Writes);
        if (packed > 0)
        {
            Shift();
        }
    }

    // W of the trial point, less its last row where only differences count.
    private void TakeClassifier()
    {
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<double> row = Trial.Classifier.AsSpan(i * stride, stride);
            Span<double> target = trialClassifier.Span.Slice(i * stride, stride);
            if (rows < classCount)
            {
                TensorPrimitives.Subtract(row, Trial.Classifier.AsSpan(rows * stride, stride), target);
            }
            else
            {
                row.CopyTo(target);
            }
        }
    }

    // The columns of a chunk in blocks that stay in cache.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SweepChunk(int index)
    {
        Chunk chunk = chunks[index];
        ColumnScaling.Fill(chunk.RowSums.Pointer, chunk.RowSums.Length, 0);
        ColumnScaling.Fill(chunk.FactorSums.Pointer, chunk.FactorSums.Length, 0);
        Array.Clear(chunk.ClassSums);
        fixed (double* features = &values[program.ClassifierLength])
        {
            for (int b = chunk.First; b < chunk.End; b++)
            {
                int count = Math.Min(block, program.ColumnCount - (b * block));
                SweepBlock(chunk, b, count, features + ((nint)b * block * dimension), b + 1 < chunk.End);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SweepBlock(Chunk chunk, int b, int count, double* h, bool fetchNext)
    {
        int old = moving ? (Steps - packed) * rows : 0, pending = moving ? old + rows : 0;
        double* factor = chunk.Factors.Pointer, logits = chunk.Logits.Pointer, step = chunk.Step.Pointer;
        // The next block is fetched evenly along the two products that read this one.
        double* next = fetchNext ? h + ((nint)count * dimension) : null, later = fetchNext ? next + ((nint)count * dimension / 2) : null;
        if (fetchNext)
        {
            FetchSlopes(b + 1);
        }

        FindRuns(chunk, b);
        if (packed > 0)
        {
            WriteSteps(chunk, b, packed, packScale, count, h);
        }

        // W⁺h₀, then W⁺ times the steps before the trial, and W⁺ times the trial's own
        ThinProduct.Dots(dimension, rows, trialClassifier.Pointer, stride, count, h, dimension, logits, block, next: next);
        if (moving)
        {
            GatherFactors(chunk, b, packed, Steps + 1, null);
            if (old > 0)
            {
                ThinProduct.Combine(block, old, factor, block, products.Pointer, classStride, 1, rows, logits, block);
            }

            ColumnScaling.Fill(step, rows * block, 0);
            ThinProduct.Combine(
                block, rows, factor + ((nint)old * block), block, products.Pointer + ((nint)old * classStride), classStride, 1, rows, step, block);
        }

        double* slope = SlopesOf(trialSlopes, b);
        EvaluateLosses(chunk, slope);
        // gᵀ(W⁺W⁺ᵀ)g
        ColumnScaling.Fill(chunk.Images.Pointer, rows * block, 0);
        ThinProduct.Combine(block, rows, slope, block, gram.Pointer, classStride, 1, rows, chunk.Images.Pointer, block);
        SumSlopes(chunk, slope);
        // ∇W = Σ S·g·(h₀ + Σ_j γ_j·W_jᵀg_j)ᵀ
        ThinProduct.Combine(dimension, count, h, dimension, logits, 1, block, rows, chunk.RowSums.Pointer, stride, next: later);
        ThinProduct.Dots(count, pending, factor, block, rows, logits, block, chunk.FactorSums.Pointer, classStride, add: true);
    }

    // h₀ ← S·(h₀ + Σ_j γ_j·W_jᵀg_j)
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteSteps(Chunk chunk, int b, int steps, double[] scale, int count, double* h)
    {
        GatherFactors(chunk, b, 0, steps, scale);
        Spread(chunk, scale, chunk.Weights.Pointer);
        // A few columns at a time, so that features are read and written in order.
        for (int c = 0; c < count; c += ThinProduct.LargestTile)
        {
            ThinProduct.Combine(
                dimension, steps * rows, classifiers.Pointer, stride, chunk.Factors.Pointer + c, block, 1, Math.Min(ThinProduct.LargestTile, count - c),
                h + ((nint)c * dimension), dimension, chunk.Weights.Pointer + c);
        }
    }

    // Sums of the chunks, in order.
    private void Collect(int pending)
    {
        State target = Trial;
        target.Clear();
        AlignedArray factorSums = chunks[0].FactorSums;
        foreach (Chunk chunk in chunks)
        {
            TensorPrimitives.Add(target.Gradient, chunk.RowSums.Span, target.Gradient);
            TensorPrimitives.Add(target.ClassSums, chunk.ClassSums, target.ClassSums);
            if (chunk != chunks[0])
            {
                TensorPrimitives.Add(factorSums.Span, chunk.FactorSums.Span, factorSums.Span);
            }
        }

        double value = 0;
        for (int k = 0; k < classCount; k++)
        {
            value += program.LossWeights[k] * target.ClassSums[(State.Losses * classCount) + k];
            // ⟨z, g⟩ with z = α·y + S⁺·v
            double own = target.SlopeOldLogits[k] * (moving ? trialScale[k] / scales[(Steps * classCount) + k] : 1);
            target.SlopeLogits[k] = own + target.SlopeStepLogits[k];
        }

        target.Value = value;
        fixed (double* gradient = target.Gradient)
        {
            ThinProduct.Combine(
                dimension, pending, classifiers.Pointer + ((nint)packed * rows * stride), stride,
                factorSums.Pointer, classStride, 1, rows, gradient, stride);
        }

        if (rows < classCount)
        {
            // Σ_i ∂f/∂z_i = 0
            Span<double> last = target.Gradient.AsSpan(rows * stride, stride);
            for (int i = 0; i < rows; i++)
            {
                TensorPrimitives.Subtract(last, target.Gradient.AsSpan(i * stride, stride), last);
            }
        }
    }

    // The first steps are in h₀ now.
    private void Shift()
    {
        int left = Steps - packed;
        classifiers.Span.Slice(packed * rows * stride, (left + 1) * rows * stride).CopyTo(classifiers.Span);
        Array.Copy(factors, packed * classCount, factors, 0, (left + 1) * classCount);
        Array.Copy(scales, packed * classCount, scales, 0, (left + 1) * classCount);
        for (int j = 0; j <= left; j++)
        {
            (slopes[j], slopes[j + packed]) = (slopes[j + packed], slopes[j]);
        }

        best = best < 0 ? best : best - packed;
        Steps = left;
        packed = 0;
    }
}
