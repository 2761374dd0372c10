using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Programs;

internal sealed unsafe partial class SampleHistory
{
    // One pass over the columns of a chunk, in blocks that stay in cache.
    private void SweepChunk(int index)
    {
        Chunk chunk = chunks[index];
        Array.Clear(chunk.RowSums);
        Array.Clear(chunk.FactorSums);
        Array.Clear(chunk.ClassSums);
        fixed (double* features = &values[program.ClassifierLength], trial = Trial.Classifier, stack = classifiers, product = products, square = gram)
        fixed (double* factor = chunk.Factors, logits = chunk.Logits, kept = chunk.Kept, step = chunk.Step)
        fixed (double* rowSums = chunk.RowSums, factorSums = chunk.FactorSums, newSlopes = trialSlopes)
        {
            int old = moving ? (Steps - packed) * classCount : 0, pending = moving ? old + classCount : 0;
            for (int first = chunk.First, end = chunk.First + chunk.Count; first < end; first += chunk.Block)
            {
                int count = Math.Min(chunk.Block, end - first);
                double* h = features + ((nint)first * dimension), g = newSlopes + ((nint)first * rows);
                if (packed > 0)
                {
                    // h₀ ← S·(h₀ + Σ_j γ_j·W_jᵀg_j)
                    GatherFactors(chunk, first, count, 0, packed);
                    ThinProduct.AddToColumns(
                        dimension, ThinProduct.PaddedRows(packed * classCount), stack, stride, count, h, dimension, factor, factorStride);
                    ScaleColumns(first, count, h, packScale);
                }

                // W⁺h₀, then W⁺ times the steps before the trial, and W⁺ times the trial's own
                ThinProduct.Dots(dimension, rows, trial, stride, count, h, dimension, logits, rows, packed > 0 ? 0 : ColumnsAhead);
                if (moving)
                {
                    GatherFactors(chunk, first, count, packed, Steps + 1);
                    if (old > 0)
                    {
                        ThinProduct.Dots(old, rows, product, factorStride, count, factor, factorStride, kept, rows);
                        TensorPrimitives.Add(chunk.Logits.AsSpan(0, count * rows), chunk.Kept.AsSpan(0, count * rows), chunk.Logits.AsSpan(0, count * rows));
                    }

                    ThinProduct.Dots(classCount, rows, product + old, factorStride, count, factor + old, factorStride, step, rows);
                }

                EvaluateLosses(chunk, first, count);
                // gᵀ(W⁺W⁺ᵀ)g
                ThinProduct.Dots(classCount, rows, square, rows, count, g, rows, kept, rows);
                SumSlopes(chunk, first, count);
                // ∇W = Σ S·g·(h₀ + Σ_j γ_j·W_jᵀg_j)ᵀ
                ThinProduct.AddToRows(dimension, rows, rowSums, stride, count, h, dimension, logits, rows);
                if (moving)
                {
                    ThinProduct.AddToRows(pending, rows, factorSums, factorStride, count, factor, factorStride, logits, rows);
                }
            }
        }
    }

    // γ_jk·g_j of the columns of a block, steps from, …, to − 1 side by side.
    private void GatherFactors(Chunk chunk, int first, int count, int from, int to)
    {
        int k = ClassOf(first);
        for (int c = 0; c < count; c++)
        {
            k = ClassAt(first + c, k);
            Span<double> target = chunk.Factors.AsSpan(c * factorStride, factorStride);
            for (int j = from; j < to; j++)
            {
                TensorPrimitives.Multiply(slopes[j].AsSpan((first + c) * rows, classCount), factors[(j * classCount) + k], target[..classCount]);
                target = target[classCount..];
            }

            target.Clear();
        }
    }

    private void ScaleColumns(int first, int count, double* h, double[] scale)
    {
        int k = ClassOf(first);
        for (int c = 0; c < count; c++)
        {
            k = ClassAt(first + c, k);
            if (scale[k] != 1)
            {
                var column = new Span<double>(h + ((nint)c * dimension), dimension);
                TensorPrimitives.Multiply(column, scale[k], column);
            }
        }
    }

    // z = S⁺·(logits + step) becomes g, the new slopes. Columns of one class stand together and are scaled together, padding included.
    private void EvaluateLosses(Chunk chunk, int first, int count)
    {
        ILoss loss = program.Model.Loss;
        for (int c = 0, k = ClassOf(first), length; c < count; c += length)
        {
            (k, length) = RunOf(first + c, count - c, k);
            double weight = program.LossWeights[k], unit = program.LogitUnit(k);
            Span<double> run = trialSlopes.AsSpan((first + c) * rows, length * rows);
            if (weight == 0)
            {
                run.Clear();
                continue;
            }

            ReadOnlySpan<double> kept = chunk.Logits.AsSpan(c * rows, length * rows);
            Span<double> logits = chunk.Kept.AsSpan(c * rows, length * rows);
            if (moving)
            {
                TensorPrimitives.Add(kept, chunk.Step.AsSpan(c * rows, length * rows), logits);
                TensorPrimitives.Multiply(logits, trialScale[k] * unit, logits);
            }
            else
            {
                TensorPrimitives.Multiply(kept, unit, logits);
            }

            double losses = 0;
            chunk.Multiplicities[k] = 0;
            for (int column = 0; column < run.Length; column += rows)
            {
                ReadOnlySpan<double> z = logits.Slice(column, classCount);
                losses += loss.Gradient(z[k], z, chunk.Multiplicities, out double own, run.Slice(column, classCount));
                run[column + k] = own;
            }

            chunk.Multiplicities[k] = 1;
            chunk.ClassSums[(State.Losses * classCount) + k] += losses;
            TensorPrimitives.Multiply(run, weight * unit, run);
        }
    }

