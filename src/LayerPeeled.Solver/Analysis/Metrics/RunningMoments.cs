using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>Welford's running mean and variance: never negative, exact zero variance for equal numbers.</summary>
internal struct RunningMoments
{
    private const int Block = 256;

    private long count;
    private double mean;
    private double squares;
    private double minimum;
    private double maximum;

    public void Add(double value)
    {
        if (count++ == 0)
        {
            mean = minimum = maximum = value;
            squares = value - value;
            return;
        }

        double delta = value - mean;
        mean += delta / count;
        squares += delta * (value - mean);
        minimum = Math.Min(minimum, value);
        maximum = Math.Max(maximum, value);
    }

    /// <summary>Adds numbers in blocks, whose moments are merged (Chan, Golub, LeVeque 1979). An infinite number makes the mean infinite and the deviation NaN.</summary>
    public void Add(ReadOnlySpan<double> values)
    {
        Span<double> buffer = stackalloc double[Block];
        for (; !values.IsEmpty; values = values[Math.Min(Block, values.Length)..])
        {
            ReadOnlySpan<double> block = values[..Math.Min(Block, values.Length)];
            double blockMean = TensorPrimitives.Sum(block) / block.Length;
            Span<double> centred = buffer[..block.Length];
            TensorPrimitives.Subtract(block, blockMean, centred);
            double blockSquares = TensorPrimitives.SumOfSquares<double>(centred), least = TensorPrimitives.Min(block), most = TensorPrimitives.Max(block);
            if (count == 0)
            {
                (count, mean, squares, minimum, maximum) = (block.Length, blockMean, blockSquares, least, most);
                continue;
            }

            double delta = blockMean - mean;
            squares += blockSquares + (delta * delta * count * block.Length / (count + block.Length));
            count += block.Length;
            mean = double.IsFinite(delta) ? mean + (delta * block.Length / count) : mean + blockMean;
            minimum = Math.Min(minimum, least);
            maximum = Math.Max(maximum, most);
        }
    }

    public readonly SummaryStatistics Summarise() => count == 0
        ? SummaryStatistics.Undefined
        : new SummaryStatistics(count, mean, Math.Sqrt(squares / count), minimum, maximum);
}
