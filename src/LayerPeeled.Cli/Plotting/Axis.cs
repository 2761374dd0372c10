namespace LayerPeeled.Cli.Plotting;

/// <summary>An axis: its title in the markup of <see cref="MarkedText"/>, its scale, and the coordinates at its ends.</summary>
internal sealed record Axis
{
    // An axis without extent is widened by this share of its coordinate.
    private const double Widening = 0.05;

    public Axis(string title, AxisScale scale, double minimum, double maximum)
    {
        if (!double.IsFinite(minimum) || !double.IsFinite(maximum))
        {
            (minimum, maximum) = (0, 1);
        }

        double margin = maximum > minimum ? 0 : Math.Max(Math.Abs(minimum) * Widening, scale == AxisScale.Linear ? 1e-6 : 0.5);
        (Title, Scale, Minimum, Maximum) = (title, scale, minimum - margin, maximum + margin);
    }

    public string Title { get; }

    public AxisScale Scale { get; }

    public double Minimum { get; }

    public double Maximum { get; }

    /// <summary>An axis that holds all given coordinates; NaN is left out.</summary>
    public static Axis Around(string title, AxisScale scale, IEnumerable<double> coordinates)
    {
        double[] finite = coordinates.Where(double.IsFinite).ToArray();
        return finite.Length == 0 ? new Axis(title, scale, 0, 1) : new Axis(title, scale, finite.Min(), finite.Max());
    }

    /// <summary>0 at the minimum, 1 at the maximum.</summary>
    public double Position(double coordinate) => (coordinate - Minimum) / (Maximum - Minimum);
}
