namespace LayerPeeled.Data;

/// <summary>The exponential profile of long-tailed benchmark data sets (CIFAR-LT and its kin).</summary>
public static class LongTail
{
    // Largest relative rounding error of the power below; a value this close under an integer is that integer.
    private const double Rounding = 1e-13;

    /// <summary>n_k = ⌊n_max·ρ^{−k/(K−1)}⌋ for k = 0, …, K − 1: from n_max down to n_max/ρ.</summary>
    /// <param name="classCount">K, at least 2.</param>
    /// <param name="largestCount">n_max, the count of the first class: finite, at least 1.</param>
    /// <param name="ratio">ρ, the imbalance ratio of the first class to the last: at least 1; +∞ for examples in the first class only.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range; the message names it and its value.</exception>
    public static IReadOnlyList<double> Counts(int classCount, double largestCount, double ratio)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        RequireAtLeastOne(largestCount, nameof(largestCount));
        if (!double.IsPositiveInfinity(ratio))
        {
            RequireAtLeastOne(ratio, nameof(ratio));
        }

        var counts = new double[classCount];
        for (int k = 0; k < classCount; k++)
        {
            double exact = k == classCount - 1 ? largestCount / ratio : largestCount * Math.Pow(ratio, -(double)k / (classCount - 1));
            double nearest = Math.Round(exact);
            counts[k] = Math.Abs(exact - nearest) <= Rounding * nearest ? nearest : Math.Floor(exact);
        }

        return counts;
    }

    private static void RequireAtLeastOne(double value, string name)
    {
        if (!(value >= 1) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "A finite number of at least 1 is needed.");
        }
    }
}
