using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>
/// One pass over features of data that belong to none of the classes, next to the class means: N·p·K operations, in double precision. The rows may be cut into calls as
/// one likes. Not thread-safe.
/// </summary>
public sealed class OutOfDistributionAccumulator
{
    private const int BlockRows = 512;

    private readonly VectorSet means;
    private readonly bool hasDirections;
    private readonly double[] block;
    private readonly double[] products;
    private readonly double[] sum;
    private RunningMoments deviations;
    private int pending;
    private long total;

    /// <summary>Prepares the pass.</summary>
    /// <param name="statistics">What the pass over the data of the classes found.</param>
    public OutOfDistributionAccumulator(FeatureStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        int p = statistics.Dimension;
        int[] present = [.. statistics.Present];
        var data = new double[MatrixShape.Length(present.Length, p)];
        for (int i = 0; i < present.Length; i++)
        {
            statistics.Means.Row(present[i]).AsArray().CopyTo(data.AsSpan(i * p, p));
        }

        means = new VectorSet(data, p, 0);
        hasDirections = !Enumerable.Range(0, means.Count).Any(means.Vanishes);
        block = new double[MatrixShape.Length(BlockRows, p)];
        products = new double[MatrixShape.Length(BlockRows, means.Count)];
        sum = new double[p];
    }

    /// <summary>Adds examples.</summary>
    /// <param name="rows">n×p numbers, row after row, finite.</param>
    /// <exception cref="ArgumentException">They are no whole rows, or a number is not finite; nothing was added then.</exception>
    public void Add(ReadOnlySpan<double> rows)
    {
        int p = means.Dimension;
        RowChecks.Require(rows, rows.Length / p, p, total);
        for (; !rows.IsEmpty; rows = rows[p..])
        {
            rows[..p].CopyTo(block.AsSpan(pending * p));
            Close();
        }
    }

    /// <summary>Adds examples in single precision.</summary>
    /// <param name="rows">n×p numbers, row after row, finite.</param>
    /// <exception cref="ArgumentException">They are no whole rows, or a number is not finite; nothing was added then.</exception>
    public void Add(ReadOnlySpan<float> rows)
    {
        int p = means.Dimension;
        RowChecks.Require(rows, rows.Length / p, p, total);
        for (; !rows.IsEmpty; rows = rows[p..])
        {
            TensorPrimitives.ConvertTruncating(rows[..p], block.AsSpan(pending * p, p));
            Close();
        }
    }

    /// <summary>The metrics of the rows so far. More may be added afterwards.</summary>
    /// <exception cref="InvalidOperationException">No rows were added.</exception>
    public OutOfDistributionMetrics ToMetrics()
    {
        if (total == 0)
        {
            throw new InvalidOperationException("No examples were added.");
        }

        Flush();
        double norm = TensorPrimitives.Norm<double>(sum);
        return new OutOfDistributionMetrics
        {
            SampleCount = total,
            MeanDeviation = hasDirections && norm > 0
                ? SummaryStatistics.Of(Enumerable.Range(0, means.Count).Select(k => Math.Min(1, Math.Abs(TensorPrimitives.Dot(means.Unit(k), sum) / norm))))
                : SummaryStatistics.Undefined,
            SampleDeviation = hasDirections ? deviations.Summarise() : SummaryStatistics.Undefined,
        };
    }

    private void Close()
    {
        total++;
        if (++pending == BlockRows)
        {
            Flush();
        }
    }

    private void Flush()
    {
        int p = means.Dimension, classes = means.Count;
        if (pending > 0)
        {
            LinearAlgebraProvider.Backend.Multiply(true, false, classes, pending, p, 1, means.Data, p, block, p, 0, products, classes);
        }

        for (int i = 0; i < pending; i++)
        {
            ReadOnlySpan<double> row = block.AsSpan(i * p, p);
            Span<double> product = products.AsSpan(i * classes, classes);
            TensorPrimitives.Add(sum, row, sum);
            double norm = TensorPrimitives.Norm(row);
            if (norm > 0)
            {
                TensorPrimitives.Divide(product, means.Norms, product);
                deviations.Add(Math.Min(1, TensorPrimitives.SumOfMagnitudes<double>(product) / (classes * norm)));
            }
        }

        pending = 0;
    }
}
