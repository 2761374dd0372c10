namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>Mean, standard deviation and range of some numbers. All NaN when there are none, or when one of them is undefined.</summary>
/// <param name="Count">How many numbers.</param>
/// <param name="Mean">Their average.</param>
/// <param name="StandardDeviation">Root of the mean squared deviation (divided by the count, as NumPy's <c>std</c>).</param>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest.</param>
public readonly record struct SummaryStatistics(long Count, double Mean, double StandardDeviation, double Minimum, double Maximum)
{
    internal static SummaryStatistics Undefined { get; } = new(0, double.NaN, double.NaN, double.NaN, double.NaN);

    internal static SummaryStatistics Of(IEnumerable<double> values)
    {
        var moments = new RunningMoments();
        foreach (double value in values)
        {
            moments.Add(value);
        }

        return moments.Summarise();
    }
}
