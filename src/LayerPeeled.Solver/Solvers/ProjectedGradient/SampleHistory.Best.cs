using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Kernels;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <content>Features of points that are no longer or not yet in memory.</content>
internal sealed unsafe partial class SampleHistory
{
    /// <summary>Class by class and in true units: the point that was the best when it was accepted.</summary>
    public GroupedFactors BestFactors()
    {
        var classifier = new double[program.ClassifierLength];
        for (int i = 0; i < classCount; i++)
        {
            for (int r = 0; r < dimension; r++)
            {
                classifier[i + (r * classCount)] = bestClassifier[(i * stride) + r];
            }
        }

        var sums = new double[MatrixShape.Length(classCount, dimension)];
        if (best < 0)
        {
            program.SumColumns(elsewhere, sums);
        }
        else
        {
            SumColumns(best, sums);
        }

        return program.ToGroupedFactors(classifier, sums);
    }

    /// <summary>The features of the best point, p×N.</summary>
    public void CopyBestFeatures(Span<double> destination)
    {
        if (best < 0)
        {
            elsewhere.CopyTo(destination);
        }
        else
        {
            Materialise(best, destination);
        }
    }

    // Column sums of each class at point j, p×K.
    private void SumColumns(int point, Span<double> sums)
    {
        int count = point * rows;
        Parallel.For(0, chunks.Length, new ParallelOptions { MaxDegreeOfParallelism = LinearAlgebraProvider.Threads }, index =>
        {
            Chunk chunk = chunks[index];
            chunk.RowSums.Span.Clear();
            chunk.FactorSums.Span.Clear();
            for (int b = chunk.First; b < chunk.End; b++)
            {
                FindRuns(chunk, b);
                for (int run = 0; run < chunk.RunCount; run++)
                {
                    (int k, int first, int length) = chunk.Runs[run];
                    Span<double> sum = chunk.RowSums.Span.Slice(k * stride, dimension);
                    for (int c = first; c < first + length; c++)
                    {
                        TensorPrimitives.Add(sum, values.AsSpan(program.ClassifierLength + (((b * block) + c) * dimension), dimension), sum);
                    }

                    for (int i = 0; i < count; i++)
                    {
                        ReadOnlySpan<double> slope = slopes[i / rows].Span.Slice((((b * rows) + (i % rows)) * block) + first, length);
                        chunk.FactorSums.Span[(i * classStride) + k] += factors[(i / rows * classCount) + k] * TensorPrimitives.Sum(slope);
                    }
                }
            }
        });
        var total = new AlignedArray(MatrixShape.Length(classCount, stride));
        var factorTotal = new AlignedArray(chunks[0].FactorSums.Length);
        foreach (Chunk chunk in chunks)
        {
            TensorPrimitives.Add(total.Span, chunk.RowSums.Span, total.Span);
            TensorPrimitives.Add(factorTotal.Span, chunk.FactorSums.Span, factorTotal.Span);
        }

        ThinProduct.Combine(dimension, count, classifiers.Pointer, stride, factorTotal.Pointer, classStride, 1, classCount, total.Pointer, stride);
        for (int k = 0; k < classCount; k++)
        {
            TensorPrimitives.Multiply(total.Span.Slice(k * stride, dimension), scales[(point * classCount) + k], sums.Slice(k * dimension, dimension));
        }
    }

    // The features of point j.
    private void Materialise(int point, Span<double> destination)
    {
        fixed (double* source = &values[program.ClassifierLength], target = destination)
        {
            double* from = source, to = target;
            double[] scale = scales.AsSpan(point * classCount, classCount).ToArray();
            Parallel.For(0, chunks.Length, new ParallelOptions { MaxDegreeOfParallelism = LinearAlgebraProvider.Threads }, index =>
            {
                Chunk chunk = chunks[index];
                for (int b = chunk.First; b < chunk.End; b++)
                {
                    int first = b * block, count = Math.Min(block, program.ColumnCount - first), length = count * dimension;
                    double* h = to + ((nint)first * dimension);
                    new ReadOnlySpan<double>(from + ((nint)first * dimension), length).CopyTo(new Span<double>(h, length));
                    FindRuns(chunk, b);
                    WriteSteps(chunk, b, point, scale, count, h);
                }
            });
        }
    }
}