    // The sums of each class; leaves S⁺·g in the place of the logits.
    private void SumSlopes(Chunk chunk, int first, int count)
    {
        Span<double> sums = chunk.ClassSums;
        for (int c = 0, k = ClassOf(first), length; c < count; c += length)
        {
            (k, length) = RunOf(first + c, count - c, k);
            ReadOnlySpan<double> slope = trialSlopes.AsSpan((first + c) * rows, length * rows);
            Span<double> logits = chunk.Logits.AsSpan(c * rows, length * rows);
            double scale = moving ? trialScale[k] : 1, before = moving ? scales[(Steps * classCount) + k] : 1;
            sums[(State.OldLogits * classCount) + k] += before * TensorPrimitives.Dot(slope, logits);
            if (moving)
            {
                sums[(State.StepLogits * classCount) + k] += scale * TensorPrimitives.Dot(slope, chunk.Step.AsSpan(c * rows, length * rows));
            }

            sums[(State.Gram * classCount) + k] += TensorPrimitives.Dot(slope, chunk.Kept.AsSpan(c * rows, length * rows));
            TensorPrimitives.Multiply(slope, scale, logits);
        }
    }

    // Column sums of each class at point j, p×K.
    private void SumColumns(int point, Span<double> sums)
    {
        Parallel.For(0, chunks.Length, new ParallelOptions { MaxDegreeOfParallelism = LinearAlgebraProvider.Threads }, index =>
        {
            Chunk chunk = chunks[index];
            Array.Clear(chunk.RowSums);
            Array.Clear(chunk.FactorSums);
            int k = ClassOf(chunk.First);
            for (int c = chunk.First; c < chunk.First + chunk.Count; c++)
            {
                k = ClassAt(c, k);
                Span<double> sum = chunk.RowSums.AsSpan(k * stride, dimension);
                TensorPrimitives.Add(sum, values.AsSpan(program.ClassifierLength + (c * dimension), dimension), sum);
                for (int j = 0; j < point; j++)
                {
                    Span<double> factor = chunk.FactorSums.AsSpan((k * factorStride) + (j * classCount), classCount);
                    TensorPrimitives.MultiplyAdd(slopes[j].AsSpan(c * rows, classCount), factors[(j * classCount) + k], factor, factor);
                }
            }
        });
        var total = new double[rows * stride];
        var factorTotal = new double[rows * factorStride];
        foreach (Chunk chunk in chunks)
        {
            TensorPrimitives.Add(total, chunk.RowSums, total);
            TensorPrimitives.Add(factorTotal, chunk.FactorSums, factorTotal);
        }

        fixed (double* target = total, stack = classifiers, factor = factorTotal)
        {
            ThinProduct.AddToColumns(
                dimension, ThinProduct.PaddedRows(point * classCount), stack, stride, classCount, target, stride, factor, factorStride);
        }

        for (int k = 0; k < classCount; k++)
        {
            TensorPrimitives.Multiply(total.AsSpan(k * stride, dimension), scales[(point * classCount) + k], sums.Slice(k * dimension, dimension));
        }
    }

    // The features of point j.
    private void Materialise(int point, Span<double> destination)
    {
        fixed (double* source = &values[program.ClassifierLength], target = destination, stack = classifiers)
        {
            double* from = source, to = target, classifier = stack;
            double[] scale = scales.AsSpan(point * classCount, classCount).ToArray();
            Parallel.For(0, chunks.Length, new ParallelOptions { MaxDegreeOfParallelism = LinearAlgebraProvider.Threads }, index =>
            {
                Chunk chunk = chunks[index];
                fixed (double* factor = chunk.Factors)
                {
                    for (int first = chunk.First, end = chunk.First + chunk.Count; first < end; first += chunk.Block)
                    {
                        int count = Math.Min(chunk.Block, end - first), length = count * dimension;
                        double* h = to + ((nint)first * dimension);
                        new ReadOnlySpan<double>(from + ((nint)first * dimension), length).CopyTo(new Span<double>(h, length));
                        GatherFactors(chunk, first, count, 0, point);
                        ThinProduct.AddToColumns(
                            dimension, ThinProduct.PaddedRows(point * classCount), classifier, stride, count, h, dimension, factor, factorStride);
                        ScaleColumns(first, count, h, scale);
                    }
                }
            });
        }
    }

    // The class of a column: the last that begins there or before it and has columns.
    private int ClassOf(int column)
    {
        int low = 0, high = classCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = program.ColumnsOf(middle).First <= column ? (middle, high) : (low, middle - 1);
        }

        return ClassAt(column, low);
    }

    // The class of a column and how many of the next columns, up to a limit, belong to it.
    private (int Class, int Length) RunOf(int column, int limit, int from)
    {
        int k = ClassAt(column, from);
        (int first, int count) = program.ColumnsOf(k);
        return (k, Math.Min(limit, first + count - column));
    }

    private int ClassAt(int column, int from)
    {
        while (true)
        {
            (int first, int count) = program.ColumnsOf(from);
            if (column < first + count)
            {
                return from;
            }

            from++;
        }
    }
}
