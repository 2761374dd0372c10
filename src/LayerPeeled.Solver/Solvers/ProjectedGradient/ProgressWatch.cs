namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>Tells when neither the value nor the stationarity has got better for a long time.</summary>
internal struct ProgressWatch(double value)
{
    // Without progress in so many iterations none is to be expected.
    private const int Patience = 500;
    private const double ValueProgress = 1e-13;
    private const double StationarityProgress = 0.7;
    private double value = value;
    private double stationarity = double.PositiveInfinity;
    private int idle;

    /// <summary>Takes note of a point; true when progress has ended.</summary>
    public bool HasEnded(double newValue, double newStationarity)
    {
        bool better = newValue < value - (ValueProgress * Math.Abs(value)) || newStationarity < StationarityProgress * stationarity;
        idle = better ? 0 : idle + 1;
        if (better)
        {
            value = Math.Min(value, newValue);
            stationarity = Math.Min(stationarity, newStationarity);
        }

        return idle >= Patience;
    }
}
