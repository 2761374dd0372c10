namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>Welford's running mean and variance: never negative, exact zero variance for equal numbers.</summary>
internal struct RunningMoments
{
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

    public readonly SummaryStatistics Summarise() => count == 0
        ? SummaryStatistics.Undefined
        : new SummaryStatistics(count, mean, Math.Sqrt(squares / count), minimum, maximum);
}
